"""Letters, reports and cases when units change: what is signed and handed in stays, the rest ends or is passed on."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.obligations.models import Obligation
from portal.organisation.change_errors import DecisionMissing
from portal.organisation.errors import UnitDissolved
from portal.organisation.models import LeadingGroup, Unit
from portal.organisation.services import changes
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.errors import ReportEnded
from responsibility.models import Letter, LetterState, Report, ReportState
from responsibility.services import letters
from responsibility.services.changes import OTHER_GROUP
from tests.responsibility.letters import YEAR, fresh, issue, open_year, ready, sign
from tests.responsibility.reports import DUE, hand_in, open_period, send_back
from tests.world import TODAY, World

ENDS = {"duties:report": "ends", OTHER_GROUP: "ends"}


def decide(world: World, change: changes.Change) -> None:
    changes.decide(world.user("coordinator"), change)


def merge(world: World, code: str, to: str, **values: Any) -> None:
    typed = {"effective_on": clock.today(), "reason": "Document 7.", "decisions": ENDS} | values
    decide(world, changes.Merge(unit_id=world.unit(code).pk, successor_id=world.unit(to).pk, **typed))


def move(world: World, code: str, to: str, **decisions: str) -> None:
    parent = world.unit(to).pk
    typed: dict[str, Any] = {"effective_on": TODAY, "reason": "Document 7.", "decisions": decisions}
    decide(world, changes.Move(unit_id=world.unit(code).pk, parent_id=parent, **typed))


class TestLetters:
    def test_an_unsigned_letter_of_a_unit_that_is_no_more_is_withdrawn(self, world: World) -> None:
        before = ready(world)
        merge(world, "O", "B")
        letter = Letter.objects.get(pk=before["O"].pk)
        assert (letter.state, letter.reason) == (LetterState.WITHDRAWN, "Document 7.")
        assert letter.obligation.state == "cancelled"
        assert fresh()["B"].state == LetterState.HEAD_SIGNED

    def test_so_is_that_of_a_dissolved_one(self, world: World) -> None:
        before = ready(world)
        decide(world, changes.Dissolve(unit_id=world.unit("O").pk, effective_on=TODAY, reason="Document 7."))
        assert Letter.objects.get(pk=before["O"].pk).state == LetterState.WITHDRAWN

    def test_a_signed_letter_stays_and_says_the_name_of_its_day(self, world: World) -> None:
        sign(world, "leader", ready(world)["B"])
        words = {"name_en": "Treasury", "name_zh": "国库局"}
        decide(world, changes.Rename(unit_id=world.unit("B").pk, effective_on=TODAY, reason="x", **words))
        page = world.client("coordinator").get(f"/letters/{YEAR}/B/").content.decode()
        assert "Finance Bureau" in page
        letter = Letter.objects.get(unit=world.unit("B"))
        assert (letter.content["unit"]["zh-hans"], letter.signatures.get(side="unit").office_zh) == (
            "财政局",
            "财政局主任",
        )
        merge(world, "B", "O")
        assert Letter.objects.get(pk=letter.pk).state == LetterState.SIGNED

    def test_where_the_leading_group_changes_it_is_decided_whether_it_stays(self, world: World) -> None:
        LeadingGroup.objects.create(unit=world.unit("O"), name_en="g", name_zh="g")
        ready(world)
        with pytest.raises(DecisionMissing):
            move(world, "V", "O")
        move(world, "V", "O", **{OTHER_GROUP: "stays"})
        assert fresh()["V"].state == LetterState.HEAD_SIGNED

    def test_withdrawn_it_is_issued_anew_under_the_new_group(self, world: World) -> None:
        group = LeadingGroup.objects.create(unit=world.unit("O"), name_en="g", name_zh="g")
        ready(world)
        move(world, "V", "O", **{OTHER_GROUP: "ends"})
        assert "V" not in fresh()
        assert letters.issue_chunk(world.user("coordinator"), YEAR, path=str(world.unit("D").path)) == 1
        assert fresh()["V"].group == group

    def test_letters_below_a_leading_group_that_is_no_more_end(self, world: World) -> None:
        open_year()
        issue(world)
        merge(world, "T", "B")
        assert "V" not in fresh()

    def test_a_move_under_the_same_group_touches_no_letter(self, world: World) -> None:
        ready(world)
        move(world, "X", "B")
        assert fresh()["X"].state == LetterState.HEAD_SIGNED


class TestReports:
    def test_a_report_that_is_passed_on_is_owed_once_by_who_goes_on(self, world: World) -> None:
        ready(world)
        open_period(world)
        merge(world, "O", "B", decisions={"duties:report": "moves:B"})
        assert Report.objects.filter(unit=world.unit("B")).count() == 1
        assert Report.objects.get(unit=world.unit("O")).obligation.state == "cancelled"

    def test_a_successor_with_a_letter_and_without_the_report_owes_it_by_the_same_day(self, world: World) -> None:
        ready(world)
        period = open_period(world)
        theirs = Report.objects.get(unit=world.unit("X"))
        Obligation.objects.filter(pk=theirs.obligation_id).update(kind="gone")
        Report.objects.filter(pk=theirs.pk).delete()
        merge(world, "O", "X", decisions={"duties:report": "moves:X"})
        owed = Report.objects.get(unit=world.unit("X"), period=period)
        assert (owed.obligation.due_on, owed.obligation.label_en) == (DUE, "Half-yearly report 2026")

    def test_never_sooner_than_a_successor_must(self, world: World) -> None:
        ready(world)
        open_period(world)
        Report.objects.filter(unit=world.unit("X")).delete()
        with clock.frozen(date(2026, 7, 9)):
            merge(world, "O", "X", decisions={"duties:report": "moves:X"})
            expected = load_calendar().add(date(2026, 7, 9), 10)
        assert Report.objects.get(unit=world.unit("X")).obligation.due_on == expected

    def test_a_new_unit_owes_the_running_periods_once_it_has_a_letter(self, world: World) -> None:
        ready(world)
        open_period(world)
        new = changes.NewUnit("OX", "Works", "工程局", world.unit("B").type_id)
        others = (world.unit("X").pk,)
        decisions = {"duties:report": "moves:OX"}
        typed: dict[str, Any] = {"effective_on": TODAY, "reason": "x", "decisions": decisions}
        decide(world, changes.Merge(unit_id=world.unit("O").pk, other_ids=others, new=new, **typed))
        made = Unit.objects.get(code="OX")
        assert not Report.objects.filter(unit=made).exists()
        issue(world)
        assert Report.objects.get(unit=made).obligation.due_on == DUE

    def test_a_report_that_is_owed_no_more_is_written_no_more(self, world: World, report: Report) -> None:
        merge(world, "B", "O")
        report = Report.objects.get(pk=report.pk)
        assert isinstance(report.stopped(TODAY), ReportEnded)
        page = world.client("coordinator").get(report.get_absolute_url()).content.decode()
        assert "Ended" in page

    def test_a_report_with_the_reviewer_can_be_accepted_and_not_returned(self, world: World, report: Report) -> None:
        report = hand_in(world, report)
        merge(world, "B", "O")
        with pytest.raises(UnitDissolved):
            send_back(world, report)
        assert Report.objects.get(pk=report.pk).state == ReportState.SUBMITTED

    def test_what_was_decided_earlier_does_not_count_for_the_clock_that_performs_it_later(self, world: World) -> None:
        ready(world)
        tomorrow = TODAY + timedelta(days=1)
        merge(world, "O", "B", effective_on=tomorrow)
        with clock.frozen(tomorrow):
            assert changes.perform_due(tomorrow) == 1
        assert "O" not in fresh()
