"""Heads and members of leading groups by file: twice the same, one after the other, refused where it clashes."""

from datetime import date, timedelta

import pytest

from portal.organisation.importing import UnitsImporter
from portal.organisation.models import GroupMembership, Tenure
from portal.workdays import clock
from tests.organisation.sheet import cells, errors, line, of_unit
from tests.world import PEOPLE, TODAY, UNITS, World, table

pytestmark = pytest.mark.django_db
APRIL = "2026-04-01"


def successor(**values: str) -> list[list[str]]:
    """The town's leader leaves at the end of March; another one follows and heads the group."""
    rows = of_unit("T", until="2026-03-31", heads_group="")
    old = rows[[row[0] for row in rows].index("T")]
    new = cells(
        [list(old)], 1, employee_no="N9", person_name_zh="丙", person_name_en="C", email="", since=APRIL, until=""
    )
    return [*rows, *cells(new, 1, heads_group="yes", **values)]


def heads(code: str) -> list[tuple[str, date, date | None]]:
    seats = GroupMembership.objects.heads().filter(group__unit__code=code).order_by("starts_on")
    return list(seats.values_list("person__employee_no", "starts_on", "ends_on"))


def test_a_head_who_starts_later_is_imported_once_from_the_same_file_twice(world: World) -> None:
    new = ("N", "New", "新", "township", "D", "New group")
    rows = table(units=(*UNITS, new), people=(*PEOPLE, ("N", "nh", "NH", "新人", "top_leader", True)))
    for number, row in enumerate(rows, start=1):
        if row[0] == "N":
            cells(rows, number, since="2026-05-01")
    UnitsImporter().apply(None, rows)
    assert UnitsImporter().apply(None, rows).writes == 0
    assert heads("N") == [("NH", date(2026, 5, 1), None)]


def test_a_later_head_follows_the_present_one_and_the_same_file_changes_nothing(world: World) -> None:
    UnitsImporter().apply(None, successor())
    assert heads("T") == [("TOWN_HEAD", date(2024, 1, 1), date(2026, 3, 31)), ("N9", date(2026, 4, 1), None)]
    assert UnitsImporter().apply(None, successor()).writes == 0


def test_a_head_who_began_today_is_replaced(world: World) -> None:
    seat = GroupMembership.objects.heads().get(group__unit__code="T")
    Tenure.objects.filter(pk=world.tenures["town_head"].pk).update(ends_on=TODAY - timedelta(days=1))

    def headed_by(number: str) -> list[list[str]]:
        return of_unit("T", employee_no=number, person_name_zh=number, person_name_en=number, since="2026-03-02")

    UnitsImporter().apply(None, headed_by("N1"))
    Tenure.objects.get(person__employee_no="N1").delete()
    UnitsImporter().apply(None, headed_by("N2"))
    assert heads("T") == [("TOWN_HEAD", seat.starts_on, TODAY - timedelta(days=1)), ("N2", TODAY, None)]


def test_a_head_who_clashes_with_one_to_come_is_an_error_at_its_row(world: World) -> None:
    UnitsImporter().apply(None, successor())
    Tenure.objects.filter(person__employee_no="N9").delete()
    rows = successor(employee_no="N8", person_name_zh="丁", person_name_en="D")
    found = errors(rows)
    assert [(e.row, e.column) for e in found] == [(len(rows), "Heads the leading group")]
    assert "1 April 2026" in found[0].reason


def test_two_rows_that_make_two_heads_at_once_are_an_error(world: World) -> None:
    rows = [*table(), line(**dict(zip(("unit_code", "unit_name_en"), ("T", "Hekou Town"), strict=True)))]
    second = list(table()[[row[0] for row in table()].index("T")])
    cells([second], 1, employee_no="E9", person_name_zh="另", person_name_en="O", email="", post_title_zh="书记")
    cells([second], 1, post_title_en="Secretary", post_kind="other")
    rows[-1] = second
    assert [e.reason for e in errors(rows)] == ["Another row makes somebody else the head of this group."]


def test_members_sit_in_the_groups_that_their_column_names(world: World) -> None:
    rows = of_unit("B", member_of="D、T")
    summary = UnitsImporter().apply(None, rows)
    assert summary.new == {"members": 2}
    assert set(
        GroupMembership.objects.filter(person__employee_no="LEADER").values_list("group__unit__code", "is_head")
    ) == {("D", False), ("T", False)}
    with clock.frozen(TODAY + timedelta(days=30)):
        assert UnitsImporter().apply(None, rows).writes == 0


def test_a_member_of_a_group_that_is_not_there_is_an_error(world: World) -> None:
    found = errors(of_unit("B", member_of="O"))
    assert [(e.column, "no leading group" in e.reason) for e in found] == [("Member of the leading group at", True)]


def test_a_last_day_in_the_sheet_ends_the_seat_too(world: World) -> None:
    UnitsImporter().apply(None, of_unit("T", until="2026-06-30"))
    assert heads("T") == [("TOWN_HEAD", date(2024, 1, 1), date(2026, 6, 30))]
