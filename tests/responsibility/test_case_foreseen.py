"""What the forecast says of raising: one level up, no level above, referred, no case; asked at once for many duties."""

from datetime import date

import pytest
from django.db.models import F

from portal.obligations import registry
from portal.obligations.choices import Raising
from portal.obligations.models import Obligation, Step
from portal.workdays import clock
from responsibility.models import AccountabilityCase, CaseState
from responsibility.services import accountability
from tests.responsibility.cases import OPENED, RAISED, run, silent
from tests.responsibility.conftest import Capture
from tests.responsibility.letters import fresh, ready
from tests.world import World


def foreseen(world: World, unit: str) -> Raising:
    duty = fresh()[unit].obligation_id
    return registry.raisings([duty])[duty]


def told(world: World, unit: str, on: date = date(2026, 4, 16)) -> str:
    with clock.frozen(on):
        return world.client("coordinator").get(f"/duties/{fresh()[unit].obligation_id}/").content.decode()


@pytest.mark.parametrize(("unit", "raising"), [("V", Raising.UP), ("B", Raising.TOP)])
def test_before_a_case_is_open_and_after(world: World, unit: str, raising: Raising) -> None:
    ready(world)
    assert foreseen(world, unit) == raising
    run(OPENED)
    assert AccountabilityCase.objects.filter(unit=world.unit(unit)).exists()
    assert foreseen(world, unit) == raising


@pytest.mark.parametrize("unit", ["V", "B"])
def test_what_was_foreseen_is_what_the_clock_does(world: World, unit: str) -> None:
    case = silent(world, unit)
    raising = foreseen(world, unit)
    run(RAISED)
    case.refresh_from_db()
    assert case.at_top is (raising == Raising.TOP)


def test_a_referred_case_stays_where_it_is(world: World) -> None:
    case = silent(world)
    AccountabilityCase.objects.filter(pk=case.pk).update(state=CaseState.REFERRED, decided_on=F("opened_on"))
    assert foreseen(world, "B") == Raising.REFERRED
    page = told(world, "B")
    assert "referred to the body above and stays there" in page
    assert "one level up the tree" not in page


def test_where_nobody_was_in_office_there_is_no_case(world: World) -> None:
    ready(world)
    run(OPENED)
    other = Obligation.objects.get(pk=fresh()["O"].obligation_id)
    Obligation.objects.filter(pk=other.pk).update(tenure=None)
    AccountabilityCase.objects.filter(obligation=other).update(obligation=None)
    assert Step.objects.filter(obligation=other, action="open_accountability").exists()
    assert foreseen(world, "O") == Raising.NO_CASE
    assert "There is no case to raise: nobody was in office on the due day." in told(world, "O")


def test_each_sentence_stands_on_the_page_of_its_duty(world: World) -> None:
    silent(world)
    assert "No level stands above: the same leading group decides on a further measure." in told(world, "B")
    assert "The case goes one level up the tree." in told(world, "V")


def test_many_duties_cost_as_many_queries_as_few(world: World, connection_queries: Capture) -> None:
    silent(world)
    duties = {code: letter.obligation_id for code, letter in fresh().items()}
    counts = []
    for some in ([duties["B"], duties["V"], duties["X"]], list(duties.values())):
        with connection_queries() as seen:
            accountability.raisings(some)
        counts.append(len(seen))
    assert counts[0] == counts[1]
