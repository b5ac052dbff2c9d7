"""Writing many rows by COPY: a third of the time of INSERT, for what comes by the thousand."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any

from django.db import connection

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append rows to a table; returns how many. Values are None, text, numbers, booleans, days or instants.

    Constraints and triggers hold as for INSERT; must be called inside the transaction that causes the rows.
    """
    lines = ["\t".join(map(_text, row)) for row in rows]
    if lines:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with connection.cursor() as cursor:
            cursor.copy_expert(statement, StringIO("\n".join(lines) + "\n"))
    return len(lines)


def _text(value: Any) -> str:
    """A value as COPY's text format writes it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPED)
    return value.isoformat() if isinstance(value, date) else str(value)
