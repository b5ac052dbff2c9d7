"""Lists as files. Cells are written as text or numbers, never as formulae."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import django_tables2
import xlsxwriter
from django.http import HttpResponse

KINDS = ("xlsx", "csv")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins with one of these is a formula to a spreadsheet that opens a CSV file.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def response(table: django_tables2.Table, name: str, kind: str) -> HttpResponse:
    """The rows of a table as an attachment, in the columns and the order shown."""
    rows = table.as_values()
    content, mime = (as_csv(rows), "text/csv; charset=utf-8") if kind == "csv" else (as_xlsx(rows), XLSX)
    answer = HttpResponse(content, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def as_xlsx(rows: Any) -> bytes:
    """An XLSX file of one sheet; memory does not grow with the rows."""
    return as_workbook([(None, rows)])


# What a spreadsheet does not bear in the name of a sheet, and how long that may be.
FORBIDDEN, NAME_LENGTH = re.compile(r"[\[\]:*?/\\]"), 31


def as_workbook(sheets: Iterable[tuple[str | None, Iterable[Iterable[Any]]]]) -> bytes:
    """An XLSX file of several sheets, each a name and its rows, the headings first. Days are written as days."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            sheet = book.add_worksheet(FORBIDDEN.sub(" ", name)[:NAME_LENGTH] if name else None)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    # A moment is a day too to Python, and stays the text it is.
                    if isinstance(value, date) and not isinstance(value, datetime):
                        sheet.write_datetime(number, column, value, day)
                    elif isinstance(value, int | float) and not isinstance(value, bool):
                        sheet.write_number(number, column, value)
                    else:
                        sheet.write_string(number, column, str(value or ""), None if number else head)
    return buffer.getvalue()


def as_csv(rows: Any) -> bytes:
    """A CSV file in UTF-8 with the mark that office programs look for."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
    return buffer.getvalue().encode("utf-8-sig")


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The same piece by piece, for files that are sent while they are read."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _harmless(value: Any) -> str:
    text = "" if value is None else str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
