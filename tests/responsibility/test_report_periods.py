"""Periods: opened with days to come, owed by every unit with a letter, also one that comes late; closed by the duty."""

from datetime import date
from threading import Thread

import pytest
from django.db import connection, transaction

from portal.notices.models import Notice
from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.errors import DueDayPassed, PeriodClosed
from responsibility.models import Letter, Report, ReportingPeriod, ReportState
from responsibility.services import letters, reports
from tests.responsibility.letters import YEAR, open_year
from tests.responsibility.reports import BASE, CLOSES, DUE, change_leader, fill, hand_in, open_period, send_back
from tests.world import TODAY, World


def issue_under(world: World, code: str) -> int:
    return letters.issue_chunk(world.user("coordinator"), YEAR, path=str(world.unit(code).path))


@pytest.mark.parametrize("due_on", [TODAY, date(2026, 2, 27)])
def test_a_due_day_that_has_passed_opens_nothing(world: World, due_on: date) -> None:
    open_year()
    issue_under(world, "B")
    with pytest.raises(DueDayPassed):
        open_period(world, opens_on=date(2026, 1, 1), due_on=due_on)
    assert not ReportingPeriod.objects.exists()
    assert not Obligation.objects.filter(kind="report").exists()


def test_the_sentence_stands_at_the_due_day(world: World, report: Report) -> None:
    form = {"year": YEAR, "kind": "annual", "number": 1, "opens_on": "2026-01-01", "due_on": "2026-01-05"}
    answer = world.client("coordinator").post("/reports/open/", form)
    assert answer.status_code == 400
    assert "still to come" in str(answer.context["form"].errors["due_on"])
    assert ReportingPeriod.objects.count() == 1


def test_a_unit_whose_letter_comes_while_the_period_runs_owes_the_report(world: World) -> None:
    open_year()
    issue_under(world, "B")
    open_period(world)
    assert Report.objects.count() == 1
    issue_under(world, "D")
    assert Report.objects.count() == Letter.objects.count() == 5
    assert Notice.objects.filter(kind="report_asked", recipient=world.users["village_leader"]).count() == 1
    assert Report.objects.get(unit=world.unit("V")).obligation.due_on == DUE


def test_it_has_ten_working_days_at_least(world: World) -> None:
    open_year()
    issue_under(world, "B")
    open_period(world)
    with clock.frozen(DUE):
        issue_under(world, "D")
        late = Report.objects.get(unit=world.unit("V"))
        assert late.obligation.due_on == load_calendar().add(DUE, 10)
        assert Report.objects.get(unit=world.unit("B")).obligation.due_on == DUE


def test_after_the_due_day_nobody_else_owes_it(world: World) -> None:
    open_year()
    issue_under(world, "B")
    open_period(world)
    with clock.frozen(date(2026, 7, 11)):
        issue_under(world, "D")
    assert Report.objects.count() == 1


def test_a_successors_letter_brings_no_second_report(world: World, report: Report) -> None:
    with clock.frozen(date(2026, 3, 3)):
        change_leader(world, date(2026, 3, 3))
    assert Letter.objects.filter(unit=world.unit("B")).count() == 2
    assert Report.objects.filter(unit=world.unit("B")).count() == 1


def test_a_report_returned_after_the_close_is_handed_in_until_the_day_of_its_correction(
    world: World, report: Report
) -> None:
    report = hand_in(world, report)
    with clock.frozen(date(2026, 8, 3)):
        report = send_back(world, report)
        assert report.correction is not None
        assert report.correction.due_on == date(2026, 8, 10)
        assert f"{BASE}work/" in world.client("leader").get(BASE).content.decode()
    with clock.frozen(date(2026, 8, 11)), pytest.raises(PeriodClosed):
        reports.submit(world.user("leader"), report.pk, expected_version=report.version)
    with clock.frozen(date(2026, 8, 10)):
        answer = world.client("leader").post(f"{BASE}submit/", {"version": report.version})
        assert answer.status_code == 302
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_more_time_past_the_close_can_be_used(world: World, report: Report) -> None:
    report = fill(world, report)
    asked = obligations.ask_extension(world.user("leader"), report.obligation_id, due_on=date(2026, 8, 10), reason="x")
    obligations.decide_extension(world.user("coordinator"), asked.pk, granted=True, reason="Ill.")
    with clock.frozen(date(2026, 8, 3)):
        reports.submit(world.user("leader"), report.pk, expected_version=report.version)


def test_a_suspended_report_does_not_close(world: World, report: Report) -> None:
    report = fill(world, report)
    obligations.suspend(world.user("coordinator"), report.obligation_id, reason="Flood.")
    with clock.frozen(date(2026, 12, 1)):
        reports.submit(world.user("leader"), report.pk, expected_version=report.version)


def test_before_it_opens_the_pages_say_when_and_offer_nothing(world: World) -> None:
    open_year()
    issue_under(world, "D")
    open_period(world, opens_on=date(2026, 6, 15))
    client = world.client("leader")
    page = client.get(BASE).content.decode()
    assert "The period opens on Mon 15 Jun" in page
    for address in ("work/", "targets/", "clean/", "submit/", "files/", "clean/files/"):
        assert f"{BASE}{address}" not in page
        answer = client.get(f"{BASE}{address}")
        assert answer.status_code == 409, address
        assert "The period opens on Mon 15 Jun" in answer.content.decode()
        assert "<textarea" not in answer.content.decode()
    assert "The period opens" not in world.client("coordinator").get(BASE).content.decode()


def test_after_the_close_the_page_says_so(world: World, report: Report) -> None:
    with clock.frozen(date(CLOSES.year, 8, 3)):
        page = world.client("leader").get(BASE).content.decode()
    assert "The period is closed" in page
    assert f"{BASE}work/" not in page


@pytest.mark.django_db(transaction=True)
def test_letters_issued_while_a_period_is_being_opened_are_missed_by_nobody(world: World) -> None:
    """Whoever comes second waits for the first and sees what it wrote."""
    open_year()
    issue_under(world, "B")

    def issue_the_rest() -> None:
        with clock.frozen(TODAY):
            issue_under(world, "D")
        connection.close()

    with transaction.atomic():
        open_period(world)
        second = Thread(target=issue_the_rest)
        second.start()
        second.join(1)
        assert second.is_alive()
    second.join()
    assert Report.objects.count() == 5
