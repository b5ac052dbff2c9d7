"""The forms of the second factor: our words over allauth's, and a time step that counts once.

Allauth remembers a used code in the cache, which may be emptied and forgets after half a minute, while with a tolerance a
code is good for a minute and a half. So the time step of a code is also taken in the database: a code whose step is not
later than the last one taken is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from django.db import transaction
from django.utils.translation import gettext_lazy as _

NUMERIC = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}


def step_of(secret: str, code: str) -> int | None:
    """The time step that a code belongs to, among those within the tolerance."""
    for step in auth.yield_hotp_counters_from_time():
        if auth.compare_user_code(actual=code, expected=auth.format_hotp_value(auth.hotp_value(secret, step))):
            return int(step)
    return None


@transaction.atomic
def take_step(authenticator: Authenticator, code: str) -> bool:
    """Take the time step of an app's code; False when it or a later one was taken already."""
    held = Authenticator.objects.select_for_update(of=("self",), no_key=True).get(pk=authenticator.pk)
    step = step_of(decrypt(held.data["secret"]), code)
    if step is None or step <= held.data.get("last_step", 0):
        return False
    held.data["last_step"] = step
    held.save(update_fields=["data"])
    return True


class CodeMixin:
    """A code of an app, or a recovery code."""

    fields: dict[str, Any]
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("One-time code")
        field.help_text = _("The six digits that your app shows now, or one of your recovery codes.")
        field.widget.attrs = dict(NUMERIC)

    def clean_code(self) -> str:
        """Right, and not used before."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not take_step(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(CodeMixin, base.AuthenticateForm):
    """The second step of signing in."""


class ConfirmCodeForm(CodeMixin, base.ReauthenticateForm):
    """That it is still the same person."""


class ActivateAppForm(totp.ActivateTOTPForm):
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("One-time code")
        field.help_text = _("The six digits that the app shows now.")
        field.widget.attrs = dict(NUMERIC)


@contextmanager
def _well_formed() -> Iterator[None]:
    """What a browser never sends is a wrong code, and no fault of ours: the library raises whatever it stumbles over."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class CredentialMixin:
    """The answer of a passkey."""

    def clean_credential(self) -> Authenticator:
        """The key it belongs to."""
        with _well_formed():
            return super().clean_credential()  # type: ignore[misc]


class PasskeyForm(CredentialMixin, webauthn.AuthenticateWebAuthnForm):
    """A passkey as the second step of signing in."""


class PasskeySignInForm(CredentialMixin, webauthn.LoginWebAuthnForm):
    """A passkey alone."""


class ConfirmPasskeyForm(CredentialMixin, webauthn.ReauthenticateWebAuthnForm):
    """That it is still the same person."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """A name for the key, and whether it signs in on its own."""

    def clean(self) -> dict[str, Any]:
        """Checks the new key."""
        with _well_formed():
            cleaned: dict[str, Any] = super().clean()
        return cleaned

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].max_length = 60
        self.fields["passwordless"].label = _("Sign in with this key alone, without user name and password")
        self.fields["passwordless"].help_text = ""


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    """Another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].max_length = 60
