"""What measures are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise

PLACES = Decimal("0.0001")
ZERO, WHOLE = Decimal(0), Decimal(100)


@dataclass(frozen=True)
class Window:
    """Which units, in which year, up to which day; a measure asked twice through it is asked of the database once."""

    unit_ids: tuple[int, ...]
    year: int
    until: date
    _found: dict[str, "Mapping[int, Figure]"] = field(default_factory=dict, compare=False, repr=False)

    def figures(self, measure: "Measure") -> "Mapping[int, Figure]":
        """What a measure gives for the units."""
        if measure.code not in self._found:
            self._found[measure.code] = measure.load(self)
        return self._found[measure.code]

    @property
    def since(self) -> date:
        """The first day of the year."""
        return date(self.year, 1, 1)


class Figure(NamedTuple):
    """What a measure gives for a unit; of rates, of how many how many."""

    value: Decimal
    kept: int | None = None
    owed: int | None = None


class Row(NamedTuple):
    """A row that a figure was counted from: what it is, what became of it, where it is seen."""

    label: str
    outcome: str
    url: str = ""


Load = Callable[[Window], Mapping[int, Figure]]
Rows = Callable[[Window], list[Row]]


class Measure(NamedTuple):
    """A measure: its name in formulas, what people call it, what it gives where nothing was due, how it is asked."""

    code: str
    label: str | Promise
    empty: Decimal
    load: Load
    rows: Rows


def rate(found: Mapping[int, tuple[int, int]]) -> dict[int, Figure]:
    """Shares in percent, out of how many were due and how many kept."""
    # Most units share their figures with many others: each is made once.
    made = {
        (owed, kept): Figure((WHOLE * kept / owed).quantize(PLACES), kept, owed)
        for owed, kept in set(found.values())
        if owed
    }
    return {unit: made[each] for unit, each in found.items() if each[0]}
