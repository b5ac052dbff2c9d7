"""The responsibility year through the services: report, return, correct, accept."""

from datetime import date
from typing import Any

import pytest

from portal.obligations.models import Obligation
from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from responsibility import report_parts
from responsibility.errors import (
    PeriodClosed,
    RemarkMissing,
    ReportIncomplete,
    ReportNotEditable,
    ReportNotSubmitted,
)
from responsibility.models import (
    Part,
    PeriodKind,
    Report,
    ReportState,
)
from responsibility.services import reports
from tests.responsibility.year import YEAR, issue, letter_of
from tests.world import World


def open_period(world: World, closes_on: date | None = None) -> Report:
    reports.open_period(
        world.user("coordinator"),
        year=YEAR,
        kind=PeriodKind.HALF_YEAR,
        number=1,
        opens_on=clock.today(),
        due_on=date(2026, 7, 10),
        closes_on=closes_on,
    )
    return Report.objects.get(unit=world.unit("B"))


def fill(world: World, report: Report) -> Report:
    by = world.user("leader")
    codes = letter_of(world, "B").target_codes()
    content: dict[Part, dict[str, Any]] = {
        Part.WORK: {"summary": "Done.", "measures": "Talks."},
        Part.TARGETS: {code: {"figure": "100%", "state": report_parts.REACHED} for code in codes},
        Part.CLEAN: {field.code: "None." for field in report_parts.CLEAN},
    }
    for part, values in content.items():
        report = reports.save_part(by, report.pk, part, values, expected_version=report.version)
    return report


def test_of_two_who_edit_one_draft_the_slower_loses_nothing_and_is_told(world: World) -> None:
    issue(world)
    report = open_period(world)
    reports.save_part(world.user("liaison"), report.pk, Part.WORK, {"summary": "A"}, expected_version=0)
    with pytest.raises(Conflict) as caught:
        reports.save_part(world.user("leader"), report.pk, Part.WORK, {"summary": "B"}, expected_version=0)
    assert caught.value.current.work == {"summary": "A"}


def test_the_liaison_may_not_write_the_clean_government_part(world: World) -> None:
    issue(world)
    report = open_period(world)
    with pytest.raises(NotAllowed):
        reports.save_part(world.user("liaison"), report.pk, Part.CLEAN, {}, expected_version=0)


def test_an_empty_report_is_refused_with_every_missing_field(world: World) -> None:
    issue(world)
    report = open_period(world)
    with pytest.raises(ReportIncomplete) as caught:
        reports.submit(world.user("leader"), report.pk, expected_version=0)
    assert {item.part for item in caught.value.lacking} == {"work", "targets", "clean"}


def test_a_report_is_submitted_returned_corrected_and_accepted(world: World) -> None:
    issue(world)
    report = fill(world, open_period(world))
    leader, coordinator = world.user("leader"), world.user("coordinator")
    reports.submit(leader, report.pk, expected_version=report.version)
    report.refresh_from_db()
    assert report.obligation.state == "discharged"
    reports.return_report(
        coordinator, report.pk, expected_version=report.version, remarks={("work", ""): "Name the measures."}
    )
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED
    assert report.correction is not None
    assert report.correction.due_on == date(2026, 3, 9)
    second = reports.submit(leader, report.pk, expected_version=report.version)
    assert second.number == 2
    report.refresh_from_db()
    reports.accept(coordinator, report.pk, expected_version=report.version)
    report.refresh_from_db()
    assert report.state == ReportState.ACCEPTED
    assert report.correction is not None
    assert Obligation.objects.get(pk=report.correction.pk).state == "discharged"


def test_a_submitted_report_is_not_edited_nor_an_accepted_one_returned(world: World) -> None:
    issue(world)
    report = fill(world, open_period(world))
    reports.submit(world.user("leader"), report.pk, expected_version=report.version)
    report.refresh_from_db()
    with pytest.raises(ReportNotEditable):
        reports.save_part(world.user("leader"), report.pk, Part.WORK, {}, expected_version=report.version)
    reports.accept(world.user("coordinator"), report.pk, expected_version=report.version)
    with pytest.raises(ReportNotSubmitted):
        reports.accept(world.user("coordinator"), report.pk, expected_version=report.version + 1)


def test_a_return_needs_a_remark(world: World) -> None:
    issue(world)
    report = fill(world, open_period(world))
    reports.submit(world.user("leader"), report.pk, expected_version=report.version)
    with pytest.raises(RemarkMissing):
        reports.return_report(
            world.user("coordinator"), report.pk, expected_version=report.version + 1, remarks={("work", ""): "  "}
        )


def test_a_closed_period_takes_no_report(world: World) -> None:
    issue(world)
    report = fill(world, open_period(world, closes_on=date(2026, 7, 20)))
    with clock.frozen(date(2026, 7, 21)), pytest.raises(PeriodClosed):
        reports.submit(world.user("leader"), report.pk, expected_version=report.version)


def test_late_is_late_even_when_accepted(world: World) -> None:
    issue(world)
    report = fill(world, open_period(world))
    with clock.frozen(date(2026, 7, 14)):
        submission = reports.submit(world.user("leader"), report.pk, expected_version=report.version)
        assert submission.days_late == 2
        report.refresh_from_db()
        reports.accept(world.user("coordinator"), report.pk, expected_version=report.version)
    assert Obligation.objects.get(pk=report.obligation_id).is_late
