"""A major duty-crime case opens accountability of who led the unit when the act was done."""

from datetime import date

import pytest

from cases.services import crime
from portal.notices.models import Notice
from portal.workdays import clock
from responsibility.accountability_rules import MILDEST_FOR_MAJOR
from responsibility.errors import TooMild
from responsibility.models import AccountabilityCase, Cause
from responsibility.services import accountability
from tests.cases.crimes import accused, deed, filed
from tests.responsibility.cases import browser, of, post
from tests.world import World

pytestmark = pytest.mark.django_db
FILED, HEARD = date(2026, 3, 2), date(2026, 3, 12)
TIER = "3000000"


def major(world: World, number: str = "1") -> AccountabilityCase:
    """The case that a major one opens."""
    with clock.frozen(FILED):
        filed(world, number, deeds=[deed(TIER)])
    return AccountabilityCase.objects.get(crime_case__number=number)


def test_the_leader_of_the_day_of_the_act_answers_and_is_told(world: World) -> None:
    case = major(world)
    assert (case.cause, case.tenure, case.opened_on) == (Cause.MAJOR_CASE, world.tenures["leader"], FILED)
    assert (case.group and case.group.unit) == world.unit("D")
    assert Notice.objects.filter(kind="case_opened", recipient=world.users["leader"]).count() == 1


def test_it_is_opened_once_for_each_case_and_numbers_follow_each_other(world: World) -> None:
    first, second = major(world), major(world, "2")
    with clock.frozen(FILED):
        assert first.crime_case is not None
        crime.add_suspect(world.user("coordinator"), first.crime_case.pk, accused("高某", "township_section_chief"))
    assert (AccountabilityCase.objects.count(), second.serial) == (2, first.serial + 1)


def test_nobody_answers_where_nobody_led_the_unit(world: World) -> None:
    with clock.frozen(FILED):
        filed(world, deeds=[deed(TIER, days=(date(2023, 1, 1), date(2023, 6, 1)))])
    assert not AccountabilityCase.objects.exists()


def test_an_ordinary_case_opens_nothing(world: World) -> None:
    with clock.frozen(FILED):
        filed(world)
    assert not AccountabilityCase.objects.exists()


def test_no_milder_measure_than_an_admonishing_talk_is_possible(world: World) -> None:
    case = major(world)
    with clock.frozen(HEARD):
        words = {"expected_version": case.version, "reason": "重大案件"}
        with pytest.raises(TooMild):
            accountability.propose(world.user("coordinator"), case.pk, measure=of("reminder_talk"), **words)
        with pytest.raises(TooMild):
            accountability.decide(world.user("head"), case.pk, measure=of("ordered_correction"), **words)
        decided = accountability.decide(world.user("head"), case.pk, measure=of(MILDEST_FOR_MAJOR), **words)
    assert decided.measure == of(MILDEST_FOR_MAJOR)


def test_pages_offer_only_possible_measures_and_link_the_case_for_who_reads_it(world: World) -> None:
    case = major(world)
    assert case.crime_case is not None
    with clock.frozen(HEARD):
        for who, links in (("coordinator", True), ("leader", False)):
            page = browser(world.user(who)).get(case.get_absolute_url()).content.decode()
            assert case.crime_case.number in page
            assert (f'href="{case.crime_case.get_absolute_url()}"' in page) is links
        coordinator = browser(world.user("coordinator"))
        form = coordinator.get(f"{case.get_absolute_url()}propose/").content.decode()
        assert 'value="reminder_talk"' not in form
        assert 'value="veto"' in form
        assert post(coordinator, case, "propose", measure="reminder_talk", reason="x") == 422
