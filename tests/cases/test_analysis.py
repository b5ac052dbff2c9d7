"""Figures of cases: durations, ages, sources, clues in time, the dark figure; patterns and what follows from a loophole."""

import random
import uuid
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cases import detection, gap, measures
from cases.detection import Lists
from cases.models import Clue, CrimeCase, Recommendation
from cases.posts import kind_of
from cases.services import clues, crime, recommendations
from cases.services.clues.receiving import Told
from portal.obligations.services import duties
from portal.organisation.models import Rank
from portal.workdays import clock
from systems.models import BlankArea, RequiredSystem
from systems.outcomes import Window
from systems.services import rectification
from tests.cases.crimes import filed
from tests.systems.things import finding, in_force
from tests.world import World


def all_cases() -> Any:
    return CrimeCase.objects.all()


def test_durations_are_medians_of_the_cases_that_reached_both(world: World) -> None:
    by = world.user("coordinator")
    for number, days in enumerate((1, 5, 20), start=1):
        case = filed(world, f"n{number}", filed_on=date(2026, 2, 1))
        crime.reach(by, case.pk, stage="investigated", on=date(2026, 2, 1 + days))
    filed(world, "n9")
    assert measures.spans(all_cases()) == [measures.Span("filed", "investigated", 3, 5, 17)]
    assert measures.trend(all_cases()) == [(2026, 4, 0, 0)]
    assert measures.trend(all_cases(), "filed", "investigated") == [(2026, 4, 3, 5)]


def test_open_cases_are_counted_by_age_and_found_cases_by_source(world: World) -> None:
    filed(world, "1", filed_on=date(2025, 1, 1), source="audit")
    filed(world, "2", source="audit")
    assert measures.ages(all_cases(), clock.today()) == {"under-90": 1, "90-180": 0, "180-365": 0, "over-365": 1}
    assert measures.by_source(all_cases()) == [("audit", 2)]


def test_clues_are_counted_in_time_by_their_duty(world: World) -> None:
    by = world.user("coordinator")
    for day in (date(2025, 12, 1), date(2026, 2, 1)):
        clue = clues.receive(by, office=world.unit("D"), source="audit", told=Told("x"), received_on=day)
        clues.name_officers(by, clue.pk, expected_version=0, users=[by], grade="a")
        clues.close_clue(by, clue.pk, expected_version=1, result="kept", reasons="x")
    assert measures.clues_in_time(Clue.objects.all()) == [(2025, (1, 0, 0)), (2026, (1, 1, 0))]


def test_replies_in_time_are_measured_for_any_number_of_units_at_once(world: World) -> None:
    words = {"facts": "f", "basis": "b", "measures": "m"}
    for number, unit in enumerate(("B", "O")):
        found = recommendations.draft(world.user("coordinator"), number=f"r{number}", unit=world.unit(unit), **words)
        recommendations.sign(world.user("head"), found.pk, expected_version=0)
    first = Recommendation.objects.get(unit=world.unit("B"))
    recommendations.acknowledge(world.user("leader"), first.pk, expected_version=1)
    recommendations.reply(world.user("leader"), first.pk, expected_version=2, text="done")
    second = Recommendation.objects.get(unit=world.unit("O"))
    recommendations.acknowledge(world.user("other_leader"), second.pk, expected_version=1)
    ids = [unit.pk for unit in world.units.values()]
    rates = measures.recommendation_reply_rate(ids, since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert rates == {world.unit("B").pk: (1, 1), world.unit("O").pk: (1, 0)}
    assert measures.recommendation_reply_rate(ids, since=date(2027, 1, 1), until=date(2027, 2, 1)) == {}


# --- The dark figure ----------------------------------------------------------------------------------------------------


def test_chapman_gives_the_estimate_of_the_books_and_refuses_a_small_overlap() -> None:
    found = detection.chapman(Lists(60, 50, 20))
    assert found is not None
    assert round(found.total, 1) == 147.1
    assert found.known == 90
    assert found.low < found.total < found.high
    assert detection.chapman(Lists(60, 50, 6)) is None
    assert detection.chapman(Lists(5, 50, 8)) is None


@given(st.integers(7, 200), st.integers(0, 200), st.integers(0, 200))
def test_an_estimate_is_never_under_what_is_known(both: int, only_first: int, only_second: int) -> None:
    lists = Lists(both + only_first, both + only_second, both)
    found = detection.chapman(lists)
    assert found is not None
    assert found.known == lists.known
    assert found.known - 1e-6 <= found.low <= found.high
    assert found.undetected >= 0


def test_the_interval_holds_the_truth_about_nineteen_times_out_of_twenty() -> None:
    chance, truth, held = random.Random(3), 400, 0
    for _time in range(400):
        one = [chance.random() < 0.4 for _case in range(truth)]
        two = [chance.random() < 0.3 for _case in range(truth)]
        both = sum(a and b for a, b in zip(one, two, strict=True))
        found = detection.chapman(Lists(sum(one), sum(two), both))
        assert found is not None
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 400 <= 0.98


def test_what_two_sources_found_is_read_from_the_cases(world: World) -> None:
    by = world.user("coordinator")
    for number in range(9):
        case = filed(world, f"n{number}", source="report")
        if number < 7:
            crime.also_found_by(by, case.pk, source="audit")
            crime.also_found_by(by, case.pk, source="audit")
    filed(world, "a", source="audit")
    found = measures.found_by(all_cases(), ("report", "audit"))
    assert found == {frozenset({"report"}): 2, frozenset({"audit"}): 1, frozenset({"report", "audit"}): 7}
    estimate = measures.dark_figure(all_cases(), ("report", "audit"))
    assert estimate == detection.chapman(Lists(9, 8, 7))
    assert measures.dark_figure(all_cases(), ("report",)) is None
    assert measures.dark_figure(all_cases(), ("report", "media")) is None


def test_clues_are_counted_by_the_rank_of_whom_they_concern(world: World) -> None:
    by, high = world.user("coordinator"), Rank.objects.order_by("order")[0]
    for day, rank in ((date(2025, 12, 1), high), (date(2026, 2, 1), None)):
        clue = clues.receive(by, office=world.unit("D"), source="audit", told=Told("x"), received_on=day)
        clues.name_officers(by, clue.pk, expected_version=0, users=[by], grade="a", rank=rank)
    assert measures.clues_by_rank(Clue.objects.all()) == [(high.pk, (0, 0, 1)), (None, (0, 0, 0))]


def test_cases_are_counted_before_and_after_a_measure(world: World) -> None:
    for number, day in enumerate((date(2025, 5, 1), date(2025, 12, 31), date(2026, 1, 1))):
        filed(world, f"n{number}", filed_on=day)
    unit = world.unit("B").pk
    before = Window("b", unit, date(2025, 5, 2), date(2025, 12, 31))
    after = Window("a", unit, date(2026, 1, 1), date(2026, 12, 31))
    elsewhere = Window("e", world.unit("O").pk, date(2025, 1, 1), date(2026, 12, 31))
    assert measures.filed_in([before, after, elsewhere]) == {"b": 1, "a": 1, "e": 0}


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


# --- Three sources and more ---------------------------------------------------------------------------------------------

SOURCES = ("report", "audit", "inspection")


def simulated(chance: random.Random, truth: int, found: Any) -> Counter[frozenset[str]]:
    """What three sources would find of so many cases; `found` says of one case which sources came upon it."""
    counted = Counter(frozenset(found(chance)) for _case in range(truth))
    counted.pop(frozenset(), None)
    return counted


def alone(chance: random.Random) -> set[str]:
    """Each source finds cases whatever the others do."""
    return {name for name, share in zip(SOURCES, (0.4, 0.35, 0.3), strict=True) if chance.random() < share}


def together(chance: random.Random) -> set[str]:
    """An audit is sent where somebody reports."""
    report = chance.random() < 0.4
    audit = chance.random() < (0.6 if report else 0.2)
    inspection = chance.random() < 0.3
    return {name for name, hit in zip(SOURCES, (report, audit, inspection), strict=True) if hit}


@pytest.mark.parametrize("found", [alone, together])
def test_log_linear_intervals_hold_the_truth_though_two_sources_depend_on_each_other(found: Any) -> None:
    chance, truth, held = random.Random(11), 400, 0
    for _time in range(60):
        estimate = detection.log_linear(simulated(chance, truth, found), SOURCES)
        assert estimate is not None
        held += estimate.low <= truth <= estimate.high
    assert held >= 52


def test_a_dependence_between_two_sources_is_named_and_chapman_alone_is_misled() -> None:
    counted = simulated(random.Random(5), 2000, together)
    estimate = detection.log_linear(counted, SOURCES)
    assert estimate is not None
    assert estimate.dependent == (("report", "audit"),)
    assert estimate.low <= 2000 <= estimate.high
    two: Counter[frozenset[str]] = Counter()
    for who, number in counted.items():
        two[who & frozenset(SOURCES[:2])] += number
    two.pop(frozenset(), None)
    misled = detection.estimate(two, SOURCES[:2])
    assert misled is not None
    assert misled.high < 2000


def test_nothing_is_said_where_too_few_are_shared_or_a_source_shares_none() -> None:
    few = {frozenset({"report"}): 30, frozenset({"audit"}): 20, frozenset({"report", "audit"}): 3}
    assert detection.log_linear(few | {frozenset({"inspection", "audit"}): 3}, SOURCES) is None
    apart = few | {frozenset({"report", "audit"}): 12, frozenset({"inspection"}): 9}
    assert detection.log_linear(apart, SOURCES) is None
    assert detection.log_linear(apart, ("a", "b", "c", "d", "e", "f")) is None
    assert detection.log_linear({}, SOURCES) is None


# --- Pages --------------------------------------------------------------------------------------------------------------


def test_the_page_says_when_nothing_can_be_said(world: World) -> None:
    filed(world, source="report")
    page = world.client("coordinator").get("/cases/analysis/").content.decode()
    assert "nothing can be said" in page
    page = world.client("coordinator").get("/cases/analysis/?sources=audit").content.decode()
    assert "at least two different sources" in page
    assert world.client("coordinator").get("/cases/analysis/?offence=x&rank=-1&sources=zz&span=x").status_code == 200


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
