"""Importing units, posts and persons: checked as a whole, named by row, all or nothing."""

import csv
import io
import uuid
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.organisation.importing import UnitsImporter
from portal.organisation.importing.columns import COLUMNS
from portal.organisation.models import LeadingGroup, Tenure, Unit
from portal.web.imports import FileRefused, RowError, read_rows
from portal.web.imports.views import ImportHasErrors
from portal.workdays import clock
from tests.world import PEOPLE, UNITS, World, seed, table

pytestmark = pytest.mark.django_db
CODES = [column.code for column in COLUMNS]


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.frozen(date(2026, 3, 2)):
        seed()
        yield


def changed(row: int, **cells: str) -> list[list[str]]:
    """The world's sheet with some cells of a row (as a spreadsheet counts) changed."""
    rows = table()
    for code, value in cells.items():
        rows[row - 1][CODES.index(code)] = value
    return rows


def errors(rows: list[list[str]]) -> list[RowError]:
    return UnitsImporter().check(rows).errors


def test_a_good_sheet_is_written_and_the_same_sheet_again_changes_nothing() -> None:
    first = UnitsImporter().apply(None, table())
    assert first.new["units"] == 6
    again = UnitsImporter().apply(None, table())
    assert again.writes == 0
    assert Tenure.objects.count() == len(PEOPLE)


def test_a_new_title_of_the_top_post_is_written_and_its_holder_stays() -> None:
    UnitsImporter().apply(None, table())
    rows = [["局长" if cell == "主任" else cell for cell in row] for row in table()]
    summary = UnitsImporter().apply(None, rows)
    assert summary.changed["posts"] == 5
    assert not summary.new
    held = Tenure.objects.top_leaders().get(post__unit__code="B")
    assert (held.post.title_zh, held.post.title_en) == ("局长", "Director")
    assert UnitsImporter().apply(None, rows).writes == 0


def test_a_head_of_a_group_comes_with_the_sheet() -> None:
    UnitsImporter().apply(None, table())
    group = LeadingGroup.objects.get(unit__code="T")
    head = group.head(clock.today())
    assert head is not None
    assert head.person.name_en == "Cao Zhixin"


@pytest.mark.parametrize(
    ("row", "cells", "column", "words"),
    [
        (3, {"parent_code": "NOPE"}, "Parent code", "no unit with the code NOPE"),
        (3, {"unit_type": "castle"}, "Unit type", "not in the catalogue"),
        (3, {"since": "2026-13-02"}, "In office since", "no month 13"),
        (3, {"since": "soon"}, "In office since", "not a date"),
        (3, {"until": "2020-01-01"}, "Until", "before the first"),
        (3, {"employee_no": ""}, "Employee number", "empty"),
        (4, {"unit_name_zh": "别的局"}, "Unit name (Chinese)", "Row 3 says otherwise"),
        (3, {"heads_group": "yes"}, "Heads the leading group", "no leading group"),
        (3, {"email": "nonsense"}, "E-mail", "not an e-mail"),
        (2, {"parent_code": "V"}, "Parent code", "circle"),
    ],
)
def test_a_bad_row_is_named_by_row_column_and_reason(row: int, cells: dict[str, str], column: str, words: str) -> None:
    found = errors(changed(row, **cells))
    assert any(e.row == row and e.column == column and words in e.reason for e in found), found


def test_two_holders_of_one_post_on_the_same_day_are_named_with_who_holds_it() -> None:
    rows = table()
    second = list(rows[2])
    second[CODES.index("employee_no")], second[CODES.index("person_name_zh")] = "E9", "另一人"
    second[CODES.index("since")] = "2025-01-01"
    found = errors([*rows, second])
    assert [e.row for e in found] == [len(rows) + 1]
    assert "许志新" in found[0].reason


def test_a_holder_in_the_portal_is_respected_too() -> None:
    UnitsImporter().apply(None, table())
    rows = changed(
        3, employee_no="E9", person_name_zh="另一人", person_name_en="Other", email="o@example.org", since="2025-01-01"
    )
    assert "Xu Zhixin" in errors(rows)[0].reason


def test_unknown_missing_and_double_headings_are_named() -> None:
    rows = table()
    rows[0][0], rows[0][1] = "Colour", rows[0][2]
    reasons = [(e.column, e.reason) for e in errors(rows)]
    assert any(column == "Colour" for column, _reason in reasons)
    assert any("there twice" in reason for _column, reason in reasons)
    assert any(column == "Unit code" and "missing" in reason for column, reason in reasons)


def test_chinese_headings_and_values_are_understood() -> None:
    rows = table()
    rows[0] = [column.headings[1] for column in COLUMNS]
    rows[2][CODES.index("unit_type")] = "党政机关"
    rows[2][CODES.index("post_kind")] = "主要负责人"
    rows[2][CODES.index("since")] = "2024年1月1日"
    assert errors(rows) == [e for e in errors(rows) if e.row == 4]


def test_nothing_is_written_when_one_row_is_bad() -> None:
    with pytest.raises(ImportHasErrors), transaction.atomic():
        UnitsImporter().apply(None, changed(3, since="soon"))
    assert not Unit.objects.exists()


def test_a_moved_unit_takes_everything_below_along() -> None:
    UnitsImporter().apply(None, table())
    rows = [row if row[0] != "T" else [*row] for row in table()]
    for row in rows[1:]:
        if row[0] == "T":
            row[CODES.index("parent_code")] = "B"
    UnitsImporter().apply(None, rows)
    village = Unit.objects.get(code="V")
    assert str(village.path).startswith(str(Unit.objects.get(code="B").path))


def as_csv(rows: list[list[str]], encoding: str) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_that_offices_use(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "units.csv"
    file.write_bytes(as_csv(table(), encoding))
    assert read_rows(file, file.name) == table()


def test_xlsx_is_read_with_its_dates(tmp_path: Path) -> None:
    file = tmp_path / "units.xlsx"
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(table()):
            for column, value in enumerate(row):
                if value == "2024-01-01":
                    sheet.write_datetime(number, column, date(2024, 1, 1))  # type: ignore[arg-type]
                else:
                    sheet.write(number, column, value)
    assert errors(read_rows(file, file.name)) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("units.xlsx", b"MZ\x90\x00 an executable"),
        ("units.csv", b"MZ\x90\x00\x03"),
        ("units.xlsx", b"PK\x03\x04 torn"),
        ("units.csv", b""),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(FileRefused) as caught:
        read_rows(file, name)
    assert str(caught.value).endswith(".")


def test_a_file_too_large_is_refused_before_it_is_read(world: World, settings: object) -> None:
    settings.IMPORT_MAX_BYTES = 100  # type: ignore[attr-defined]
    file = SimpleUploadedFile("units.csv", as_csv(table(), "utf-8"))
    answer = world.client("coordinator").post("/imports/units/", {"file": file})
    assert answer.status_code == 422
    assert b"larger than" in answer.content


def test_six_thousand_units_need_few_statements() -> None:
    units = [("D", "District", "区", "party_gov_organ", "", "Group")]
    units += [(f"U{n}", f"Unit {n}", f"单位{n}", "village", "D", "") for n in range(6000)]
    people = [(f"U{n}", f"p{n}", f"Person {n}", f"人{n}", "top_leader", False) for n in range(6000)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        UnitsImporter().apply(None, table(units, people))
    assert Tenure.objects.count() == 6000
    assert len(queries) < 120


class TestPages:
    def upload(self, world: World, rows: list[list[str]], who: str = "coordinator") -> str:
        file = SimpleUploadedFile("units.csv", as_csv(rows, "utf-8"))
        answer = world.client(who).post("/imports/units/", {"file": file, "idempotency_key": str(uuid.uuid4())})
        return str(answer["Location"])

    def test_a_preview_comes_first_and_the_import_is_done_once(self, world: World) -> None:
        rows = [*table(), ["N", "New Bureau", "新局", "party_gov_organ", "general", "", "D", *[""] * 15]]
        url = self.upload(world, rows)
        client = world.client("coordinator")
        page = client.get(url).content.decode()
        assert "1 unit" in page
        assert "1 units" not in page
        assert not Unit.objects.filter(code="N").exists()
        key = {"idempotency_key": str(uuid.uuid4())}
        client.post(url, key)
        client.post(url, key)
        assert Unit.objects.filter(code="N").count() == 1
        assert b"Imported" in client.get(url).content

    def test_bad_rows_are_shown_and_cannot_be_imported(self, world: World) -> None:
        url = self.upload(world, changed(3, since="soon"))
        client = world.client("coordinator")
        page = client.get(url).content.decode()
        assert "1 row cannot be imported" in page
        assert "not a date" in page
        assert client.post(url).status_code == 400

    def test_somebody_elses_upload_is_not_there(self, world: World) -> None:
        url = self.upload(world, table())
        assert world.client("system_admin").get(url).status_code == 404


class TestCommand:
    def test_a_dry_run_writes_nothing(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "units.csv"
        file.write_bytes(as_csv(table(), "gb18030"))
        call_command("import_units", file, dry_run=True)
        assert "6 units" in capsys.readouterr().out
        assert not Unit.objects.exists()
        call_command("import_units", file)
        assert Unit.objects.count() == len(UNITS)

    def test_bad_rows_end_with_an_error_and_their_names(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "units.csv"
        file.write_bytes(as_csv(changed(3, since="soon"), "utf-8"))
        with pytest.raises(CommandError, match="nothing was written"):
            call_command("import_units", file)
        assert "row 3, In office since" in capsys.readouterr().err
