"""A new holder of the top post in the year: a new letter that names the old one, with time to sign it."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from portal.obligations.choices import State
from portal.organisation import services as organisation
from portal.organisation.models import Person, Tenure
from portal.workdays import clock
from portal.workdays.calendar import load
from responsibility.errors import LetterClosed, NotYourLetter
from responsibility.models import Letter, LetterState
from responsibility.services import letters
from tests.responsibility.letters import YEAR, fresh, ready, sign, sign_for_group
from tests.world import World

CHANGE = date(2026, 6, 1)


def _successor(world: World, day: date = CHANGE, *, starts_on: date | None = None) -> Tenure:
    """The bureau's leader goes; the liaison takes the post."""
    coordinator, old = world.user("coordinator"), world.tenures["leader"]
    begins = starts_on or day
    organisation.end_tenure(coordinator, old.pk, ends_on=begins - timedelta(days=1))
    person = Person.objects.get(employee_no="LIAISON")
    return organisation.appoint(coordinator, post=old.post, person=person, starts_on=begins)


def test_a_signed_letter_is_replaced_by_one_in_the_new_name(world: World) -> None:
    """It names the old one; the old duty stays done; the new one is due ten working days on."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    with clock.frozen(CHANGE):
        tenure = _successor(world)
        letter.refresh_from_db()
        new = fresh()["B"]
        assert (letter.state, letter.obligation.state) == (LetterState.SUPERSEDED, State.DISCHARGED)
        assert (new.replaces, new.tenure, new.serial) == (letter, tenure, 6)
        assert new.content["replaces"] == letter.content["number"]
        assert new.content["leader"]["zh-hans"] == "施明远"
        assert new.obligation.due_on == load().add(CHANGE, 10)
        sign_for_group(world)
        sign(world, "liaison", fresh()["B"])
        assert fresh()["B"].state == LetterState.SIGNED


def test_an_unsigned_letter_ends_with_its_duty(world: World) -> None:
    """When its day had not come, nobody owes it any more; the common day holds for the successor too."""
    letter = ready(world)["B"]
    with clock.frozen(date(2026, 3, 9)):
        _successor(world, date(2026, 3, 9))
        letter.refresh_from_db()
        assert (letter.state, letter.obligation.state) == (LetterState.SUPERSEDED, State.CANCELLED)
        assert fresh()["B"].obligation.due_on == date(2026, 3, 31)


def test_a_day_missed_by_the_predecessor_stays_his(world: World) -> None:
    """His duty goes on climbing until the successor signs: then the unit's letter is signed, late."""
    letter = ready(world)["B"]
    with clock.frozen(CHANGE):
        _successor(world)
        letter.obligation.refresh_from_db()
        assert letter.obligation.state == State.OPEN
        sign_for_group(world)
        sign(world, "liaison", fresh()["B"])
        letter.obligation.refresh_from_db()
        assert letter.obligation.state == State.DISCHARGED
        assert letter.obligation.is_late


def test_the_predecessor_signs_no_more(world: World) -> None:
    """Neither the old letter nor the new one."""
    letter = ready(world)["B"]
    with clock.frozen(CHANGE):
        _successor(world)
        with pytest.raises((Letter.DoesNotExist, LetterClosed, NotYourLetter)), transaction.atomic():
            sign(world, "leader", letter)


def test_a_post_taken_by_the_date_alone_is_followed(world: World) -> None:
    """Entered weeks before: on the first day the letter is replaced, and only once."""
    letter = ready(world)["B"]
    with clock.frozen(date(2026, 5, 4)):
        _successor(world, starts_on=CHANGE)
        assert fresh()["B"] == letter
        assert letters.follow_new_holders() == 0
    with clock.frozen(CHANGE):
        assert letters.follow_new_holders() == 1
        assert fresh()["B"].replaces == letter
        assert letters.follow_new_holders() == 0


def test_who_takes_a_vacant_post_signs_the_letter_there_is(world: World) -> None:
    """A letter in nobody's name is not replaced; it becomes the letter of who signs it."""
    letter = ready(world)["X"]
    person = Person.objects.get(employee_no="LIAISON")
    tenure = organisation.name_acting(
        world.user("head"), post=world.vacant_post, person=person, starts_on=date(2026, 3, 2)
    )
    assert fresh()["X"] == letter
    sign(world, "liaison", letter)
    letter.refresh_from_db()
    assert (letter.tenure, letter.state) == (tenure, LetterState.SIGNED)


def test_an_acting_leader_gets_a_letter_too(world: World) -> None:
    """Whoever answers for the unit signs for it."""
    old = world.tenures["leader"]
    ready(world)
    with clock.frozen(CHANGE):
        organisation.end_tenure(world.user("coordinator"), old.pk, ends_on=date(2026, 5, 31))
        person = Person.objects.get(employee_no="LIAISON")
        acting = organisation.name_acting(world.user("head"), post=old.post, person=person, starts_on=CHANGE)
        assert Letter.objects.live().get(unit=world.unit("B"), year=YEAR).tenure == acting
