"""How allauth meets our users."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.accounts import mail
from portal.accounts.entrance import EntranceAdapter
from portal.accounts.models import User
from portal.workdays import clock

SECONDS_AN_HOUR = 3600


class AccountAdapter(EntranceAdapter):
    """No sign-up: accounts are made for persons of the organisation. Mail goes through the outbox, never from a request."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """A password the person chose ends the demand to change it."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened; no messages beside them."""

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the letter, at the site's own address whatever host the request named."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter to `context["user"]` in that person's language, into the outbox.

        A user that is not stored stands for an address of nobody: the letter is written and thrown away.
        """
        user: User = context["user"]
        language = user.language or settings.LANGUAGE_CODE
        words = context | {"hours": settings.PASSWORD_RESET_TIMEOUT // SECONDS_AN_HOUR, "site_url": settings.SITE_URL}
        with translation.override(language):
            subject = render_to_string(f"{template_prefix}_subject.txt", words)
            body = render_to_string(f"{template_prefix}_message.txt", words).strip() + "\n"
        if not user._state.adding:
            mail.send(user, subject=subject, body=body, language=language, secret="key" in context)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell who has an address that the password was changed, in whichever way."""
        if user.email:
            self.send_mail("account/email/password_changed", user.email, {"user": user, "at": clock.now()})


def display_name(user: User) -> str:
    """How allauth's pages name a user."""
    return user.name
