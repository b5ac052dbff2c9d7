"""The responsibility year through the services: issue and sign."""

import pytest

from portal.web.errors import NotAllowed
from responsibility.errors import (
    HeadNotSigned,
    NameDiffers,
    NotRead,
    SignedAlready,
)
from responsibility.models import (
    Letter,
    LetterState,
    Signature,
)
from responsibility.services import letters
from tests.responsibility.year import YEAR, head_signs, issue, letter_of
from tests.world import World


def leader_signs(world: World, code: str = "B", name: str = "leader") -> Signature:
    letter, by = letter_of(world, code), world.user(name)
    return letters.sign_for_unit(by, letter.pk, expected_version=letter.version, read=True, typed_name=by.name_zh)


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
