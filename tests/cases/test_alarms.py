"""Who works on a case or a clue is told before its limit is reached."""

from datetime import date

import pytest

from cases.models import Clue, CrimeCase
from cases.services import clues, crime
from cases.services.clues.receiving import Told
from portal.notices.models import Notice
from portal.obligations import clock as ladder_clock
from portal.workdays import clock
from tests.cases.crimes import filed, second_officer
from tests.world import World

pytestmark = pytest.mark.django_db


def told(user_id: int, duty_id: int | None) -> set[str]:
    return set(Notice.objects.filter(recipient=user_id, about=f"obligation:{duty_id}").values_list("kind", flat=True))


def run(day: date) -> None:
    with clock.frozen(day):
        ladder_clock.run(day)


def test_the_officer_of_a_case_is_told_before_its_limit(world: World) -> None:
    by = world.user("coordinator")
    with clock.frozen(date(2026, 3, 2)):
        case = crime.reach(by, filed(world).pk, stage="coercive", on=date(2026, 3, 2))
        # Somebody whom no ladder names.
        CrimeCase.objects.update(officer=second_officer(world))
    duty = case.obligation
    assert duty is not None
    run(date(2026, 4, 20))
    assert told(second_officer(world).pk, duty.pk)
    assert not told(world.user("town_head").pk, duty.pk)


def test_the_officers_of_a_clue_are_told_before_its_limit(world: World) -> None:
    by = world.user("coordinator")
    with clock.frozen(date(2026, 3, 2)):
        found = clues.receive(by, office=world.unit("D"), source="report", told=Told("secret"))
        clues.name_officers(by, found.pk, expected_version=0, users=[second_officer(world)], grade="a")
    run(date(2026, 4, 20))
    assert told(second_officer(world).pk, Clue.objects.get().obligation_id)
