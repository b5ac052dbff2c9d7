"""A decision that nobody objected to in time becomes final by the day alone."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from portal.audit import services as audit
from portal.audit.models import Entry
from portal.notices.models import Notice
from portal.workdays import clock
from responsibility import tasks
from responsibility.errors import ObjectionTooLate
from responsibility.models import AccountabilityCase, CaseState, EntryKind
from responsibility.services import accountability
from tests.responsibility.cases import HEARD, decided, of, silent
from tests.responsibility.letters import fresh, sign
from tests.world import World


def finished(world: World) -> AccountabilityCase:
    """Decided, and the letter signed: nothing is raised any more."""
    case = silent(world)
    decided(world, case)
    with clock.frozen(HEARD):
        sign(world, "leader", fresh()["B"])
    return case


def last_day(case: AccountabilityCase) -> date:
    assert case.object_until is not None
    return case.object_until


def test_the_run_of_the_clock_closes_it_the_day_after_and_the_measure_stands(world: World) -> None:
    case = finished(world)
    day = last_day(case) + timedelta(days=1)
    with clock.frozen(day):
        call_command("run_clock", verbosity=0)
    case.refresh_from_db()
    assert (case.state, case.closed_on, case.measure) == (CaseState.CLOSED, day, of("ordered_correction"))
    assert Entry.objects.filter(action="case.closed").count() == 1
    assert audit.verify()[1] is None


def test_on_the_last_day_of_the_objection_it_stays_open(world: World) -> None:
    case = finished(world)
    with clock.frozen(last_day(case)):
        assert accountability.close_final() == 0


def test_the_beat_closes_it_once_however_often_it_wakes(world: World) -> None:
    case = finished(world)
    with clock.frozen(date(2026, 6, 24)):
        tasks.close_final_cases()
        tasks.close_final_cases()
    case.refresh_from_db()
    assert (case.version, case.closed_on) == (2, last_day(case) + timedelta(days=1))
    assert case.entries.filter(kind=EntryKind.CLOSED).count() == 1


def test_several_are_closed_in_one_go(world: World) -> None:
    finished(world)
    other = AccountabilityCase.objects.get(unit=world.unit("O"))
    decided(world, other)
    with clock.frozen(date(2026, 6, 24)):
        assert accountability.close_final() == 2


def test_a_case_that_was_objected_to_waits_for_its_answer(world: World) -> None:
    case = finished(world)
    with clock.frozen(HEARD):
        accountability.object_to(world.user("leader"), case.pk, expected_version=1, text="No.")
    with clock.frozen(date(2026, 6, 24)):
        assert accountability.close_final() == 0


def test_after_it_is_closed_the_list_shows_it_so_and_an_objection_comes_too_late(world: World) -> None:
    case = finished(world)
    with clock.frozen(date(2026, 6, 24)):
        accountability.close_final()
        page = world.client("coordinator").get("/accountability/?state=closed").content.decode()
        assert "Finance Bureau" in page
        with pytest.raises(ObjectionTooLate):
            accountability.object_to(world.user("leader"), case.pk, expected_version=2, text="Now.")
    assert not Notice.objects.filter(kind="case_objected").exists()
