"""The matrix: each cell shows the gravest of its duties and opens its panel; every figure of the page agrees."""

from datetime import date
from typing import Any

import pytest

from portal.accounts.models import User
from portal.obligations import clock as ladder_clock
from portal.obligations import services
from portal.obligations.models import Obligation
from portal.organisation import services as organisation
from portal.organisation.models import Person
from portal.workdays import clock
from responsibility.services import letters, programme
from tests.world import World


def owe(world: World, unit: str, due_on: date, label: str = "Report A", kind: str = "report") -> Obligation:
    return services.open_duty(kind, world.unit(unit).pk, due_on, label_en=label, label_zh=f"{label}（中）", year=2026)


def cells(world: World, query: str = "show=all") -> dict[str, list[Any]]:
    matrix = world.client("coordinator").get(f"/compliance/?{query}").context["matrix"]
    return {row["code"]: found for group in matrix.groups for row, found in group.units}


def test_a_successors_new_letter_does_not_hide_the_overdue_one(world: World) -> None:
    programme.open_year(world.user("coordinator"), year=2026, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(world.user("coordinator"), 2026, path=str(world.unit("D").path))
    left, tenure = date(2026, 4, 7), world.tenures["leader"]
    with clock.frozen(left):
        ladder_clock.run(left)
        organisation.end_tenure(world.user("coordinator"), tenure.pk, ends_on=left)
    user = User.objects.create_user("new", "a long enough password", name_en="New Person", email="new@example.org")
    person = Person.objects.create(employee_no="new", name_en="New Person", name_zh="新", user=user)
    with clock.frozen(date(2026, 4, 8)):
        organisation.appoint(world.user("coordinator"), post=tenure.post, person=person, starts_on=date(2026, 4, 8))
        first, second = Obligation.objects.filter(unit=world.unit("B")).order_by("pk")
        (cell,) = cells(world)["B"]
        assert (first.state, second.state) == ("open", "open")
        assert cell.state.code == "overdue"
        assert f"cell={first.pk}#" in cell.url
        panel = world.client("coordinator").get(f"/compliance/?cell={first.pk}").content.decode()
        assert f"/duties/{second.pk}/" in panel


def test_a_correction_stands_in_the_column_of_its_report_and_says_so(world: World) -> None:
    report = owe(world, "B", date(2026, 2, 27), "Half-yearly report 2026")
    services.discharge(report.pk, on=date(2026, 2, 26))
    late = owe(world, "B", date(2026, 2, 26), "Half-yearly report 2026: correction", "report_correction")
    in_time = owe(world, "O", date(2026, 2, 26), "Half-yearly report 2026")
    page = world.client("coordinator").get("/compliance/?show=all")
    assert [column.label for column in page.context["matrix"].columns] == ["Half-yearly report 2026"]
    assert "Half-yearly report 2026: correction: overdue" in page.content.decode()
    found = cells(world)
    assert (found["B"][0].is_correction, f"cell={late.pk}#" in found["B"][0].url) == (True, True)
    assert (found["O"][0].is_correction, f"cell={in_time.pk}#" in found["O"][0].url) == (False, True)
    services.discharge(late.pk)
    assert cells(world)["B"][0].state.code == "late"


def test_a_late_report_stays_late_beside_a_correction_in_time(world: World) -> None:
    report = owe(world, "B", date(2026, 2, 24), "Annual report 2026")
    services.discharge(report.pk, on=date(2026, 2, 26))
    fixed = owe(world, "B", date(2026, 3, 9), "Annual report 2026: correction", "report_correction")
    services.discharge(fixed.pk)
    (cell,) = cells(world)["B"]
    assert (cell.state.code, cell.is_correction) == ("late", False)


def test_each_column_says_its_due_day_and_each_type_how_many_units_it_has(world: World) -> None:
    owe(world, "B", date(2026, 2, 26))
    page = " ".join(world.client("coordinator").get("/compliance/").content.decode().split())
    assert "Report A<small>26 Feb</small>" in page
    assert "2 units · 1 shown" in page


def test_a_cell_has_an_address_that_shows_its_panel(world: World) -> None:
    duty = owe(world, "B", date(2026, 2, 26))
    page = world.client("coordinator").get(f"/compliance/?cell={duty.pk}").content.decode()
    assert "Finance Bureau × Report A" in page
    assert "Xu Zhixin, Director" in page
    assert "Was due" in page
    assert 'aria-current="true"' in page
    assert f'href="/duties/{duty.pk}/"' in page
    assert 'href="/units/B/"' in page


def test_a_script_gets_the_panel_alone(world: World) -> None:
    duty = owe(world, "B", date(2026, 2, 26))
    answer = world.client("coordinator").get(f"/compliance/?cell={duty.pk}", headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith("<h2")
    assert "Finance Bureau × Report A" in answer.content.decode()


@pytest.mark.parametrize("given", ["0", "x", "99999999999999999999", "²", ""])
def test_the_address_of_no_cell_shows_the_matrix_without_a_panel(world: World, given: str) -> None:
    owe(world, "B", date(2026, 2, 26))
    answer = world.client("coordinator").get("/compliance/", {"cell": given})
    assert answer.status_code == 200
    assert "Choose a cell" in answer.content.decode()


def test_the_panel_of_a_unit_out_of_sight_stays_shut(world: World) -> None:
    duty = owe(world, "B", date(2026, 2, 26))
    answer = world.client("town_head").get(f"/compliance/?cell={duty.pk}", headers={"HX-Request": "true"})
    assert "Finance Bureau" not in answer.content.decode()


@pytest.mark.parametrize("given", ["0000", "1999", "2101", "9999", "२०२६", "x", ""])
@pytest.mark.parametrize("url", ["/today/", "/compliance/"])
def test_a_year_that_is_none_is_this_year(world: World, url: str, given: str) -> None:
    answer = world.client("coordinator").get(url, {"year": given})
    assert answer.status_code == 200


@pytest.mark.parametrize("given", ["2000", "2100"])
def test_far_years_are_shown_empty(world: World, given: str) -> None:
    assert "The year " + given in world.client("coordinator").get("/today/", {"year": given}).content.decode()


def test_bar_trend_sentence_matrix_and_list_count_the_same_overdue_duties(world: World) -> None:
    for unit in ("B", "O", "T", "V", "X"):
        owe(world, unit, date(2026, 2, 26))
    suspended = Obligation.objects.get(unit=world.unit("O"))
    services.suspend(world.user("coordinator"), suspended.pk, reason="Flood.")
    ladder_clock.run(clock.today())
    Obligation.objects.filter(unit=world.unit("X")).update(vacant_since=date(2026, 2, 20))
    client = world.client("coordinator")
    page = client.get("/today/")
    text = " ".join(page.content.decode().split())
    assert '<b>3</b> <span class="p-st p-s-overdue">' in text
    assert "3 duties are overdue" in text
    listed = client.get("/duties/?year=2026&state=overdue").context["table"]
    assert len(listed.rows) == 3
    assert set(cells(world, "state=overdue")) == {"B", "T", "V"}
