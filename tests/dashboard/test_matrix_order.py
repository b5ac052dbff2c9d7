"""The rows of the matrix: within a type of unit the worst first, over all pages."""

from datetime import date

from portal.obligations import services
from portal.organisation.importing import UnitsImporter
from portal.organisation.models import Unit
from tests.queries import count_queries
from tests.world import World, table

OVERDUE, SOON, LATER = date(2026, 2, 24), date(2026, 3, 9), date(2026, 6, 30)


def bureaus(count: int) -> list[Unit]:
    """More bureaus of one type."""
    rows = table()
    more = [
        [f"N{n:02}", f"Bureau {n}", f"局{n}", "admin_enforcement", "general", "", "D", *[""] * (len(rows[0]) - 7)]
        for n in range(count)
    ]
    UnitsImporter().apply(None, [rows[0], *more])
    return list(Unit.objects.filter(code__startswith="N").order_by("code"))


def owe(units: list[Unit], due_on: date, label: str = "Report A") -> None:
    drafts = [services.DutyDraft(unit.pk, due_on, label, label, 2026) for unit in units]
    services.open_many("report", drafts)


def order(world: World, query: str = "show=all") -> list[str]:
    matrix = world.client("coordinator").get(f"/compliance/?{query}").context["matrix"]
    (found,) = [group for group in matrix.groups if any(row["code"].startswith("N") for row, _cells in group.units)]
    return [row["code"] for row, _cells in found.units if row["code"].startswith("N")]


def test_the_gravest_state_comes_first_and_of_overdue_duties_the_oldest(world: World) -> None:
    n = bureaus(5)
    owe([n[0]], LATER)
    owe([n[1]], SOON)
    owe([n[2]], OVERDUE)
    owe([n[3]], date(2026, 2, 20))
    assert order(world) == ["N03", "N02", "N01", "N00", "N04"]
    assert order(world, "") == ["N03", "N02", "N01"]


def test_one_grave_duty_outweighs_many_light_ones(world: World) -> None:
    n = bureaus(2)
    for label in ("Report A", "Report B", "Report C"):
        owe([n[0]], SOON, label)
    owe([n[1]], OVERDUE)
    owe([n[1]], LATER, "Report B")
    assert order(world) == ["N01", "N00"]


def test_equals_keep_the_order_of_the_tree(world: World) -> None:
    n = bureaus(4)
    owe(n, OVERDUE)
    assert order(world) == [unit.code for unit in sorted(n, key=lambda unit: str(unit.path))]


def test_the_worst_of_a_type_stand_on_the_first_page_and_no_unit_twice(world: World) -> None:
    n = bureaus(40)
    owe(n, LATER)
    owe(n[35:], OVERDUE, "Report B")
    first, second = (
        order(world, "show=all&type=admin_enforcement"),
        order(world, "show=all&type=admin_enforcement&page=2"),
    )
    assert {*first[:5]} == {"N35", "N36", "N37", "N38", "N39"}
    assert sorted(first + second) == [unit.code for unit in n]


def test_the_order_costs_no_query_more_for_more_units(world: World) -> None:
    owe(bureaus(5), OVERDUE)
    few = count_queries(world.client("coordinator"), "/compliance/?show=all")
    owe(bureaus(25)[5:], OVERDUE)
    assert count_queries(world.client("coordinator"), "/compliance/?show=all") == few
