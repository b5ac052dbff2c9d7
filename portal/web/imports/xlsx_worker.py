"""Reads a workbook in a process of its own, with a limit on memory, and prints a JSON list for each row."""

import json
import resource
import sys
from datetime import date, datetime

from portal.web.imports.reading import OUTPUT_MAX_BYTES, TOO_LARGE

MEMORY_MAX_BYTES = 3 * 1024**3


def text(value: object) -> str:
    """A cell as people typed it: whole numbers without a point, dates as 2026-12-02."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def main(path: str) -> None:
    """Print the rows of the first sheet."""
    from python_calamine import CalamineWorkbook

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    written = 0
    for row in sheet.to_python(skip_empty_area=False):
        line = json.dumps([text(cell) for cell in row], ensure_ascii=True) + "\n"
        written += len(line)
        if written > OUTPUT_MAX_BYTES:
            sys.exit(TOO_LARGE)
        sys.stdout.write(line)


if __name__ == "__main__":
    main(sys.argv[1])
