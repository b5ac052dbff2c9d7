"""The world's sheet with some cells changed."""

from portal.organisation.importing import UnitsImporter
from portal.organisation.importing.columns import COLUMNS
from portal.web.imports import RowError
from tests.world import table

CODES = [column.code for column in COLUMNS]


def cells(rows: list[list[str]], row: int, **values: str) -> list[list[str]]:
    """Change cells of a row, counted as a spreadsheet does."""
    for code, value in values.items():
        rows[row - 1][CODES.index(code)] = value
    return rows


def row_of(rows: list[list[str]], unit: str) -> int:
    """The first row of a unit."""
    return next(number for number, row in enumerate(rows, start=1) if row[0] == unit)


def of_unit(unit: str, **values: str) -> list[list[str]]:
    """The world's sheet, changed in the first row of a unit."""
    rows = table()
    return cells(rows, row_of(rows, unit), **values)


def line(**values: str) -> list[str]:
    """A row of its own."""
    return [values.get(code, "") for code in CODES]


def errors(rows: list[list[str]], by: object = None) -> list[RowError]:
    """What is wrong with a sheet."""
    return UnitsImporter().check(rows, by).errors


NEW_UNIT = {"unit_code": "N", "unit_name_zh": "新局", "unit_type": "party_gov_organ", "sector": "general"}
