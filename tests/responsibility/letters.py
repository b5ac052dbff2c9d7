"""What the tests of letters have in common: an opened year, letters issued, signed for the group."""

from datetime import date

from responsibility.models import Letter, ProgrammeYear
from responsibility.services import letters
from tests.world import World

YEAR = 2026
DUE = date(2026, 3, 31)


def open_year(year: int = YEAR, due: date = DUE) -> ProgrammeYear:
    """A year whose letters are signed by a day."""
    return ProgrammeYear.objects.create(year=year, signing_due_on=due)


def issue(world: World, year: int = YEAR) -> dict[str, Letter]:
    """The letters of the whole district, by the code of their unit."""
    path = str(world.unit("D").path)
    while letters.issue_chunk(world.user("coordinator"), year, path=path):
        pass
    return {letter.unit.code: letter for letter in Letter.objects.for_year(year).live().select_related("unit")}


def sign_for_group(world: World, head: str = "head", year: int = YEAR) -> int:
    """All letters that wait for a head, signed."""
    by = world.user(head)
    waiting = [letter.pk for letter in letters.waiting_for(by, year)]
    return letters.sign_for_group(by, year=year, letter_ids=waiting, typed_name=by.name_zh)


def ready(world: World) -> dict[str, Letter]:
    """An opened year whose letters wait for the top leaders."""
    open_year()
    issue(world)
    sign_for_group(world)
    sign_for_group(world, "town_head")
    return fresh()


def fresh(year: int = YEAR) -> dict[str, Letter]:
    """The live letters as they now stand, by the code of their unit."""
    return {letter.unit.code: letter for letter in Letter.objects.for_year(year).live().select_related("unit")}


def sign(world: World, who: str, letter: Letter) -> None:
    """A letter, signed by its top leader."""
    by = world.user(who)
    letters.sign_for_unit(by, letter.pk, expected_version=letter.version, read=True, typed_name=by.name_zh)
