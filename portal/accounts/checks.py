"""What Python cannot see in the settings of signing in: told at the start, by name."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from portal.accounts.breached import flaw_of

SHORTEST_KEY = 32


def connect() -> None:
    """Make the checks known; called once, in `AppConfig.ready()`."""
    register(breached_passwords_file)
    register(second_factor_key)


def breached_passwords_file(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """BREACHED_PASSWORDS_FILE can be read and begins with a hash."""
    file = settings.BREACHED_PASSWORDS_FILE
    flaw = flaw_of(file) if file else ""
    if not flaw:
        return []
    hint = "One SHA-1 hash a line, sorted; see portal/accounts/breached.py. Or leave the setting empty."
    return [Error(f"BREACHED_PASSWORDS_FILE ({file}): {flaw}.", hint=hint, id="accounts.E001")]


def second_factor_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """SECOND_FACTOR_KEY, where given, is no short word."""
    if all(len(key) >= SHORTEST_KEY for key in settings.SECOND_FACTOR_KEY):
        return []
    hint = 'python -c "import secrets; print(secrets.token_urlsafe(32))" makes one.'
    return [Error(f"SECOND_FACTOR_KEY is shorter than {SHORTEST_KEY} characters.", hint=hint, id="accounts.E002")]
