"""The kinds of duty: each is registered in code by the app that owns it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.obligations.choices import Raising

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.obligations.models import Obligation
    from portal.organisation.models import Unit

Text = str | Promise

OPEN = _("Open")
# Takes the duties as they were, cancelled by now, the unit that goes on, and who decided it (None: the clock).
PassOn = Callable[[Sequence["Obligation"], "Unit", "User | None"], int]


@dataclass(frozen=True)
class Kind:
    """A kind of duty.

    `verb` is what the button says to whom owes it, `look` what it says to everybody else, `url` leads to the page where it is
    done, `short` heads its column in the matrix, `ladder` is the code of the ladder it climbs. `pass_on` opens what is owed
    for the unit that goes on where others end, by the app's own service, and returns how many duties it opened; without it
    such a duty only ends. `workers` are told at every rung besides whom the ladder names. Duties of a `gathered` kind share
    one column of the matrix, whatever their labels.
    """

    code: str
    title: Text
    short: Text
    verb: Text
    url: Callable[["Obligation"], str]
    ladder: str = "default"
    order: int = 100
    look: Text = OPEN
    pass_on: "PassOn | None" = None
    gathered: bool = False
    workers: "Workers | None" = None


_kinds: dict[str, Kind] = {}
# Of duties, by their ids: the users who do the work on each.
Workers = Callable[[Collection[int]], Mapping[int, Collection[int]]]
Foreseen = Callable[[Collection[int]], Mapping[int, Raising]]
_foreseers: list[Foreseen] = []


def register(kind: Kind) -> None:
    """Make a kind known; called in `AppConfig.ready()`."""
    _kinds[kind.code] = kind


def get(code: str) -> Kind:
    """The kind of that code. Raises KeyError for one that no installed app registered."""
    return _kinds[code]


def kinds() -> list[Kind]:
    """All kinds in the order in which the matrix shows them."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.code))


def register_foreseer(foreseen: Foreseen) -> None:
    """Make known who says, of many duties at once, what raising their cases would do; called in `AppConfig.ready()`."""
    _foreseers.append(foreseen)


def raisings(duty_ids: Collection[int]) -> dict[int, Raising]:
    """What raising does to the case of each duty; no question is asked where there is none."""
    found = dict.fromkeys(duty_ids, Raising.NO_CASE)
    for foreseen in _foreseers if duty_ids else ():
        found |= foreseen(duty_ids)
    return found
