"""Moves: paths follow from the parents, however many units change places in one file."""

import pytest
from django.db import connection

from portal.accounts import services as accounts
from portal.accounts.models import Grant
from portal.accounts.roles import Role
from portal.organisation.importing import UnitsImporter
from portal.organisation.models import Unit
from tests.organisation.sheet import NEW_UNIT, cells, errors, line, of_unit, row_of
from tests.world import World, table

pytestmark = pytest.mark.django_db


def apply(rows: list[list[str]]) -> None:
    UnitsImporter().apply(None, rows)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def above(code: str) -> list[str]:
    path = Unit.objects.get(code=code).path
    return list(Unit.objects.filter(path__ancestors=str(path)).order_by("path").values_list("code", flat=True))


def moved(**parents: str) -> list[list[str]]:
    rows = table()
    for row in rows[1:]:
        if row[0] in parents:
            cells(rows, rows.index(row) + 1, parent_code=parents[row[0]])
    return rows


def test_a_unit_and_the_one_below_it_move_in_one_file(world: World) -> None:
    apply(moved(T="B", V="X"))
    assert above("T") == ["D", "B", "T"]
    assert above("V") == ["D", "X", "V"]


def test_two_units_change_places(world: World) -> None:
    apply(moved(T="V", V="D"))
    assert above("T") == ["D", "V", "T"]
    apply(moved())
    assert above("V") == ["D", "T", "V"]


def test_a_unit_moves_below_a_new_one_that_lies_below_a_moved_one(world: World) -> None:
    rows = [*moved(T="B", X="N"), line(**NEW_UNIT, parent_code="T")]
    apply(rows)
    assert above("X") == ["D", "B", "T", "N", "X"]
    assert UnitsImporter().check(rows).summary.writes == 0


def test_grants_move_with_their_unit(world: World) -> None:
    user = world.user("leader")
    accounts.grant(None, user=user, role=Role.COORDINATOR, path=str(world.unit("V").path), reason="x")
    apply(moved(T="B", V="X"))
    assert str(Grant.objects.get(user=user).path) == str(Unit.objects.get(code="V").path)


def test_a_column_that_the_sheet_leaves_out_stays_as_it_is(world: World) -> None:
    rows = table()
    gone = [rows[0].index(heading) for heading in ("Unit name (English)", "E-mail", "Name (English)")]
    short = [[cell for index, cell in enumerate(row) if index not in gone] for row in rows]
    assert UnitsImporter().check(short).summary.writes == 0


def test_a_dissolved_unit_is_neither_changed_nor_given_units(world: World) -> None:
    Unit.objects.filter(code="X").update(dissolved_on="2026-01-31")
    rows = [*table(), line(**NEW_UNIT, parent_code="X")]
    found = errors(rows)
    assert [(e.row, e.column) for e in found] == [(row_of(rows, "X"), "Unit code"), (len(rows), "Parent code")]
    assert "31 January 2026" in found[0].reason


def test_a_duplicate_code_is_blamed_on_a_heading_of_the_file(world: World) -> None:
    rows = of_unit("O", unit_code="B", unit_name_en="")
    drop = rows[0].index("Unit name (English)")
    short = [[cell for index, cell in enumerate(row) if index != drop] for row in rows]
    short[0][short[0].index("Unit name (Chinese)")] = "单位名称"
    said = [e for e in errors(short) if "otherwise about B" in e.reason]
    assert said[0].column == "单位名称"
