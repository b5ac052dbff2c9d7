"""Figures of cases: durations, ages, sources, clues in time, what is counted before and after."""

from datetime import date
from typing import Any

from cases import detection, measures
from cases.detection import Lists
from cases.models import Clue, CrimeCase, Recommendation
from cases.services import clues, crime, recommendations
from cases.services.clues.receiving import Told
from portal.organisation.models import Rank
from portal.workdays import clock
from systems.outcomes import Window
from tests.cases.crimes import filed
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


def test_the_page_says_when_nothing_can_be_said(world: World) -> None:
    filed(world, source="report")
    page = world.client("coordinator").get("/cases/analysis/").content.decode()
    assert "nothing can be said" in page
    page = world.client("coordinator").get("/cases/analysis/?sources=audit").content.decode()
    assert "at least two different sources" in page
    assert world.client("coordinator").get("/cases/analysis/?offence=x&rank=-1&sources=zz&span=x").status_code == 200
