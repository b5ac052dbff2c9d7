"""The rules of passwords in the portal's words; Django's own Chinese says 你 where we say 您."""

from typing import Any

from django.contrib.auth import password_validation as django
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class UnlikeThePerson(django.UserAttributeSimilarityValidator):
    """Not the user's name or address."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "name_en", "name_zh", "email"))

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(
                _("The password is too much like your name or your address. Choose another."), code=error.code
            ) from error

    def get_help_text(self) -> str:
        """What to choose."""
        return _("Not your name, user name or e-mail address, nor nearly so.")


class LongEnough(django.MinimumLengthValidator):
    """Long, and nothing else: length is what guessing costs."""

    def get_error_message(self) -> str:
        """What is wrong, and what to write."""
        return ngettext(
            "This password is too short. Write at least %(count)s character.",
            "This password is too short. Write at least %(count)s characters.",
            self.min_length,
        ) % {"count": self.min_length}

    def get_help_text(self) -> str:
        """What to choose."""
        return ngettext(
            "At least %(count)s character; several words are easy to remember.",
            "At least %(count)s characters; several words are easy to remember.",
            self.min_length,
        ) % {"count": self.min_length}


class NotCommon(django.CommonPasswordValidator):
    """None of the twenty thousand that are tried first."""

    def get_error_message(self) -> str:
        """What is wrong, and what to write."""
        return _("This is one of the passwords that are tried first. Choose another.")

    def get_help_text(self) -> str:
        """What to choose."""
        return _("Not one that many people use.")


class NotDigitsAlone(django.NumericPasswordValidator):
    """Not a date, not a telephone number."""

    def get_error_message(self) -> str:
        """What is wrong, and what to write."""
        return _("This password is only figures. Add letters or words.")

    def get_help_text(self) -> str:
        """What to choose."""
        return _("Not only figures.")
