"""The responsibility year through the services: issue, sign, report, return, accept, silence, accountability."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.notices.models import Notice
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Obligation, Step
from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from responsibility import report_parts
from responsibility.errors import (
    HeadNotSigned,
    NameDiffers,
    NotHeardYet,
    NotRead,
    PeriodClosed,
    RemarkMissing,
    ReportIncomplete,
    ReportNotEditable,
    ReportNotSubmitted,
    SignedAlready,
)
from responsibility.models import (
    AccountabilityCase,
    CaseState,
    Letter,
    LetterState,
    Measure,
    Part,
    PeriodKind,
    Report,
    ReportState,
    Signature,
)
from responsibility.services import accountability, letters, programme, reports
from tests.responsibility.cases import member
from tests.world import World

YEAR = 2026


def issue(world: World) -> None:
    programme.open_year(world.user("coordinator"), year=YEAR, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(world.user("coordinator"), YEAR, path=str(world.unit("D").path))


def head_signs(world: World, name: str = "head") -> int:
    by = world.user(name)
    ids = [letter.pk for letter in letters.waiting_for(by, YEAR)]
    return letters.sign_for_group(by, year=YEAR, letter_ids=ids, typed_name=by.name_en)


def letter_of(world: World, code: str) -> Letter:
    return Letter.objects.live().get(unit=world.unit(code), year=YEAR)


def leader_signs(world: World, code: str = "B", name: str = "leader") -> Signature:
    letter, by = letter_of(world, code), world.user(name)
    return letters.sign_for_unit(by, letter.pk, expected_version=letter.version, read=True, typed_name=by.name_zh)


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


def test_a_letter_stands_between_a_unit_and_the_leading_group_above_it(world: World) -> None:
    issue(world)
    assert letter_of(world, "V").group.unit == world.unit("T")
    assert letter_of(world, "T").group.unit == world.unit("D")
    assert not Letter.objects.filter(unit=world.unit("D")).exists()


def test_issuing_twice_gives_no_unit_a_second_letter(world: World) -> None:
    issue(world)
    assert letters.issue_chunk(world.user("coordinator"), YEAR, path=str(world.unit("D").path)) == 0
    assert Letter.objects.count() == 5


def test_numbers_run_without_a_gap(world: World) -> None:
    issue(world)
    assert sorted(Letter.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5]
    assert letter_of(world, "B").content["number"]["zh-hans"].endswith("〔2026〕1号")


def test_the_head_signs_only_the_letters_of_his_own_group(world: World) -> None:
    issue(world)
    assert head_signs(world) == 4
    assert letter_of(world, "V").state == LetterState.ISSUED
    assert head_signs(world, "town_head") == 1


def test_who_heads_no_group_signs_no_batch(world: World) -> None:
    issue(world)
    with pytest.raises(NotAllowed):
        letters.sign_for_group(world.user("leader"), year=YEAR, letter_ids=[letter_of(world, "B").pk], typed_name="x")


def test_the_leader_cannot_sign_before_the_head(world: World) -> None:
    issue(world)
    with pytest.raises(HeadNotSigned):
        leader_signs(world)


def test_the_leaders_signature_keeps_the_words_and_discharges_the_duty(world: World) -> None:
    issue(world)
    head_signs(world)
    signature = leader_signs(world)
    letter = Letter.objects.get(pk=signature.letter_id)
    assert letter.state == LetterState.SIGNED
    assert signature.content_sha256 == letter.content_sha256
    assert letter.obligation.state == "discharged"


def test_nobody_signs_twice(world: World) -> None:
    issue(world)
    head_signs(world)
    leader_signs(world)
    with pytest.raises(SignedAlready):
        leader_signs(world)
    assert Signature.objects.filter(side="unit").count() == 1


def test_another_units_letter_is_not_there(world: World) -> None:
    issue(world)
    head_signs(world)
    letter = letter_of(world, "B")
    with pytest.raises(Letter.DoesNotExist):
        letters.sign_for_unit(
            world.user("other_leader"), letter.pk, expected_version=letter.version, read=True, typed_name="He Anlan"
        )


def test_an_unread_letter_and_a_wrong_name_are_refused(world: World) -> None:
    issue(world)
    head_signs(world)
    letter, by = letter_of(world, "B"), world.user("leader")
    with pytest.raises(NotRead):
        letters.sign_for_unit(by, letter.pk, expected_version=letter.version, read=False, typed_name=by.name_en)
    with pytest.raises(NameDiffers):
        letters.sign_for_unit(by, letter.pk, expected_version=letter.version, read=True, typed_name="Somebody")


def test_the_coordinator_does_not_sign_for_a_unit(world: World) -> None:
    issue(world)
    head_signs(world)
    letter = letter_of(world, "B")
    with pytest.raises(NotAllowed):
        letters.sign_for_unit(
            world.user("coordinator"), letter.pk, expected_version=letter.version, read=True, typed_name="Coordinator"
        )


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


def silent_until(world: World, day: date) -> AccountabilityCase:
    issue(world)
    head_signs(world)
    with clock.frozen(day):
        ladder_clock.run(day)
    return AccountabilityCase.objects.get(unit=world.unit("B"))


OPENED = date(2026, 4, 15)


def test_silence_opens_a_case_against_the_person_in_office_who_is_told(world: World) -> None:
    case = silent_until(world, OPENED)
    assert case.person == world.tenures["leader"].person
    assert case.group == world.group
    assert Notice.objects.filter(recipient=world.users["leader"], kind="case_opened").count() == 1


def test_running_the_clock_again_opens_no_second_case(world: World) -> None:
    silent_until(world, OPENED)
    with clock.frozen(OPENED):
        ladder_clock.run(OPENED)
        ladder_clock.run(OPENED - timedelta(days=3))
    assert AccountabilityCase.objects.filter(unit=world.unit("B")).count() == 1
    assert Step.objects.filter(obligation__unit=world.unit("B"), action="open_accountability").count() == 1


def test_nothing_is_decided_before_the_person_is_heard(world: World) -> None:
    case = silent_until(world, OPENED)
    measure = Measure.objects.get(code="ordered_correction")
    with clock.frozen(OPENED), pytest.raises(NotHeardYet):
        accountability.decide(world.user("head"), case.pk, expected_version=0, measure=measure, reason="Late.")


def test_the_head_decides_after_the_explanation_and_the_person_may_object_once(world: World) -> None:
    deputy = member(world.group, "deputy")
    case = silent_until(world, OPENED)
    measure = Measure.objects.get(code="ordered_correction")
    with clock.frozen(OPENED + timedelta(days=1)):
        accountability.explain(world.user("leader"), case.pk, expected_version=0, text="I was ill.")
        accountability.propose(world.user("coordinator"), case.pk, expected_version=1, measure=measure, reason="First.")
        accountability.decide(world.user("head"), case.pk, expected_version=2, measure=measure, reason="Correct it.")
        accountability.object_to(world.user("leader"), case.pk, expected_version=3, text="The letter was late.")
        accountability.answer_objection(deputy, case.pk, expected_version=4, measure=None, reason="True.")
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert case.no_measure


def test_the_coordinator_decides_only_what_is_his_to_decide(world: World) -> None:
    case = silent_until(world, OPENED)
    talk, correction = Measure.objects.get(code="reminder_talk"), Measure.objects.get(code="ordered_correction")
    with clock.frozen(OPENED + timedelta(days=10)):
        by = world.user("coordinator")
        with pytest.raises(NotAllowed):
            accountability.decide(by, case.pk, expected_version=0, measure=correction, reason="Late.")
        accountability.decide(by, case.pk, expected_version=0, measure=talk, reason="Late.")


def test_nobody_decides_in_his_own_case(world: World) -> None:
    issue(world)
    head_signs(world)
    head_signs(world, "town_head")
    with clock.frozen(OPENED):
        ladder_clock.run(OPENED)
    case = AccountabilityCase.objects.get(unit=world.unit("T"))
    assert case.person == world.tenures["town_head"].person
    with clock.frozen(OPENED + timedelta(days=10)), pytest.raises(NotAllowed):
        accountability.decide(world.user("town_head"), case.pk, expected_version=0, measure=None, reason="No.")
