"""Writing many rows by COPY: a third of the time of INSERT, for what comes by the thousand."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.db import connection


def copy_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, not_null: Sequence[str] = ()
) -> None:
    """Append rows to a table. None is NULL; an empty text is one too, except in the columns named in `not_null`.

    Constraints and triggers hold as for INSERT. Must be called inside the transaction that causes the rows.
    """
    lines = StringIO()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    if not lines.tell():
        return
    lines.seek(0)
    texts = f", FORCE_NOT_NULL ({', '.join(not_null)})" if not_null else ""
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv{texts})", lines)
