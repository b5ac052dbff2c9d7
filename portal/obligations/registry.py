"""The kinds of duty: each is registered in code by the app that owns it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.obligations.models import Obligation

Text = str | Promise

OPEN = _("Open")


@dataclass(frozen=True)
class Kind:
    """A kind of duty.

    `verb` is what the button says to whom owes it, `look` what it says to everybody else, `url` leads to the page where it
    is done, `short` heads its column in the matrix, `ladder` is the code of the ladder it climbs.
    """

    code: str
    title: Text
    short: Text
    verb: Text
    url: Callable[["Obligation"], str]
    ladder: str = "default"
    order: int = 100
    look: Text = OPEN


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called in `AppConfig.ready()`."""
    _kinds[kind.code] = kind


def get(code: str) -> Kind:
    """The kind of that code. Raises KeyError for one that no installed app registered."""
    return _kinds[code]


def kinds() -> list[Kind]:
    """All kinds in the order in which the matrix shows them."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.code))
