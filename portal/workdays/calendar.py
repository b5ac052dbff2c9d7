"""The calendar in force: decreed days from `chinesecalendar`, later years by estimate, the coordinator's days over both.

A year whose notice the coordinator entered is the plain week with the notice's days; its estimate counts no longer.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
import holidays
from chinese_calendar.constants import holidays as decreed_holidays

from portal.workdays.models import CalendarDay, NoticeYear
from portal.workdays.rules import Calendar

FIRST_YEAR = 2015
LAST_DECREED_YEAR = max(day.year for day in decreed_holidays)
# Far enough for a duty of today's programme year with every extension the portal grants.
LAST_YEAR = LAST_DECREED_YEAR + 6


def load() -> Calendar:
    """The calendar as the database has it now: two small queries."""
    overrides = dict(CalendarDay.objects.values_list("date", "is_workday"))
    noticed = frozenset(NoticeYear.objects.values_list("year", flat=True))
    return _build(tuple(sorted(overrides.items())), noticed)


@lru_cache(maxsize=4)
def _build(overrides: tuple[tuple[date, bool], ...], noticed: frozenset[int]) -> Calendar:
    """A pure function of its arguments, so that keeping the last few saves rebuilding without ever being stale."""
    by_day = dict(overrides)
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    workdays = tuple(day for day in days if by_day.get(day, _usual(day, day.year in noticed)))
    return Calendar(first, last, workdays, _undecreed() - noticed)


def _undecreed() -> frozenset[int]:
    """The years that the library knows by estimate alone."""
    return frozenset(range(LAST_DECREED_YEAR + 1, LAST_YEAR + 1))


# What the present request has read; no request, nothing kept.
_read: ContextVar[list[frozenset[int]] | None] = ContextVar("provisional_years", default=None)


def provisional_years() -> frozenset[int]:
    """The years whose holiday notice is not out: one small query a request, however many days its page shows."""
    read = _read.get()
    if read:
        return read[0]
    years = _undecreed() - frozenset(NoticeYear.objects.values_list("year", flat=True))
    if read is not None:
        read.append(years)
    return years


def begin_request(**_kwargs: object) -> None:
    """From now on what is read is kept, until the request ends."""
    _read.set([])


def end_request(**_kwargs: object) -> None:
    """Keep nothing more."""
    _read.set(None)


def provisional_mark(**days: date | None) -> dict[str, list[str]]:
    """Which of the named days of a notice are provisional now, as an entry of its data; nothing where none is.

    A notice is kept as it was told, so the mark is set when it is written: `queue(…, **provisional_mark(due_on=day))`.
    """
    undecreed = {name: day.year for name, day in days.items() if day is not None and day.year > LAST_DECREED_YEAR}
    if not undecreed:
        return {}
    provisional = provisional_years()
    named = [name for name, year in undecreed.items() if year in provisional]
    return {"provisional": named} if named else {}


def expected_rest_days(year: int) -> Iterator[date]:
    """The weekdays on which nobody works in a year, as decreed or else as estimated: where a notice's form begins."""
    day = date(year, 1, 1)
    while day.year == year:
        if day.weekday() < 5 and not _usual(day, False):
            yield day
        day += timedelta(days=1)


def expected_make_up_days(year: int) -> Iterator[date]:
    """The Saturdays and Sundays on which people work in a year by decree; an estimate knows none."""
    day = date(year, 1, 1)
    while day.year == year:
        if day.weekday() >= 5 and _usual(day, False):
            yield day
        day += timedelta(days=1)


@lru_cache(maxsize=16384)
def _usual(day: date, is_noticed: bool) -> bool:
    """Whether `day` is a working day by decree; past the last decreed year by the week alone where the notice was
    entered (its days stand in the database), else by estimate, which knows no make-up weekends."""
    if day.year <= LAST_DECREED_YEAR:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and (is_noticed or day not in _estimated(day.year))


@lru_cache(maxsize=16)
def _estimated(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)
