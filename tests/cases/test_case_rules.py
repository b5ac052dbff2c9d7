"""Limits, the order of stages, and what makes a case a major one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import case_rules
from cases.case_rules import Limit, Longer, Pause
from cases.clue_rules import add_months

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
INVESTIGATION = Limit("coercive", "investigated", 2, 0)


@pytest.mark.parametrize(
    ("begun", "months", "end"),
    [
        (date(2026, 1, 15), 2, date(2026, 3, 15)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(begun: date, months: int, end: date) -> None:
    assert add_months(begun, months) == end


def test_a_limit_is_made_longer_and_moves_by_the_days_it_stood_still() -> None:
    begun = date(2026, 1, 10)
    assert case_rules.due_on(INVESTIGATION, begun, [], []) == date(2026, 3, 10)
    assert case_rules.due_on(INVESTIGATION, begun, [Longer(1, 0), Longer(2, 0)], []) == date(2026, 6, 10)
    pause = Pause(date(2026, 2, 1), date(2026, 2, 11))
    assert case_rules.due_on(INVESTIGATION, begun, [], [pause]) == date(2026, 3, 20)
    assert case_rules.due_on(INVESTIGATION, begun, [], [Pause(date(2026, 2, 1), None)]) == date(2026, 3, 10)


@given(DAYS, st.integers(0, 40), st.integers(0, 60))
def test_a_pause_inside_a_limit_moves_it_by_its_days(begun: date, start: int, length: int) -> None:
    pause = Pause(begun + timedelta(days=start), begun + timedelta(days=start + length))
    without = case_rules.due_on(INVESTIGATION, begun, [], [])
    assert case_rules.due_on(INVESTIGATION, begun, [], [pause]) == without + timedelta(days=length)


def test_the_limit_of_the_latest_stage_runs() -> None:
    limits = [INVESTIGATION, Limit("transferred", "indicted", 1, 0)]
    day = date(2026, 1, 1)
    assert case_rules.running(limits, {"filed": day}) is None
    assert case_rules.running(limits, {"filed": day, "coercive": day}) == INVESTIGATION
    assert case_rules.running(limits, {"coercive": day, "investigated": day}) is None
    assert case_rules.running(limits, {"coercive": day, "transferred": day}) == limits[1]


@given(st.permutations(case_rules.ORDER), st.lists(DAYS, min_size=10, max_size=10))
def test_milestones_entered_in_any_order_end_in_the_order_of_the_law(stages: list[str], days: list[date]) -> None:
    reached: dict[str, date] = {}
    for stage, day in zip(stages, days, strict=True):
        if case_rules.out_of_order(stage, day, reached) is None:
            reached[stage] = day
    in_order = [reached[stage] for stage in case_rules.ORDER if stage in reached]
    assert in_order == sorted(in_order)


def test_the_highest_of_several_tiers_makes_a_case_major() -> None:
    tiers = (Decimal(30_000), Decimal(200_000), Decimal(3_000_000))
    assert case_rules.is_major_by_amount(Decimal(3_000_000), tiers)
    assert not case_rules.is_major_by_amount(Decimal(2_999_999), tiers)
    assert not case_rules.is_major_by_amount(Decimal(3_000_000), (Decimal(100_000), None, None))
    assert not case_rules.is_major_by_amount(None, tiers)
    assert case_rules.is_major_by_rank(4)
    assert not case_rules.is_major_by_rank(5)
