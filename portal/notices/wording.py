"""Putting names into a notice's sentences, in the active language."""

from datetime import date
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.notices import registry
from portal.web.dates import day, provisional_day
from portal.web.i18n import pick


class Words(NamedTuple):
    """Heading and sentence of a notice."""

    subject: str
    body: str


class Unwordable(ValueError):
    """A notice whose kind is not known (any more), or whose data do not fit its sentences."""


def words(kind: str, data: dict[str, Any]) -> Words:
    """Heading and sentence of a notice. Raises Unwordable."""
    try:
        known = registry.get(kind)
        return Words(fill(known.subject, data), body(known.body, data))
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise Unwordable(f"{kind}: {type(error).__name__} {error}") from error


def missing(kind: str) -> Words:
    """What a page shows instead of words that cannot be made."""
    return Words(
        kind, _("The words of this notice are missing. Tell the coordinator its code: %(kind)s.") % {"kind": kind}
    )


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
