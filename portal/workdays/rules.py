"""Counting working days, on plain values."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _


class OutOfCalendar(ValueError):
    """A day outside the years that the calendar covers."""

    def __init__(self, day: date | None, first: date, last: date) -> None:
        self.day, self.first, self.last = day, first, last
        super().__init__(day)

    def __str__(self) -> str:
        sentence = _(
            "The calendar of working days covers %(first)s to %(last)s. Give a day that, with all its steps, lies inside."
        )
        return sentence % {"first": self.first, "last": self.last}


@dataclass(frozen=True)
class Calendar:
    """The working days from `first` to `last`, in order, and the years not yet decreed.

    All counts are in working days. A calendar is a value: it does not change when the coordinator enters a day.
    """

    first: date
    last: date
    workdays: tuple[date, ...]
    provisional_years: frozenset[int] = frozenset()

    @cached_property
    def _set(self) -> frozenset[date]:
        return frozenset(self.workdays)

    def is_workday(self, day: date) -> bool:
        """Whether people work on `day`. Raises OutOfCalendar."""
        self._require(day)
        return day in self._set

    def is_provisional(self, day: date) -> bool:
        """Whether the holiday notice of the day's year is not out yet."""
        return day.year in self.provisional_years

    def add(self, day: date, count: int) -> date:
        """`count` working days after (negative: before) `day`; 0 is the day itself, though it be a rest day.

        Raises OutOfCalendar.
        """
        self._require(day)
        if count == 0:
            return day
        index = bisect_right(self.workdays, day) + count - 1 if count > 0 else bisect_left(self.workdays, day) + count
        if not 0 <= index < len(self.workdays):
            raise OutOfCalendar(None, self.first, self.last)
        return self.workdays[index]

    def between(self, start: date, end: date) -> int:
        """The number of working days d with start <= d < end; 0 where end is not after start."""
        self._require(start)
        self._require(end)
        return max(0, bisect_left(self.workdays, end) - bisect_left(self.workdays, start))

    def late(self, due_on: date, today: date) -> int:
        """By how many working days `today` is past `due_on`; 0 on the due day and on rest days right after it."""
        if today <= due_on:
            return 0
        return bisect_right(self.workdays, today) - bisect_right(self.workdays, due_on)

    def left(self, today: date, due_on: date) -> int:
        """How many working days from `today` until `due_on`: 0 on the day itself."""
        if due_on <= today:
            return 0
        return max(bisect_right(self.workdays, due_on) - bisect_right(self.workdays, today), 0)

    def clamped(self, day: date) -> date:
        """`day`, or the end of the calendar that lies nearest to it."""
        return min(max(day, self.first), self.last)

    def add_within(self, day: date, count: int) -> date:
        """As `add`, ending at the calendar's first or last day where that is nearer: for windows, not for due days."""
        try:
            return self.add(self.clamped(day), count)
        except OutOfCalendar:
            return self.last if count > 0 else self.first

    def _require(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise OutOfCalendar(day, self.first, self.last)


def union_days(calendar: Calendar, spans: Iterable[tuple[date, date]]) -> int:
    """Working days in the union of half-open spans [start, end): overlaps are counted once."""
    total = 0
    covered_to: date | None = None
    for start, end in sorted(spans):
        begin = start if covered_to is None else max(start, covered_to)
        if end > begin:
            total += calendar.between(begin, end)
            covered_to = end
    return total
