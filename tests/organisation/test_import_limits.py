"""What the database refuses, the check has refused before, at its row."""

import pytest
from django.test import Client

from portal.organisation.importing import UnitsImporter
from portal.organisation.importing.columns import LIMITS
from portal.organisation.models import Tenure, Unit
from tests.organisation.sheet import errors, of_unit
from tests.world import World, table

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("column", [column for column in LIMITS if column != "email"])
def test_a_cell_too_long_for_the_database_is_named_with_its_limit(world: World, column: str) -> None:
    rows = of_unit("B", **{column: "x" * (LIMITS[column] + 1)})
    found = [e for e in errors(rows) if "too long" in e.reason]
    assert len(found) == 1
    assert str(LIMITS[column]) in found[0].reason


@pytest.mark.parametrize("column", ["unit_code", "employee_no"])
@pytest.mark.parametrize("code", ["QS/001", "a b", "..", "a?b", "-x"])
def test_a_code_that_fits_no_address_is_refused(world: World, column: str, code: str) -> None:
    assert any("Only letters, figures" in e.reason for e in errors(of_unit("O", **{column: code})))


def test_codes_with_chinese_letters_dots_and_dashes_are_taken(world: World) -> None:
    rows = [*table(), *of_unit("O", unit_code="青石-1.a_2", employee_no="工号-1", post_title_zh="主任")[4:5]]
    assert errors(rows) == []
    UnitsImporter().apply(None, rows)
    assert world.client("coordinator").get("/units/").status_code == 200
    assert world.client("coordinator").get(Unit.objects.get(code="青石-1.a_2").get_absolute_url()).status_code == 200


@pytest.mark.parametrize("email", ["a@b", "@", "a b@example.org", f"{'x' * 260}@example.org"])
def test_what_is_no_address_for_mail_is_refused(world: World, email: str) -> None:
    assert errors(of_unit("O", email=email))[0].column == "E-mail"


@pytest.mark.parametrize(
    ("column", "day"),
    [("since", "1948-12-31"), ("since", "9999-12-31"), ("until", "2101-01-01"), ("until", "9998-12-31")],
)
def test_a_day_out_of_reach_is_refused(world: World, column: str, day: str) -> None:
    assert any("between 1949 and 2100" in e.reason for e in errors(of_unit("O", **{column: day})))


def test_the_last_day_that_other_programs_write_for_none_means_open_ended(world: World) -> None:
    rows = of_unit("O", until="9999-12-31")
    assert UnitsImporter().check(rows).summary.writes == 0
    assert Tenure.objects.get(pk=world.tenures["other_leader"].pk).ends_on is None


def test_a_character_that_the_database_cannot_keep_is_refused(world: World) -> None:
    assert any("cannot be kept" in e.reason for e in errors(of_unit("O", phone="1\x002")))


def test_a_far_day_typed_on_a_page_is_refused_at_its_field(world: World) -> None:
    client: Client = world.client("coordinator")
    url = f"/units/B/tenures/{world.tenures['leader'].pk}/end/"
    answer = client.post(url, {"ends_on": "9999-12-31"})
    assert answer.status_code == 422
    assert "between 1 January 1949 and 31 December 2100" in answer.content.decode()
