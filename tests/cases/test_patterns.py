"""What recurs in cases, and what follows from a loophole to its closing."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import gap
from cases.models import Recommendation
from cases.posts import kind_of
from portal.obligations.services import duties
from systems.models import BlankArea, RequiredSystem
from systems.services import rectification
from tests.cases.crimes import filed
from tests.systems.things import finding, in_force
from tests.world import World


@pytest.mark.parametrize(
    ("post", "kind"),
    [
        ("设备科副科长", "副科长"),
        ("村委会会计", "会计"),
        (" 工程科科长 ", "科长"),
        ("Buyer", "Buyer"),
        ("党支部委员", "委员"),
    ],
)
def test_posts_recur_by_their_kind(post: str, kind: str) -> None:
    assert kind_of(post) == kind


@pytest.fixture
def blank(world: World) -> BlankArea:
    """The other bureau has no system of procurement either."""
    duty = duties.open_duty("clue", world.unit("O").pk, date(2026, 6, 1), label_en="Blank", label_zh="空白", year=2026)
    system = RequiredSystem.objects.get(code="gov_procurement")
    return BlankArea.objects.create(unit=world.unit("O"), category=system, opened_on=date(2026, 2, 1), obligation=duty)


def test_a_case_leads_to_the_units_with_the_same_blank_area_and_they_are_asked_in_one_act(
    world: World, blank: BlankArea
) -> None:
    case, client = filed(world), world.client("coordinator")
    assert "/cases/patterns/gov_procurement/" in client.get("/cases/patterns/").content.decode()
    page = client.get("/cases/patterns/gov_procurement/").content.decode()
    assert case.number in page
    assert "Transport Bureau" in page
    typed = {
        "number": "青石检建〔2026〕9号",
        "case": case.pk,
        "units": blank.unit_id,
        "facts": "f",
        "basis": "b",
        "measures": "m",
        "idempotency_key": str(uuid.uuid4()),
    }
    for _twice in range(2):
        assert client.post("/cases/patterns/gov_procurement/recommend/", typed).status_code == 302
    found = Recommendation.objects.get()
    assert (found.number, found.unit, found.case) == ("青石检建〔2026〕9号-1", world.unit("O"), case)


@pytest.mark.parametrize("url", ["/cases/analysis/", "/cases/patterns/"])
def test_the_pages_ask_as_many_questions_for_many_as_for_few(world: World, url: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            world.client("coordinator").get(url)
        return len(queries)

    filed(world)
    asked()
    few = asked()
    for number in range(5):
        filed(world, f"n{number}")
    assert asked() == few


def test_a_gap_is_followed_from_the_case_to_its_closing(world: World) -> None:
    by, system = world.user("coordinator"), RequiredSystem.objects.get(code="gov_procurement")
    case = filed(world)
    (chain,) = gap.chains(by, system)
    assert (chain.unit, chain.cases, chain.is_renewed, chain.is_closed) == (world.unit("B"), [case], False, False)
    in_force(world)
    (chain,) = gap.chains(by, system)
    assert (chain.is_renewed, chain.is_closed) == (True, False)
    found = finding(world)
    (chain,) = gap.chains(by, system)
    assert (chain.finding, chain.is_closed) == (found, False)
    known, leader = found.rectification, world.user("leader")
    owner = world.user("liaison").person
    known = rectification.name_measure(leader, known.pk, expected_version=0, measure="Hold a tender", owner=owner)
    known = rectification.submit(leader, known.pk, expected_version=known.version, done="Held on 3 March")
    rectification.verify(by, known.pk, expected_version=known.version, remarks="seen")
    (chain,) = gap.chains(by, system)
    assert chain.is_closed
    page = world.client("coordinator").get("/cases/patterns/gov_procurement/").content.decode()
    assert case.number in page
    assert "new or revised since the case" in page


def test_the_page_of_a_gap_asks_no_more_for_more_units(world: World) -> None:
    system = RequiredSystem.objects.get(code="gov_procurement")
    filed(world)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            gap.chains(world.user("coordinator"), system)
        return len(queries)

    asked()
    few = asked()
    for number, code in enumerate("OTV"):
        filed(world, f"n{number}", unit=world.unit(code))
    assert asked() == few
