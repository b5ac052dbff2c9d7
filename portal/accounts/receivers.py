"""Sign-ins in the log."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from portal.accounts.models import User
from portal.audit import services as audit


def connect() -> None:
    """Listen; called once, in `AppConfig.ready()`."""
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="accounts.failed")
    password_changed.connect(_password_changed, dispatch_uid="accounts.password_changed")
    password_reset.connect(_password_changed, dispatch_uid="accounts.password_reset")


def _signed_in(sender: object, user: User, **kwargs: Any) -> None:
    audit.record(user, "user.signed_in", user)


def _signed_out(sender: object, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record(user, "user.signed_out", user)


def _failed(sender: object, credentials: dict[str, Any], **kwargs: Any) -> None:
    # The name as typed may be a password in the wrong field: it is cut and only kept for names that exist.
    name = str(credentials.get("username", ""))[:80]
    known = User.objects.filter(username=name).first()
    audit.record(None, "user.sign_in_failed", known)


def _password_changed(sender: object, user: User, **kwargs: Any) -> None:
    audit.record(user, "user.password_changed", user)
