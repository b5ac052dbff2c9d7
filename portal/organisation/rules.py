"""Who sits in a leading group when: decided on plain values."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple


class Sitting(NamedTuple):
    """Somebody's days in a leading group. `pk` is 0 for what is not stored yet; `row` is 0 for what no sheet says."""

    pk: int
    person: str
    name: str
    is_head: bool
    starts_on: date
    ends_on: date | None
    row: int = 0

    def meets(self, starts_on: date, ends_on: date | None) -> bool:
        """Whether a day is shared; no last day means open-ended."""
        return (self.ends_on is None or self.ends_on >= starts_on) and (ends_on is None or self.starts_on <= ends_on)

    def is_in_the_way_of(self, person: str, *, is_head: bool) -> bool:
        """A group has one head at a time, and nobody sits in it twice."""
        return self.person == person or (self.is_head and is_head)


class Room(NamedTuple):
    """What must end so that somebody can sit: last days by id, sittings that never took place, who cannot be moved."""

    end: dict[int, date]
    drop: frozenset[int]
    blocked_by: Sitting | None


def make_room(others: Iterable[Sitting], starts_on: date, today: date) -> Room:
    """Predecessors sit until the day before `starts_on`; one who began today is replaced.

    The past is not rewritten, and what begins later is not undone: such a sitting blocks.
    """
    end: dict[int, date] = {}
    drop: set[int] = set()
    for other in others:
        if other.row:
            return Room({}, frozenset(), other)
        if other.starts_on < starts_on and starts_on >= today:
            end[other.pk] = starts_on - timedelta(days=1)
        elif other.starts_on == starts_on == today:
            drop.add(other.pk)
        else:
            return Room({}, frozenset(), other)
    return Room(end, frozenset(drop), None)
