"""Reads a workbook in a process of its own, with limits on memory and time.

Prints about how many rows there are, then a JSON list for each row.
"""

import json
import resource
import sys
from datetime import date, datetime

MEMORY_MAX_BYTES = 3 * 1024**3


def text(value: object) -> str:
    """A cell as people typed it: whole numbers without a point, dates as 2026-12-02."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def main(path: str, seconds: int) -> None:
    """Print the rows of the first sheet."""
    from python_calamine import CalamineWorkbook

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    sys.stdout.write(f"{sheet.total_height}\n")
    encode = json.JSONEncoder(ensure_ascii=True).encode
    for row in sheet.iter_rows():
        sys.stdout.write(encode([text(cell) for cell in row]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
