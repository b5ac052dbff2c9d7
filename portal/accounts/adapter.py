"""How allauth meets our users."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from portal.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up: accounts are made for persons of the organisation."""

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


def display_name(user: User) -> str:
    """How allauth's pages name a user."""
    return user.name
