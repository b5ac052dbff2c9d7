"""Putting names into a notice's sentences, in the active language."""

from datetime import date
from typing import Any

from django.utils.functional import Promise

from portal.web.dates import day
from portal.web.i18n import pick


def fill(text: str | Promise, data: dict[str, Any]) -> str:
    """The sentence with its names; values under keys that end in `_on` are days."""
    return str(text) % {key: _value(key, value) for key, value in data.items()}


def _value(key: str, value: Any) -> Any:
    if key.endswith("_on") and isinstance(value, str):
        return day(date.fromisoformat(value))
    return pick(value)
