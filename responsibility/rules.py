"""Decisions about letters on plain values."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

from portal.workdays.rules import Calendar

# A successor in the year has at least so many working days to sign the new letter.
SUCCESSOR_DAYS = 10
WHOLE = 100
# Due days are days of every year, leap or not.
COMMON_YEAR = 2026

_DIGITS = "零一二三四五六七八九"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def same_name(typed: str, *names: str) -> bool:
    """Whether what was typed is one of the names; spaces and capitals do not count, an empty name never matches."""
    plain = _plain(typed)
    return bool(plain) and plain in {_plain(name) for name in names}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


class Weighed(Protocol):
    """A target as far as the rules are concerned: without a type it is common to all units."""

    @property
    def code(self) -> str:
        """By this, a type's target stands in place of the common one."""

    @property
    def unit_type_id(self) -> int | None:
        """For which units alone it stands."""

    @property
    def weight(self) -> int:
        """In percent."""


T = TypeVar("T", bound=Weighed)


def targets_of(targets: Iterable[T], unit_type_id: int | None) -> list[T]:
    """The targets in the letter of a unit of that type, in their order; None: a type without targets of its own.

    The type's own stand beside the common ones, and in place of those with the same code.
    """
    rows = list(targets)
    own = {row.code for row in rows if unit_type_id is not None and row.unit_type_id == unit_type_id}
    return [
        row
        for row in rows
        if (row.unit_type_id is None and row.code not in own)
        or (unit_type_id is not None and row.unit_type_id == unit_type_id)
    ]


def weights_of(targets: Iterable[T]) -> dict[int | None, int]:
    """What the targets weigh together: in general (None), and for each type of unit that has targets of its own."""
    rows = list(targets)
    types = {row.unit_type_id for row in rows} | {None}
    return {kind: sum(row.weight for row in targets_of(rows, kind)) for kind in types}


def wrong_weights(targets: Iterable[T]) -> dict[int | None, int]:
    """Those of the weights that do not give 100 percent."""
    return {kind: weight for kind, weight in weights_of(targets).items() if weight != WHOLE}


class SigningDay(NamedTuple):
    """By when a letter is signed; a day that is counted says from when and how many working days: it follows the calendar."""

    due_on: date
    anchor_on: date | None = None
    anchor_days: int | None = None


def successor_signing_day(calendar: Calendar, *, since: date, signing_due_on: date | None) -> SigningDay:
    """By when a successor signs: ten working days from the start of office, never before the day that holds for all."""
    counted = calendar.add(since, SUCCESSOR_DAYS)
    if signing_due_on is not None and counted <= signing_due_on:
        return SigningDay(signing_due_on)
    return SigningDay(counted, since, SUCCESSOR_DAYS)


def due_in(year: int, month: int, day: int) -> date:
    """A day of the year; where the month is too short, its last one."""
    for last in (day, 30, 29, 28):
        try:
            return date(year, month, min(day, last))
        except ValueError:
            continue
    raise ValueError(month)


def chinese_number(value: int) -> str:
    """1 to 99 as Chinese documents number: 一, 十, 十二, 二十."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def roman_number(value: int) -> str:
    """1 to 39 in Roman figures, as English documents number their parts."""
    figures = ""
    for worth, figure in _ROMAN:
        while value >= worth:
            figures, value = figures + figure, value - worth
    return figures
