"""The calendar in force: decreed days from `chinesecalendar`, later years by estimate, the coordinator's days over both."""

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
    workdays = tuple(day for day in days if by_day.get(day, _usual(day)))
    provisional = frozenset(range(LAST_DECREED_YEAR + 1, LAST_YEAR + 1)) - noticed
    return Calendar(first, last, workdays, provisional)


@lru_cache(maxsize=8192)
def _usual(day: date) -> bool:
    """Whether `day` is a working day by decree, or by estimate (no make-up weekends) past the last decreed year."""
    if day.year <= LAST_DECREED_YEAR:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and day not in _estimated(day.year)


@lru_cache(maxsize=16)
def _estimated(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)
