"""What a change of units touches: each upper app registers what of its own is, and what may be decided about it.

The page of a change is not edited for them. Two kinds of thing are asked: what a change of the tree touches (`register`),
and what a change of top leader does (`register_handover`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.organisation.change_models import ChangeKind
    from portal.organisation.models import Tenure, Unit

Text = str | Promise
# So many rows of a group are shown; the count tells of the others.
SHOWN = 5
STAYS, ENDS, MOVES = "stays", "ends", "moves:"


class Heir(NamedTuple):
    """A unit that goes on where another ends; a new one is known by its code alone."""

    code: str
    name: str


class Moved(NamedTuple):
    """A part of the tree that gets another unit above it: its root, and the path that lies above it then."""

    root: "Unit"
    above: str


@dataclass(frozen=True)
class Scope:
    """What a change would do to the tree, before it is performed."""

    kind: "ChangeKind"
    unit: "Unit"
    effective_on: date
    ended: Sequence[int] = ()
    heirs: Sequence[Heir] = ()
    moved: Sequence[Moved] = ()


@dataclass(frozen=True)
class Handover:
    """A change of top leader. `tenure` is the successor's once it has been made; `before` is the predecessor's, if any."""

    unit: "Unit"
    starts_on: date
    before: "Tenure | None" = None
    tenure: "Tenure | None" = None


class Choice(NamedTuple):
    """Something that may be decided about a group: its value in the decision, and what people read."""

    value: str
    label: Text


class Row(NamedTuple):
    """One of the things touched."""

    text: Text
    note: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Things touched in the same way. Without choices nothing is to be decided, and `remark` says what follows."""

    code: str
    title: Text
    count: int
    rows: Sequence[Row]
    remark: Text = ""
    choices: Sequence[Choice] = field(default=())


Provider = Callable[[Scope, "User"], Iterable[Group]]
HandoverProvider = Callable[[Handover, "User"], Iterable[Group]]
# The code and the count that a receiver of `change_made` returned; None for codes of others.
OutcomeReader = Callable[[str, int], str | None]
_readers: list[OutcomeReader] = []
_providers: list[tuple[int, Provider]] = []
_handovers: list[tuple[int, HandoverProvider]] = []


def register(provider: Provider, order: int = 100) -> None:
    """Say what of an app's own a change touches; called in `AppConfig.ready()`."""
    _providers.append((order, provider))


def register_handover(provider: HandoverProvider, order: int = 100) -> None:
    """Say what a change of top leader does, or did, to an app's own; called in `AppConfig.ready()`."""
    _handovers.append((order, provider))


def register_outcome(reader: OutcomeReader) -> None:
    """Say in words what followed from a change, by the codes that an app returned; called in `AppConfig.ready()`."""
    _readers.append(reader)


def in_words(outcome: Mapping[str, int]) -> list[str]:
    """What followed from a change, a sentence for each code that an app knows."""
    said = (reader(code, count) for code, count in outcome.items() for reader in _readers)
    return [sentence for sentence in said if sentence]


def groups_for(scope: Scope, user: "User") -> list[Group]:
    """Everything that a change touches."""
    return [g for _order, provider in sorted(_providers, key=_by_order) for g in provider(scope, user) if g.count]


def groups_of_handover(handover: Handover, user: "User") -> list[Group]:
    """Everything that a change of top leader does, or did."""
    found = sorted(_handovers, key=_by_order)
    return [group for _order, provider in found for group in provider(handover, user) if group.count]


def _by_order(entry: tuple[int, object]) -> int:
    return entry[0]
