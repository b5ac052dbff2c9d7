"""The rules of passwords in the portal's words; which of them hold is the site's profile (PASSWORD_PROFILE).

Django's own Chinese says 你 where we say 您.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation as django
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.breached import is_breached
from portal.accounts.models import User
from portal.accounts.records import PasswordHistory
from portal.workdays import clock


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


class BreachedPasswordValidator:
    """Refuses what attackers try first: passwords known from breaches. Without a list it refuses nothing."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        file = settings.BREACHED_PASSWORDS_FILE
        if file and is_breached(password, file):
            raise ValidationError(
                _("This password is known from a breach and is tried by attackers. Choose another one."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """Nothing to say where no list is installed."""
        return _("It must not be known from a breach.") if settings.BREACHED_PASSWORDS_FILE else ""


class CompositionValidator:
    """Asks for characters of several of the four kinds: capital and small letters, digits, signs."""

    def __init__(self, classes: int = 3) -> None:
        self.classes = classes

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError. A letter without case, such as a Chinese one, counts among the signs."""
        kinds = {_kind(sign) for sign in password}
        if len(kinds) < self.classes:
            raise ValidationError(self.get_help_text(), code="password_composition")

    def get_help_text(self) -> str:
        """Which kinds, and how many of them."""
        return _(
            "It must have characters of at least %(count)s of these kinds: capital letters, small letters, digits, signs."
        ) % {"count": self.classes}


def _kind(sign: str) -> str:
    if sign.isupper():
        return "capital"
    if sign.islower():
        return "small"
    return "digit" if sign.isdigit() else "sign"


class NotReusedValidator:
    """Refuses a person's last passwords; remembers each new one."""

    def __init__(self, remembered: int = 5) -> None:
        self.remembered = remembered

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError. Checks as many hashes as are remembered: about a second with Argon2."""
        if user is None or user.pk is None:
            return
        former = [row.password for row in user.former_passwords.all()[: self.remembered]]
        # What was set before the profile was switched on is known by the account alone.
        if user.password not in former:
            former.append(user.password)
        if any(check_password(password, one) for one in former):
            raise ValidationError(self.get_help_text(), code="password_reused")

    def password_changed(self, password: str, user: User | None = None) -> None:
        """Called by Django after a new password has been saved."""
        if user is None:
            return
        PasswordHistory.objects.create(user=user, password=user.password)
        kept = user.former_passwords.values_list("pk", flat=True)[: self.remembered]
        user.former_passwords.exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        """How many are remembered."""
        return ngettext(
            "It must not be your last password.",
            "It must not be one of your last %(count)s passwords.",
            self.remembered,
        ) % {"count": self.remembered}


def is_expired(user: User) -> bool:
    """Whether the site's profile asks for a new password because of the age of this one."""
    if not settings.PASSWORD_ROTATION_DAYS:
        return False
    newest = user.former_passwords.first()
    since = newest.set_at if newest is not None else user.date_joined
    return clock.now() - since > timedelta(days=settings.PASSWORD_ROTATION_DAYS)
