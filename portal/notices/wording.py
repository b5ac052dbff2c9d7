"""Putting names into a notice's sentences, in the active language."""

from datetime import date
from typing import Any

from django.utils.functional import Promise

from portal.web.dates import day, provisional_day
from portal.web.i18n import pick


def fill(text: str | Promise, data: dict[str, Any]) -> str:
    """The sentence with its names; values under keys that end in `_on` are days.

    Days named under `provisional` were so when the notice was written, and are marked for ever: it tells what was told.
    """
    provisional = data.get("provisional", ())
    return str(text) % {key: _value(key, value, key in provisional) for key, value in data.items()}


def body(text: str | Promise, data: dict[str, Any]) -> str:
    """The sentence of a notice, followed by the text that a rung adds of its own, where it has one."""
    added = pick(data.get("added", ""))
    return f"{fill(text, data)} {added}".rstrip()


def _value(key: str, value: Any, is_provisional: bool) -> Any:
    if key.endswith("_on") and isinstance(value, str):
        found = date.fromisoformat(value)
        return provisional_day(found) if is_provisional else day(found)
    return pick(value)
