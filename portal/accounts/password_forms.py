"""Choosing a password, with the rules that the site's profile has."""

from typing import Any

from allauth.account import forms as allauth
from django.contrib.auth.password_validation import password_validators_help_texts


class RulesMixin:
    """Takes the rules out of the field's hint, where they are a list within a paragraph, and offers them to the page."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = ""

    @property
    def rules(self) -> list[str]:
        """The rules in force, in the active language."""
        return [text for text in password_validators_help_texts() if text]


class ChangePasswordForm(RulesMixin, allauth.ChangePasswordForm):
    """A new password for somebody who knows the old one."""


class ResetPasswordKeyForm(RulesMixin, allauth.ResetPasswordKeyForm):
    """A new password for somebody who has a link."""
