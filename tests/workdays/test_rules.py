"""Counting working days on plain values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workdays.rules import Calendar, OutOfCalendar, union_days

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
# National Day 2026 off, one make-up Saturday: enough to tell working days from weekdays.
RESTS = {date(2026, 10, day) for day in range(1, 8)}
MAKE_UP = {date(2026, 10, 10)}


def build() -> Calendar:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    work = tuple(d for d in days if d in MAKE_UP or (d.weekday() < 5 and d not in RESTS))
    return Calendar(FIRST, LAST, work, frozenset({2026}))


CALENDAR = build()
days = st.dates(date(2026, 2, 1), date(2026, 11, 30))


def test_zero_is_the_day_itself_though_it_be_a_rest_day() -> None:
    assert CALENDAR.add(date(2026, 10, 3), 0) == date(2026, 10, 3)


def test_one_after_a_rest_day_is_the_first_working_day_after_it() -> None:
    assert CALENDAR.add(date(2026, 10, 3), 1) == date(2026, 10, 8)


def test_one_before_a_rest_day_is_the_last_working_day_before_it() -> None:
    assert CALENDAR.add(date(2026, 10, 4), -1) == date(2026, 9, 30)


def test_a_make_up_saturday_counts() -> None:
    assert CALENDAR.add(date(2026, 10, 9), 1) == date(2026, 10, 10)


def test_between_counts_the_start_and_not_the_end() -> None:
    assert CALENDAR.between(date(2026, 10, 8), date(2026, 10, 12)) == 3


def test_lateness_begins_with_the_first_working_day_after_the_due_day() -> None:
    assert CALENDAR.late(date(2026, 9, 30), date(2026, 10, 7)) == 0
    assert CALENDAR.late(date(2026, 9, 30), date(2026, 10, 8)) == 1


def test_a_day_outside_the_calendar_is_refused_by_name() -> None:
    with pytest.raises(OutOfCalendar, match="2026-01-01"):
        CALENDAR.add(date(2027, 3, 1), 1)


@given(days, st.integers(1, 15))
def test_adding_leads_to_a_working_day_with_so_many_in_between(day: date, count: int) -> None:
    later = CALENDAR.add(day, count)
    assert CALENDAR.is_workday(later)
    assert CALENDAR.between(day + timedelta(days=1), later + timedelta(days=1)) == count


@given(days, st.integers(1, 15))
def test_subtracting_from_a_working_day_undoes_adding(day: date, count: int) -> None:
    if CALENDAR.is_workday(day):
        assert CALENDAR.add(CALENDAR.add(day, count), -count) == day


@given(st.lists(st.tuples(days, days), max_size=5))
def test_overlapping_spans_count_each_working_day_once(spans: list[tuple[date, date]]) -> None:
    inside = {d for d in CALENDAR.workdays if any(a <= d < b for a, b in spans)}
    assert union_days(CALENDAR, spans) == len(inside)
