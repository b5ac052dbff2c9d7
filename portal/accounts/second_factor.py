"""Who must have a second factor, and what follows when one is added or removed."""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_used
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _

from portal.accounts import sessions, signals
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import services as audit

# Those who see, decide or change what concerns many people.
DEMANDED = (
    Role.COORDINATOR,
    Role.HEAD,
    Role.CASE_OFFICER,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDITOR,
)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NAMES = {
    Authenticator.Type.TOTP: _("app with one-time codes"),
    Authenticator.Type.WEBAUTHN: _("passkey"),
    Authenticator.Type.RECOVERY_CODES: _("recovery codes"),
}
# In the session of who has a factor, so that it is not asked for at each request.
HELD = "second_factor"


def is_demanded(user: User) -> bool:
    """Whether this person must have one: by role, or as an operator of Django's administration."""
    return bool(settings.SECOND_FACTOR_REQUIRED) and (user.is_staff or user.standing.has(*DEMANDED))


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The apps and passkeys of a person; recovery codes are none, they stand in for one."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS)
    return found


@transaction.atomic
def remove_all(user: User, *, reason: str) -> int:
    """Remove every factor of somebody who has lost them and end every session; returns how many there were.

    For the command line alone: whoever may do this gets in with a password.
    """
    count = factors_of(user).count()
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    audit.record(None, "second_factor.reset", user, data={"reason": reason})
    return count


def connect() -> None:
    """Listen; called once, in `AppConfig.ready()`."""
    post_save.connect(_added, sender=Authenticator, dispatch_uid="accounts.factor_added")
    post_delete.connect(_removed, sender=Authenticator, dispatch_uid="accounts.factor_removed")
    authenticator_used.connect(_used, dispatch_uid="accounts.factor_used")
    authentication_failed.connect(_failed, dispatch_uid="accounts.factor_failed")


def _added(sender: object, instance: Authenticator, created: bool, **kwargs: Any) -> None:
    if created:
        _follow(instance, added=True)


def _removed(sender: object, instance: Authenticator, **kwargs: Any) -> None:
    _follow(instance, added=False)


def _follow(factor: Authenticator, *, added: bool) -> None:
    """Log it. For a factor proper tell the person and end the other sessions: they were opened by weaker means."""
    request = context.request
    by = request.user if request is not None and request.user.is_authenticated else None
    verb = "second_factor.added" if added else "second_factor.removed"
    audit.record(by, verb, factor.user, data={"type": str(factor.type)})
    if factor.type not in FACTORS:
        return
    if by is not None:
        request.session.pop(HELD, None)
        sessions.end_all(factor.user, but=request.session.session_key)
    name = NAMES[Authenticator.Type(factor.type)]
    signals.second_factor_changed.send(sender=Authenticator, user=factor.user, added=added, factor=name)


def _used(sender: object, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        audit.record(user, "second_factor.recovery_code_used", user)


def _failed(sender: object, user: User, **kwargs: Any) -> None:
    audit.record(None, "second_factor.failed", user)
