"""A leader signs: the right person, once, on the frozen words."""

import pytest
from django.db import DatabaseError, transaction

from portal.audit.models import Entry
from portal.obligations.choices import State
from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from responsibility.errors import (
    HeadNotSigned,
    NameDiffers,
    NotRead,
    SignedAlready,
)
from responsibility.models import Letter, LetterState, Side, Signature
from responsibility.services import letters
from tests.responsibility.letters import issue, open_year, ready, sign
from tests.world import World


def test_the_leader_signs_and_the_duty_is_done(world: World) -> None:
    """State, day, signature with tenure and office, duty, log."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    letter.refresh_from_db()
    assert (letter.state, letter.signed_at) == (LetterState.SIGNED, clock.now())
    signature = letter.signatures.get(side=Side.UNIT)
    assert signature.tenure == world.tenures["leader"]
    assert (signature.office_en, signature.office_zh) == ("Director, Finance Bureau", "财政局主任")
    assert letter.obligation.state == State.DISCHARGED
    assert Entry.objects.filter(action="letter.signed", subject_id=str(letter.pk)).exists()


def test_the_head_signs_first(world: World) -> None:
    """Before, the leader is asked to wait."""
    open_year()
    letter = issue(world)["B"]
    with pytest.raises(HeadNotSigned), transaction.atomic():
        sign(world, "leader", letter)


def test_reading_and_the_name_are_asked_for(world: World) -> None:
    """Neither can be left out; nothing is signed."""
    letter, by = ready(world)["B"], world.user("leader")
    with pytest.raises(NotRead), transaction.atomic():
        letters.sign_for_unit(by, letter.pk, expected_version=letter.version, read=False, typed_name="许志新")
    with pytest.raises(NameDiffers), transaction.atomic():
        letters.sign_for_unit(by, letter.pk, expected_version=letter.version, read=True, typed_name="何安澜")
    assert not Signature.objects.filter(side=Side.UNIT).exists()


def test_another_units_letter_does_not_exist(world: World) -> None:
    """For the service as for the page."""
    letter = ready(world)["B"]
    with pytest.raises(Letter.DoesNotExist), transaction.atomic():
        sign(world, "other_leader", letter)


@pytest.mark.parametrize("name", ["liaison", "coordinator", "head"])
def test_whoever_may_read_may_not_sign(world: World, name: str) -> None:
    """Only the holder of the top post does."""
    letter = ready(world)["B"]
    with pytest.raises(NotAllowed), transaction.atomic():
        letters.sign_for_unit(
            world.user(name), letter.pk, expected_version=letter.version, read=True, typed_name="许志新"
        )


def test_nobody_signs_twice_and_the_slower_of_two_loses(world: World) -> None:
    """A second signature is refused by the service, an outdated page by its version, and the database keeps both."""
    letter = ready(world)["B"]
    Letter.objects.filter(pk=letter.pk).update(version=letter.version + 1)
    with pytest.raises(Conflict), transaction.atomic():
        sign(world, "leader", letter)
    letter.refresh_from_db()
    sign(world, "leader", letter)
    with pytest.raises(SignedAlready), transaction.atomic():
        sign(world, "leader", letter)
    assert Signature.objects.filter(letter=letter, side=Side.UNIT).count() == 1


def test_a_signature_is_kept_for_good(world: World) -> None:
    """Neither changed nor removed, whoever asks."""
    letter = ready(world)["B"]
    for change in (
        lambda: Signature.objects.filter(letter=letter).update(typed_name="x"),
        lambda: Signature.objects.filter(letter=letter).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
