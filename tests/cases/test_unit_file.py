"""Cases, recommendations and decisions in a unit's file: for those who may know of them, and no trace for others."""

from datetime import date

import pytest

from cases.services import crime, recommendations
from portal.organisation import sections
from tests.cases.crimes import filed
from tests.cases.files import csv, imported, row
from tests.world import World


@pytest.fixture
def lived(world: World) -> World:
    case = filed(world)
    crime.reach(world.user("coordinator"), case.pk, stage="effective", on=date(2026, 3, 1))
    found = recommendations.draft(
        world.user("coordinator"), number="7", unit=world.unit("B"), facts="f", basis="b", measures="m", case=case
    )
    recommendations.sign(world.user("head"), found.pk, expected_version=0)
    recommendations.acknowledge(world.user("leader"), found.pk, expected_version=1)
    imported(world, csv(row()), agency="B")
    return world


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("coordinator", {"crimes", "recommendations", "decisions"}),
        ("leader", {"recommendations"}),
        ("staff", set()),
        ("other_leader", set()),
        ("system_admin", set()),
    ],
)
def test_each_reader_knows_of_the_sections_that_are_for_him(lived: World, who: str, codes: set[str]) -> None:
    known = {section.code for section in sections.known_to(lived.user(who), lived.unit("B"))}
    assert known & {"crimes", "recommendations", "decisions"} == codes


def test_the_page_the_timeline_and_the_sheets_tell_of_them(lived: World) -> None:
    user, unit = lived.user("coordinator"), lived.unit("B")
    page = lived.client("coordinator").get("/units/B/").content.decode()
    assert "青石检贪立〔2026〕1号" in page
    assert "青石医药公司拆分采购案" in page
    known = sections.known_to(user, unit)
    titles = [event.title for event in sections.timeline(known, user, unit, 2026)]
    assert any("Judgment effective" in title for title in titles)
    assert any("Recommendation served" in title for title in titles)
    rows = [row for section in known for sheet in section.sheets(unit, user, 2026) for row in sheet.rows]
    assert any("设备采购受贿案" in row for row in rows)
    assert 2026 in sections.years_of(known, user, unit)


def test_a_leader_finds_no_case_of_his_unit_in_its_file(lived: World) -> None:
    page = lived.client("leader").get("/units/B/").content.decode()
    assert "青石检贪立" not in page
    assert "Recommendations" in page
