"""How allauth keeps and names our second factors."""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User

log = logging.getLogger(__name__)

_namer: Callable[[], str] = lambda: _("Prevention Portal")  # noqa: E731 - replaced as a whole


def name_site(namer: Callable[[], str]) -> None:
    """Let `namer` tell the name under which apps and passkeys list this site; called in `AppConfig.ready()`."""
    global _namer
    _namer = namer


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted, and who must have a second factor keeps the last one."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "Your role asks for a second factor, and this is the only one. Set up another one first."
        ),
        "incorrect_code": gettext_lazy("The code is wrong or was used already. Wait for the next one and type that."),
        "unreadable": gettext_lazy(
            "The second factor of this account cannot be read. Ask the system administrator to remove it."
        ),
    }

    def get_totp_issuer(self) -> str:
        """The site's name, as the app lists it."""
        return _namer()

    def _get_site_name(self) -> str:
        return _namer()

    def get_totp_label(self, user: User) -> str:
        """The user name: what is typed beside the code."""
        return user.username

    def _get_user_identifier(self, user: User) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        """With the first key."""
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """With any of the keys. Raises ValidationError, whose sentence the sign-in page shows, when none fits."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            log.exception("A second factor fits no key: was SECOND_FACTOR_KEY or SECRET_KEY changed?")
            raise self.validation_error("unreadable") from error

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        from portal.accounts import second_factor

        if not second_factor.is_demanded(authenticator.user):
            return True
        return second_factor.factors_of(authenticator.user).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's word
        """A name to begin with: "Passkey 2"."""
        return _("Passkey %(number)s") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}


def _box() -> MultiFernet:
    return _box_of((*settings.SECOND_FACTOR_KEY, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _box_of(keys: tuple[str, ...]) -> MultiFernet:
    """A key is a text of any form; the cipher's key is derived from it, for this use alone."""
    return MultiFernet(
        [
            Fernet(urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=b"portal second factor").derive(key.encode())))
            for key in keys
        ]
    )
