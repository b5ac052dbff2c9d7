"""The way in: what allauth's adapter does differently here, and what follows a sign-in."""

from hashlib import sha256
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts import checks, devices, passwords, second_factor, sessions
from portal.accounts.models import User
from portal.audit import actions
from portal.audit import services as audit

# As long as ACCOUNT_RATE_LIMITS keeps an account closed.
CLOSED_SECONDS = 600


class EntranceAdapter(DefaultAccountAdapter):
    """Signing in and confirming, in ways that tell a stranger nothing."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        # The same for an account that does not exist, and for the right password in these ten minutes.
        "too_many_login_attempts": _("Too many wrong attempts. Wait ten minutes and try again, or reset the password."),
    }

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """Refuses a closed account; that it was closed is logged once, however often it is tried."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            name = str(credentials.get("username", ""))[:80]
            if cache.add(f"entrance.closed:{sha256(name.lower().encode()).hexdigest()}", 1, CLOSED_SECONDS):
                audit.record(None, "user.closed_for_attempts", User.objects.filter(username=name).first())
            raise

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor confirms with it: a stolen session and password together must not remove it."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        others = [method for method in methods if method["id"] != "reauthenticate"]
        return others or methods


def connect() -> None:
    """Listen, and name the log's sentences; called once, in `AppConfig.ready()`."""
    checks.connect()
    devices.connect()
    second_factor.connect()
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.entrance")
    actions.register(SENTENCES)


def _signed_in(sender: object, request: Any, user: User, **kwargs: Any) -> None:
    """The limits count from now; a password past its age must be changed first."""
    request.session.pop(sessions.KEY, None)
    request.session.pop(second_factor.HELD, None)
    if passwords.is_expired(user):
        User.objects.filter(pk=user.pk).update(must_change_password=True)


SENTENCES = {
    "user.closed_for_attempts": _("closed for ten minutes after wrong passwords"),
    "user.new_device": _("signed in from a new device"),
    "user.session_ended": _("session ended at its limit"),
    "user.sessions_ended": _("signed out of other sessions"),
    "second_factor.added": _("second factor added"),
    "second_factor.removed": _("second factor removed"),
    "second_factor.reset": _("second factor reset by an administrator"),
    "second_factor.failed": _("wrong one-time code"),
    "second_factor.recovery_code_used": _("recovery code used"),
}
