"""The list of duties: what is overdue first, filters that are chosen and not typed."""

from datetime import date

from portal.obligations import services
from tests.world import World


def owe(world: World, unit: str, due_on: date, label: str, year: int = 2026) -> int:
    return services.open_duty("report", world.unit(unit).pk, due_on, label_en=label, label_zh=label, year=year).pk


def listed(world: World, query: str = "") -> list[str]:
    table = world.client("coordinator").get(f"/duties/?{query}").context["table"]
    return [row.record.label_en for row in table.rows]


def test_overdue_duties_come_first_the_longest_overdue_before(world: World) -> None:
    done = owe(world, "B", date(2026, 2, 2), "done")
    services.discharge(done, on=date(2026, 2, 2))
    still = owe(world, "O", date(2026, 2, 9), "suspended")
    services.suspend(world.user("coordinator"), still, reason="Flood.")
    owe(world, "B", date(2026, 6, 30), "later")
    owe(world, "B", date(2026, 2, 26), "overdue")
    owe(world, "O", date(2026, 2, 24), "long overdue")
    owe(world, "O", date(2026, 3, 9), "soon")
    assert listed(world)[:4] == ["long overdue", "overdue", "soon", "later"]
    assert set(listed(world)[4:]) == {"suspended", "done"}


def test_the_part_of_the_tree_is_chosen_from_a_list(world: World) -> None:
    owe(world, "V", date(2026, 6, 30), "village")
    owe(world, "B", date(2026, 6, 30), "bureau")
    page = world.client("coordinator").get("/duties/").content.decode()
    assert '<option value="T">' in page
    assert '<option value="V">' not in page
    assert listed(world, "under=T") == ["village"]


def test_the_year_is_chosen_from_those_with_duties_and_around_now(world: World) -> None:
    owe(world, "B", date(2026, 6, 30), "this")
    owe(world, "B", date(2028, 6, 30), "far", 2028)
    page = world.client("coordinator").get("/duties/").content.decode()
    assert all(f'<option value="{year}">' in page for year in (2025, 2026, 2027, 2028))
    assert listed(world, "year=2028") == ["far"]
    assert listed(world, "year=2026&state=open") == ["this"]
