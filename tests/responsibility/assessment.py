"""What the tests of the assessment have in common."""

from datetime import date
from decimal import Decimal

from portal.workdays import clock
from responsibility.models import Assessment, Score, Standard
from responsibility.services import assessment as verbs
from tests.responsibility.letters import YEAR, ready, sign
from tests.world import World

AS_OF = date(2026, 12, 31)
UNTIL = date(2027, 1, 20)


def adopted(world: World) -> Standard:
    """The standard that the portal comes with, adopted."""
    return verbs.adopt(world.user("coordinator"), 1)


def opened(world: World) -> Assessment:
    """A year whose letters wait for the leaders, one of them signed; its assessment opened."""
    sign(world, "leader", ready(world)["B"])
    adopted(world)
    return verbs.open_assessment(world.user("coordinator"), YEAR)


def shown(world: World) -> Assessment:
    """With the units, in January."""
    opened(world)
    with clock.frozen(date(2027, 1, 4)):
        return verbs.start_self_check(world.user("coordinator"), YEAR, expected_version=0, as_of=AS_OF, until=UNTIL)


def score_of(world: World, code: str) -> Score:
    """A unit's kept score."""
    return Score.objects.select_related("unit", "assessment").get(unit=world.unit(code))


def points(score: Score) -> dict[str, Decimal]:
    """Points by criterion."""
    return {line["code"]: Decimal(line["points"]) for line in score.lines}
