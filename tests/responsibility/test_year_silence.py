"""The responsibility year through the services: silence, accountability, objection."""

from datetime import date, timedelta

import pytest

from portal.notices.models import Notice
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Step
from portal.web.errors import NotAllowed
from portal.workdays import clock
from responsibility.errors import (
    NotHeardYet,
)
from responsibility.models import (
    AccountabilityCase,
    CaseState,
    Measure,
)
from responsibility.services import accountability
from tests.responsibility.cases import member
from tests.responsibility.year import head_signs, issue
from tests.world import World


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
