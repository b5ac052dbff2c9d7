"""A file of a million decisions: from the file to stored and listed rows, beside a bare COPY of the same rows.

The floor copies the very rows that the import wrote, out of a file that needs no reading, into the same table with its keys,
in the same run. Memory is the peak of this process while it imports, and beside it that of an import of a tenth of the rows.
"""

import gc
import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from django.core.files.base import File
from django.db import connection

from benchmarks import punishments
from cases.models import Punishment
from cases.services.imports import begin, import_now
from portal.accounts.models import User
from portal.workdays import clock

NAME, UNIT, BUDGET = "punishment_import", "s per file", 3.0


def _imported(path: Path, code: str) -> float:
    """Import a file as the command does; the seconds until its rows are listed."""
    user, _new = User.objects.get_or_create(username="bench")
    agency = punishments.agency(code)
    start = perf_counter()
    with path.open("rb") as file:
        upload = begin(user, agency, File(file, name=path.name))
    import_now(upload)
    newest = list(Punishment.objects.current().filter(agency=agency)[:20])
    assert len(newest) == 20
    return perf_counter() - start


def _floor(folder: Path) -> float:
    """The bare COPY of the same rows into the emptied table."""
    kept = folder / "kept.copy"
    columns = ", ".join(field.column for field in Punishment._meta.concrete_fields if field.column != "id")
    with connection.cursor() as cursor:
        with kept.open("wb") as file:
            cursor.copy_expert(f"COPY (SELECT {columns} FROM cases_punishment ORDER BY id) TO STDOUT", file)
        cursor.execute("TRUNCATE cases_punishment CASCADE")
        cursor.execute("CHECKPOINT")
        start = perf_counter()
        with kept.open("rb") as file:
            cursor.copy_expert(f"COPY cases_punishment ({columns}) FROM STDIN", file)
        return perf_counter() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure() -> dict[str, object]:
    """Seconds of the import and of the bare COPY."""
    with tempfile.TemporaryDirectory() as name, clock.frozen(punishments.DAY):
        folder = Path(name)
        small, large = folder / "small.csv", folder / "large.csv"
        punishments.write_file(small, punishments.ROWS // 10)
        punishments.write_file(large)
        _imported(small, "SMALL")
        before = _peak()
        _truncate()
        figure = _imported(large, "LARGE")
        after = _peak()
        count = Punishment.objects.count()
        if count != punishments.ROWS:
            raise RuntimeError(f"{count} rows instead of {punishments.ROWS}")
        gc.collect()
        floor = _floor(folder)
    sys.stderr.write(
        f"punishment_import: {punishments.ROWS / figure:,.0f} rows/s; peak {after:.0f} MB, "
        f"with a tenth of the rows {before:.0f} MB\n"
    )
    return punishments.result(NAME, figure, floor, UNIT, BUDGET)


def _truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_punishment CASCADE")
        cursor.execute("CHECKPOINT")
