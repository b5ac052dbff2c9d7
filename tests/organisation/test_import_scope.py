"""Whoever imports reaches his own part of the tree, and gives himself no office."""

import pytest

from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.importing import UnitsImporter
from portal.organisation.models import Unit
from portal.web.imports.views import ImportHasErrors
from tests.organisation.sheet import NEW_UNIT, cells, errors, line, of_unit, row_of
from tests.world import PASSWORD, World, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world: World) -> User:
    """The coordinator of the town alone."""
    user = User.objects.create_user("towncoord", PASSWORD)
    accounts.grant(None, user=user, role=Role.COORDINATOR, path=str(world.unit("T").path), reason="x")
    return User.objects.get(pk=user.pk)


def only(rows: list[list[str]], *units: str) -> list[list[str]]:
    return [row for row in rows if row[0] in ("Unit code", *units)]


def test_a_row_about_a_unit_elsewhere_is_refused_and_nothing_is_written(town: User) -> None:
    rows = only(of_unit("O", unit_name_zh="新"), "O", "V")
    found = errors(rows, town)
    assert [(e.row, e.column) for e in found] == [(row_of(rows, "O"), "Unit code")]
    with pytest.raises(ImportHasErrors):
        UnitsImporter().apply(town, rows)
    assert Unit.objects.get(code="O").name_zh == "交通运输局"


def test_the_own_part_of_the_tree_is_imported(town: User) -> None:
    rows = [*only(of_unit("V", unit_name_zh="东湾新村"), "T", "V"), line(**NEW_UNIT, parent_code="V")]
    assert errors(rows, town) == []
    UnitsImporter().apply(town, rows)
    assert Unit.objects.get(code="V").name_zh == "东湾新村"


@pytest.mark.parametrize(("unit", "parent"), [("V", "D"), ("V", ""), ("T", "V2"), ("N", "D"), ("N", "")])
def test_nothing_goes_where_the_importer_has_no_say(town: User, unit: str, parent: str) -> None:
    rows = [*only(table(), "T", "V"), line(**NEW_UNIT, parent_code="V")]
    rows.append(line(**NEW_UNIT | {"unit_code": "V2"}, parent_code="V"))
    cells(rows, row_of(rows, unit), parent_code=parent)
    assert ("Parent code", row_of(rows, unit)) in [(e.column, e.row) for e in errors(rows, town)]


def test_a_unit_elsewhere_is_not_drawn_into_the_own_part(town: User) -> None:
    rows = only(of_unit("X", parent_code="T"), "X")
    assert [e.column for e in errors(rows, town)] == ["Unit code"]


def test_a_group_elsewhere_gets_no_member(town: User) -> None:
    rows = only(of_unit("V", member_of="D"), "V")
    assert [e.column for e in errors(rows, town)] == ["Member of the leading group at"]


def test_a_person_with_an_office_elsewhere_is_not_rewritten(town: User) -> None:
    rows = only(of_unit("V", employee_no="LEADER", person_name_zh="别名", since="2026-05-01", post_kind="other"), "V")
    cells(rows, 2, post_title_zh="顾问", post_title_en="Adviser")
    assert [e.column for e in errors(rows, town)] == ["Employee number"]


def test_nobody_appoints_himself_by_a_file(world: World) -> None:
    path = str(world.unit("D").path)
    accounts.grant(None, user=world.user("liaison"), role=Role.COORDINATOR, path=path, reason="x")
    by = world.user("liaison")
    assert errors(table(), by) == []
    row = {"employee_no": "LIAISON", "person_name_zh": "施明远", "person_name_en": "Shi Mingyuan"}
    own = of_unit(
        "X", **row, email="liaison@example.org", since="2026-03-02", post_title_zh="经理", post_kind="top_leader"
    )
    assert [e.reason for e in errors(own, by)] == ["Nobody appoints himself. Ask another coordinator to enter it."]
    rows = table()
    mine = next(n for n, r in enumerate(rows, start=1) if "LIAISON" in r)
    assert [e.column for e in errors(cells(rows, mine, member_of="D"), by)] == ["Member of the leading group at"]


def test_the_page_checks_for_who_looks(world: World, town: User) -> None:
    assert errors(table()) == []
    assert len(errors(table(), town)) > 0
