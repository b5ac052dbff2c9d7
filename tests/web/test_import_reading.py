"""Reading an upload: what it is by its content, how it is written, how large it may be."""

import io
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from portal.web.imports import Column, FileRefused, match_headings, read_rows, reading
from portal.web.imports.base import rows_of

COLUMNS = (Column("code", ("Unit code", "单位代码"), required=True), Column("name", ("Name", "姓名", "Full name")))
NEITHER = "This is neither an XLSX workbook nor a CSV file"


def write(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


def workbook(rows: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def archive(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return buffer.getvalue()


def refusal(folder: Path, content: bytes, name: str) -> str:
    with pytest.raises(FileRefused) as error:
        read_rows(write(folder, content), name)
    return str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_as_offices_write_it(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    text = end.join([f"单位代码{delimiter}姓名", f"A1{delimiter}许志新", ""])
    assert read_rows(write(tmp_path, text.encode(encoding)), "u.csv") == [["单位代码", "姓名"], ["A1", "许志新"]]


def test_a_workbook_is_read_as_people_see_it(tmp_path: Path) -> None:
    content = workbook([["Code", "Day"], [1001, date(2026, 3, 1)], [1.5, "  许志新 "]])
    assert read_rows(write(tmp_path, content), "U.XLSX") == [["Code", "Day"], ["1001", "2026-03-01"], ["1.5", "许志新"]]


def test_rows_keep_the_number_the_spreadsheet_shows(tmp_path: Path) -> None:
    for name, content in (("u.xlsx", workbook([["Unit code"], [], ["A"]])), ("u.csv", b"Unit code\n\nA\n")):
        table = read_rows(write(tmp_path, content), name)
        assert [row.number for row in rows_of(table, {0: "code"})] == [3]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "u.csv", "The file is empty."),
        (b"MZ\x90\x00\x03", "u.xlsx", NEITHER),
        (b"MZ\x90\x00\x03", "u.csv", NEITHER),
        (archive(readme="hello"), "u.xlsx", NEITHER),
        (archive(readme="hello"), "u.csv", NEITHER),
        (b"a,b", "u.exe", NEITHER),
        (b"PK\x03\x04 and nothing more", "u.xlsx", "The workbook is damaged."),
        (archive(**{"xl/workbook.xml": "not a workbook"}), "u.xlsx", "The workbook is damaged."),
        (b"a\xff\xfe\xfd", "u.csv", "The text is neither UTF-8 nor GB18030."),
        (b'a,"' + b"x" * 200_000, "u.csv", NEITHER),
    ],
)
def test_what_it_is_not_is_said(tmp_path: Path, content: bytes, name: str, sentence: str) -> None:
    assert refusal(tmp_path, content, name).startswith(sentence)


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    assert "larger than 1 MB" in refusal(tmp_path, b"a" * (1024 * 1024 + 1), "u.csv")


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "UNPACKED_MAX_BYTES", 1000)
    assert "too large once unpacked" in refusal(tmp_path, workbook([["x" * 2000]]), "u.xlsx")


def test_an_archive_that_lies_about_its_size_is_never_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory says 4 bytes where the part unpacks to a million."""

    def parsed(*args: Any, **kwargs: Any) -> None:
        pytest.fail("The workbook reached the parser.")

    monkeypatch.setattr(subprocess, "run", parsed)
    content = archive(**{"xl/workbook.xml": "x" * 1_000_000})
    size = (1_000_000).to_bytes(4, "little")
    assert content.count(size) == 2
    assert "damaged" in refusal(tmp_path, content.replace(size, (4).to_bytes(4, "little")), "u.xlsx")


def test_one_text_in_very_many_cells_does_not_fill_the_memory(tmp_path: Path) -> None:
    """Small as a file, hundreds of megabytes as rows."""
    content = workbook([["x" * 32_000] * 100] * 100)
    assert len(content) < 500_000
    assert "too large once unpacked" in refusal(tmp_path, content, "u.xlsx")


def test_more_rows_than_the_limit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS_MAX", 2)
    assert "more than 2 rows" in refusal(tmp_path, b"a\nb\nc\n", "u.csv")


@pytest.mark.parametrize("heading", ["Unit code", "unit CODE", " Unit  code ", "单位代码", "单位 代码", "Unit code*"])
def test_headings_are_known_in_either_language(heading: str) -> None:
    places, errors = match_headings(COLUMNS, [heading], chinese=False)
    assert (places, errors) == ({0: "code"}, [])


def test_unknown_missing_and_doubled_headings_are_named() -> None:
    _places, errors = match_headings(COLUMNS, ["Name", "Full name", "Colour"], chinese=False)
    assert [(error.column, error.reason.split(".")[0]) for error in errors] == [
        ("Full name", "This column is there twice"),
        ("Colour", "This heading is not known"),
        ("Unit code", "This column is missing"),
    ]
