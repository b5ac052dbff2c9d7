"""A new holder of the top post in the year: a new letter that names the old one, with time to sign it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from portal.audit.models import Entry
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.organisation import services as organisation
from portal.organisation.models import Person, Tenure
from portal.workdays import clock
from portal.workdays.calendar import load
from responsibility import letter_pdf
from responsibility.errors import LetterClosed, NotYourLetter
from responsibility.models import Letter, LetterState
from responsibility.services import letters
from tests.responsibility.letters import YEAR, fresh, issue, ready, sign, sign_for_group
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


def test_the_days_missed_by_all_earlier_holders_end_with_the_signature(world: World) -> None:
    """Two went without signing, the letter of a third was withdrawn: whoever signs closes all of it, late."""
    ready(world)
    coordinator, old = world.user("coordinator"), world.tenures["leader"]
    for month, who in ((4, "OTHER_LEADER"), (6, "VILLAGE_LEADER"), (8, "LIAISON")):
        begins = date(2026, month, 20)
        with clock.frozen(begins):
            organisation.end_tenure(coordinator, old.pk, ends_on=begins - timedelta(days=1))
            person = Person.objects.get(employee_no=who)
            old = organisation.appoint(coordinator, post=old.post, person=person, starts_on=begins)
    with clock.frozen(date(2026, 9, 10)):
        letter = fresh()["B"]
        letters.withdraw(coordinator, letter.pk, expected_version=letter.version, reason="Wrong words")
        issue(world)
        sign_for_group(world)
        still_open = Obligation.objects.filter(kind="letter", unit=world.unit("B"), state=State.OPEN)
        assert still_open.count() == 4
        sign(world, "liaison", fresh()["B"])
        assert not still_open.exists()


def test_the_pdf_of_a_replaced_letter_is_still_reached(world: World) -> None:
    """By its number, as its page; the link carries it."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    with clock.frozen(CHANGE):
        _successor(world)
        client, url = world.client("coordinator"), letter.get_absolute_url()
        page = client.get(f"{url}?no={letter.serial}").content.decode()
        assert f"{url}pdf/?no={letter.serial}&amp;language=en" in page
        answer: Any = client.get(f"{url}pdf/?no={letter.serial}&language=en")
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        assert client.get(f"{url}pdf/", {"language": "en"})["Location"] == url
        assert client.get(f"{url}pdf/", {"no": "2"}).status_code == 404


@pytest.mark.parametrize("sealed_first", [True, False])
def test_the_document_of_a_replaced_letter_is_genuine_but_no_longer_in_force(world: World, sealed_first: bool) -> None:
    """From the transaction that replaces the letter on, whether its document was made before or after; no names."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    letter.refresh_from_db()
    anybody = world.client("anonymous")
    if sealed_first:
        code = letter_pdf.sealed(letter, "en").code
        assert "Genuine and in force" in anybody.get(f"/verify/{code}/").content.decode()
    with clock.frozen(CHANGE):
        _successor(world)
    with clock.frozen(CHANGE + timedelta(days=7)):
        page = anybody.get(f"/verify/{letter_pdf.sealed(letter, 'en').code}/").content.decode()
        assert "Genuine, but replaced on 1 June 2026" in page
        assert "in force and" not in page
        assert "Genuine and in force" not in page
        assert "施明远" not in page
        assert "Xu Zhixin" not in page
    assert Entry.objects.filter(action="letter.superseded", subject_id=str(letter.pk)).count() == 1


def test_the_successors_document_names_the_one_it_replaces(world: World) -> None:
    """And the verification of the old one gives the number of the new."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    letter.refresh_from_db()
    with clock.frozen(CHANGE):
        _successor(world)
        sign_for_group(world)
        sign(world, "liaison", fresh()["B"])
        new = letter_pdf.sealed(fresh()["B"], "en")
        page = world.client("anonymous").get(f"/verify/{letter_pdf.sealed(letter, 'en').code}/").content.decode()
        assert f"has the number {new.number}" in page
        assert "Genuine and in force" in world.client("anonymous").get(f"/verify/{new.code}/").content.decode()


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
