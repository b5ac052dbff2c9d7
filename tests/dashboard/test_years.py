"""The year of Today, of Compliance and of the letters: switched by an address, kept while filtering, figures that agree."""

import re
from datetime import date

import pytest

from portal.obligations import services
from portal.obligations.models import Obligation
from portal.workdays import clock
from responsibility.models import Letter
from tests.queries import count_queries
from tests.responsibility.letters import issue, open_year
from tests.world import World

PAGES = ("/today/", "/compliance/")


def owe(world: World, unit: str, year: int, day: tuple[int, int] = (2, 20)) -> Obligation:
    return services.open_duty(
        "report", world.unit(unit).pk, date(year, *day), label_en=f"Report {year}", label_zh="报告", year=year
    )


def text(world: World, url: str, who: str = "coordinator") -> str:
    return " ".join(world.client(who).get(url).content.decode().split())


def years(page: str) -> list[tuple[str, str]]:
    (nav,) = re.findall(r'<nav class="p-years"[^>]*>(.*?)</nav>', page)
    return re.findall(r'href="([^"]*)"[^>]*>(\d{4})</a>', nav)


@pytest.mark.parametrize("url", PAGES)
def test_the_years_that_have_duties_are_offered_the_newest_first(world: World, url: str) -> None:
    owe(world, "B", 2025)
    owe(world, "O", 2027)
    page = text(world, url)
    assert [year for _href, year in years(page)] == ["2027", "2026", "2025"]
    assert re.search(r'aria-current="page">2026</a>', page)


@pytest.mark.parametrize("url", PAGES)
def test_a_single_year_offers_no_other(world: World, url: str) -> None:
    owe(world, "B", 2026)
    assert "p-years" not in text(world, url)


@pytest.mark.parametrize("url", PAGES)
def test_the_years_of_other_parts_of_the_tree_are_not_told(world: World, url: str) -> None:
    owe(world, "B", 2025)
    assert "p-years" not in text(world, url, "town_head")


def test_the_year_is_kept_while_filtering_and_the_filter_while_switching(world: World) -> None:
    owe(world, "B", 2025)
    owe(world, "B", 2026)
    page = text(world, "/compliance/?year=2025&state=overdue&page=1")
    assert '<input type="hidden" name="year" value="2025">' in page
    assert ("?state=overdue&amp;year=2026", "2026") in years(page)
    assert "?year=2025&amp;show=all" in page


def test_bar_list_and_matrix_of_another_year_agree(world: World) -> None:
    for unit in ("B", "O"):
        owe(world, unit, 2025)
    owe(world, "B", 2026)
    client = world.client("coordinator")
    page = text(world, "/today/?year=2025")
    assert "The year 2025" in page
    assert '<a href="/duties/?year=2025&amp;state=overdue"> <b>2</b>' in page
    assert len(client.get("/duties/?year=2025&state=overdue").context["table"].rows) == 2
    matrix = client.get("/compliance/?year=2025").context["matrix"]
    assert sum(len(group.units) for group in matrix.groups) == 2
    assert [column.label for column in matrix.columns] == ["Report 2025"]


def test_an_empty_matrix_leads_to_all_units_of_the_same_year(world: World) -> None:
    owe(world, "B", 2025)
    services.waive(world.user("coordinator"), Obligation.objects.get().pk, reason="Founded later.")
    page = text(world, "/compliance/?year=2025")
    assert '<a class="btn" href="?year=2025&amp;show=all">All units</a>' in page


def test_the_letters_open_with_this_year_and_lead_to_the_others(world: World) -> None:
    open_year(2025, date(2026, 3, 31))
    open_year()
    issue(world, 2025)
    issue(world)
    client = world.client("coordinator")
    assert client.get("/letters/")["Location"] == "/letters/2026/"
    found = years(text(world, "/letters/2026/?state=issued"))
    assert found == [("/letters/2026/?state=issued", "2026"), ("/letters/2025/?state=issued", "2025")]
    assert Letter.objects.for_year(2025).count() == len(
        client.get(found[1][0].replace("&amp;", "&")).context["table"].rows
    )


def test_the_switch_costs_the_same_for_many_years(world: World) -> None:
    with clock.frozen(date(2026, 3, 2)):
        owe(world, "B", 2025)
        few = count_queries(world.client("coordinator"), "/compliance/")
        for year in (2027, 2028, 2029):
            owe(world, "B", year)
        assert count_queries(world.client("coordinator"), "/compliance/") == few
