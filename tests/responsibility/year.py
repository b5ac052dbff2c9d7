"""What the tests of the year have in common: letters issued and signed, a period opened, a report filled in."""

from datetime import date

from responsibility.models import (
    Letter,
)
from responsibility.services import letters, programme
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
