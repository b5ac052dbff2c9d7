"""Decisions about letters on plain values."""

from collections.abc import Sequence
from datetime import date

from portal.workdays.rules import Calendar

# A successor in the year has at least so many working days to sign the new letter.
SUCCESSOR_DAYS = 10
WHOLE = 100

_DIGITS = "零一二三四五六七八九"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def same_name(typed: str, *names: str) -> bool:
    """Whether what was typed is one of the names; spaces and capitals do not count, an empty name never matches."""
    plain = _plain(typed)
    return bool(plain) and plain in {_plain(name) for name in names}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def weights_fit(weights: Sequence[int]) -> bool:
    """Whether the targets of a letter weigh 100 percent together."""
    return sum(weights) == WHOLE


def successor_due_on(calendar: Calendar, *, since: date, signing_due_on: date | None) -> date:
    """By when a successor signs: ten working days from the start of office, never before the day that holds for all."""
    earliest = calendar.add(since, SUCCESSOR_DAYS)
    return earliest if signing_due_on is None else max(earliest, signing_due_on)


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
