"""A broken log, told to those who supervise."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Grant, User
from portal.accounts.roles import Role
from portal.audit.models import Verification
from portal.audit.signals import flaw_found
from portal.notices import services
from portal.notices.registry import NoticeKind, register
from portal.workdays import clock

KINDS = (
    NoticeKind(
        "log_broken",
        _("The log is broken at entry %(seq)s"),
        _(
            "On %(found_on)s the check of the log found a flaw at entry %(seq)s. Keep the anchors that were mailed or printed, "
            "and tell whoever runs the portal at once."
        ),
        ("seq", "found_on"),
        formal=True,
    ),
)


def connect() -> None:
    """Listen to the floor below; called once, in `AppConfig.ready()`."""
    register(*KINDS)
    flaw_found.connect(_found, dispatch_uid="notices.flaw_found")


def _found(sender: object, verification: Verification, **kwargs: Any) -> None:
    held = Grant.objects.in_force().filter(role__in=(Role.AUDITOR, Role.SECURITY_ADMIN), user__is_active=True)
    services.queue(
        "log_broken",
        to=User.objects.filter(pk__in=held.values("user_id")),
        url=reverse("accounts:chain"),
        seq=verification.flaw_seq,
        found_on=verification.at.astimezone(clock.zone()).date().isoformat(),
    )
