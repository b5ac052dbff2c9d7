"""Review: who is told, by which day the correction is due."""

from datetime import UTC, date, datetime

import pytest

from portal.dashboard import providers
from portal.notices.models import Notice
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Obligation, Step
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.errors import DueDayPassed
from responsibility.models import Remark, Report, ReportState
from responsibility.services import reports
from tests.responsibility.reports import BASE, change_leader, hand_in, send_back
from tests.world import TODAY, World


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def test_a_return_is_told_to_who_must_correct_and_not_to_who_has_left(world: World, report: Report) -> None:
    report = hand_in(world, report)
    day = date(2026, 3, 3)
    with clock.frozen(day):
        change_leader(world, day)
        send_back(world, report)
    assert told("report_returned") == {"e10", "liaison"}


def test_an_acceptance_is_told_to_leader_and_liaison(world: World, report: Report) -> None:
    report = hand_in(world, report)
    reports.accept(world.user("coordinator"), report.pk, expected_version=report.version)
    assert told("report_accepted") == {"leader", "liaison"}


@pytest.mark.parametrize("due_on", [TODAY, date(2026, 1, 5)])
def test_a_correction_is_not_due_on_a_day_that_has_passed(world: World, report: Report, due_on: date) -> None:
    report = hand_in(world, report)
    with pytest.raises(DueDayPassed):
        send_back(world, report, due_on=due_on)
    ladder_clock.run(clock.today())
    assert not Remark.objects.exists()
    assert not Obligation.objects.filter(kind="report_correction").exists()
    assert not Step.objects.exists()


def test_the_sentence_stands_at_the_day_and_the_remarks_are_kept(world: World, report: Report) -> None:
    report = hand_in(world, report)
    form = {"version": report.version, "remark-work-": "Name the date.", "due_on": "2026-01-05"}
    answer = world.client("coordinator").post(f"{BASE}return/", form)
    assert answer.status_code == 400
    assert "still to come" in str(answer.context["form"].errors["due_on"])
    assert "Name the date." in answer.content.decode()
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_the_days_for_a_review_count_from_the_day_here_and_not_in_utc(world: World, report: Report) -> None:
    report = hand_in(world, report)
    # Half past midnight on Tuesday here, Monday afternoon in UTC.
    Report.objects.filter(pk=report.pk).update(submitted_at=datetime(2026, 3, 9, 16, 30, tzinfo=UTC))
    calendar = load_calendar()
    (waiting,) = providers.reviews(world.user("coordinator"), date(2026, 3, 10), calendar)
    (item,) = waiting.items
    assert item.due_on == calendar.add(date(2026, 3, 10), providers.REVIEW_DAYS)
