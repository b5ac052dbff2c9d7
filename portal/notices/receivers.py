"""What happens to accounts, told to their owners."""

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.records import UserDevice
from portal.accounts.signals import new_device, second_factor_changed
from portal.notices import services
from portal.notices.registry import NoticeKind, register
from portal.workdays import clock

KINDS = (
    NoticeKind(
        "new_device",
        _("Sign-in from a new device"),
        _(
            "On %(seen_on)s at %(time)s somebody signed in to your account with a device not seen before: %(device)s, "
            "address %(address)s. If it was not you, change your password and sign out everywhere."
        ),
        ("seen_on", "time", "device", "address"),
    ),
    NoticeKind(
        "second_factor_added",
        _("A second factor was added"),
        _(
            "On %(done_on)s at %(time)s a second factor was added to your account: %(factor)s. If it was not you, tell "
            "the system administrator at once."
        ),
        ("done_on", "time", "factor"),
    ),
    NoticeKind(
        "second_factor_removed",
        _("A second factor was removed"),
        _(
            "On %(done_on)s at %(time)s a second factor was removed from your account: %(factor)s. If it was not you, "
            "tell the system administrator at once."
        ),
        ("done_on", "time", "factor"),
    ),
)


def connect() -> None:
    """Listen to the floor below; called once, in `AppConfig.ready()`."""
    register(*KINDS)
    new_device.connect(_new_device, dispatch_uid="notices.new_device")
    second_factor_changed.connect(_second_factor, dispatch_uid="notices.second_factor")


def _new_device(sender: object, user: User, device: UserDevice, **kwargs: Any) -> None:
    at = device.first_seen_at.astimezone(clock.zone())
    services.queue(
        "new_device",
        to=[user],
        url=reverse("usersessions_list"),
        seen_on=at.date().isoformat(),
        time=f"{at:%H:%M}",
        device=device.label,
        address=device.address,
    )


def _second_factor(sender: object, user: User, added: bool, factor: Any, **kwargs: Any) -> None:
    at = clock.now().astimezone(clock.zone())
    services.queue(
        "second_factor_added" if added else "second_factor_removed",
        to=[user],
        url=reverse("mfa_index"),
        done_on=at.date().isoformat(),
        time=f"{at:%H:%M}",
        factor=_in_both(factor),
    )


def _in_both(text: Any) -> dict[str, str]:
    words = {}
    for code in ("en", "zh-hans"):
        with translation.override(code):
            words[code] = str(text)
    return words
