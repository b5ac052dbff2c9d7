"""When a report is taken and what stops it: decisions on plain values."""

from datetime import date, timedelta
from typing import Any

import pytest

from responsibility import report_rules
from responsibility.errors import PeriodClosed, PeriodNotOpen
from responsibility.report_parts import CLEAN, MAX_LENGTH, NOT_REACHED, REACHED, WORK

OPENS, DUE, CLOSES = date(2026, 6, 15), date(2026, 7, 10), date(2026, 7, 31)


def asked(on: date, **changed: Any) -> Any:
    facts: dict[str, Any] = {"opens_on": OPENS, "closes_on": CLOSES, "due_on": DUE, "stands_still": False} | changed
    return report_rules.out_of_time(on, **facts)


def lacking(**answer: str) -> dict[str, str]:
    work, clean = {field.code: "Said." for field in WORK}, {field.code: "None." for field in CLEAN}
    return {item.field: str(item.sentence) for item in report_rules.missing(work, {"plan": answer}, clean, ["plan"])}


def test_a_period_is_open_from_its_first_to_its_last_day() -> None:
    assert isinstance(asked(OPENS - timedelta(days=1)), PeriodNotOpen)
    assert asked(OPENS) is None
    assert asked(CLOSES) is None
    assert isinstance(asked(CLOSES + timedelta(days=1)), PeriodClosed)


def test_a_period_without_an_end_never_closes() -> None:
    assert asked(date(2027, 12, 31), closes_on=None) is None


def test_who_was_given_a_later_day_is_not_shut_out_before_it() -> None:
    later = date(2026, 8, 20)
    assert asked(later, due_on=later) is None
    assert isinstance(asked(later + timedelta(days=1), due_on=later), PeriodClosed)


def test_a_duty_that_stands_still_does_not_close() -> None:
    assert asked(date(2026, 12, 1), stands_still=True) is None


@pytest.mark.parametrize("text", ["20261202", "2026-W49-3", "2026-2-3", "31.02.2026", "2026-02-31", "２026-12-02", ""])
def test_a_day_is_written_in_one_way_only(text: str) -> None:
    assert not report_rules.is_date(text)
    assert report_rules.is_date("2026-12-02")


def test_a_day_that_is_none_stops_the_report_whatever_the_state_of_the_target() -> None:
    answer = {"figure": "81%", "explanation": "Illness.", "remedy": "A second round."}
    for state in (REACHED, NOT_REACHED):
        found = lacking(state=state, remedy_on="2026-1", **answer)
        assert found == {"target-plan-remedy_on": "“2026-1” is not a date. Write it as 2026-12-02."}
        assert not lacking(state=state, remedy_on="2026-12-02", **answer)


def test_a_text_that_was_kept_too_long_stops_the_report() -> None:
    assert "200 characters" in lacking(state=REACHED, figure="x" * 201)["target-plan-figure"]
    clean = {field.code: "None." for field in CLEAN}
    work = {field.code: "x" * (MAX_LENGTH + 1) for field in WORK}
    assert len(report_rules.missing(work, {}, clean, [])) == len(WORK)
