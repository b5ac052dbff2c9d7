"""Asking for a new password: the same work and the same answer whether an account belongs to the address or not."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.db import transaction
from django.http import HttpRequest

from portal.accounts.models import User
from portal.audit import services as audit


class AskForPassword(ResetPasswordForm):  # type: ignore[misc]
    """The address; who is behind it is logged and written to, and the page tells neither."""

    # Found by the form: the active users of the address.
    users: list[User]

    @transaction.atomic
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Write the letter into the outbox; for an address of nobody, one to nobody, which takes as long."""
        if not self.users:
            self.users = [User(pk=0, username="nobody", password="!")]  # noqa: S106 - no password fits it
        for user in self.users:
            audit.record(None, "user.password_reset_asked", None if user._state.adding else user)
        return str(super().save(request, **kwargs))
