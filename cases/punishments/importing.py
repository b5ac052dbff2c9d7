"""A file of decisions on its way in: staged as raw text by COPY, read and judged by the database, written in portions.

1. `stage`: the bytes of the file go into a table of texts, one statement reads every cell of it, another keeps the rows to mend.
2. `write_next`: the ready rows of two hundred thousand lines in one transaction, with how far it is; a killed import goes on
   behind the last line written. New decisions are inserted, a changed one becomes a new version, the same is passed over.

Memory does not grow with the file. The staging tables are not logged by the server: after a crash the file is read again.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg2 import DataError

from cases.models import FaultyRow, PunishmentUpload
from cases.punishments import parsing, sources
from cases.punishments.columns import missing
from cases.punishments.layout import Layout
from cases.punishments.sources import Told, quiet
from portal.web.imports.reading import FileRefused
from portal.workdays import clock

# So many lines are written in one transaction.
PORTION = 200_000
# A lock of its own for each agency: two files of the same one take turns.
LOCK = 7_301_013


class Figures(NamedTuple):
    """What the rows of a file would do."""

    new: int
    changed: int
    unchanged: int
    mend: int

    @property
    def ready(self) -> int:
        """Rows that would be written."""
        return self.new + self.changed


def tables(upload: PunishmentUpload) -> tuple[str, str]:
    """The tables that a file is staged in: raw texts, and rows as they were read."""
    return f"cases_raw_{int(upload.pk)}", f"cases_staged_{int(upload.pk)}"


def is_staged(upload: PunishmentUpload) -> bool:
    """Whether the rows are there; the server forgets them when it crashes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [tables(upload)[1]])
        return bool(cursor.fetchone()[0])


def forget(upload: PunishmentUpload) -> None:
    """Drop the staging tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(tables(upload))}")


@transaction.atomic
def stage(upload: PunishmentUpload, told: Told = quiet) -> Figures:
    """Read every row of the file. `told` hears of the bytes taken. Raises FileRefused; nothing is left then."""
    raw, staged = tables(upload)
    layout = Layout(**upload.layout)
    columns = {int(place): code for place, code in upload.columns.items() if code}
    forget(upload)
    FaultyRow.objects.filter(run_id=upload.pk).delete()
    patient = _copy(upload, layout, told)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        read = parsing.staged(raw, staged, columns, layout.headings, may_be_broken=patient)
        cursor.execute(read, {"today": clock.today()})
        cursor.execute(f"CREATE INDEX ON {staged} (line)")
        cursor.execute(f"ANALYZE {staged} (line, number, state)")
        cursor.execute(parsing.twice(staged))
        values = {"run": upload.pk, "skip": layout.skip}
        cursor.execute(parsing.faulty(raw, staged, len(layout.headings)), values)
        cursor.execute(f"DROP TABLE {raw}")
        cursor.execute(parsing.counted(staged), {"agency": upload.agency_id})
        return Figures(*cursor.fetchone())


def _copy(upload: PunishmentUpload, layout: Layout, told: Told) -> bool:
    """The file as it is, where the database can read it so; a workbook, and a text that is not even, row by row (True)."""
    raw, _staged = tables(upload)
    path, name = Path(upload.run.file.path), upload.run.name
    columns = ", ".join(f"c{place} text NOT NULL DEFAULT ''" for place in range(len(layout.headings)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE UNLOGGED TABLE {raw} (line bigint GENERATED ALWAYS AS IDENTITY, {columns},"
            " extra text NOT NULL DEFAULT '')"
        )
    if layout.encoding in ("utf-8", "gb18030"):
        try:
            with transaction.atomic():
                sources.copy_raw(raw, path, layout, told)
            return False
        except DataError:
            # A short row, a broken byte, a stray quotation mark: read with patience, so that the row is named.
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {raw} RESTART IDENTITY")
            if layout.encoding == "utf-8" and _is_other_encoding(path):
                layout = layout._replace(encoding="gb18030")
                upload.layout = layout.as_dict()
                upload.save(update_fields=["layout"])
    sources.copy_rows(raw, path, name, layout, told)
    return True


def _is_other_encoding(path: Path) -> bool:
    """Whether a file whose head is plain ASCII is GB18030 further down."""
    try:
        with path.open(encoding="gb18030") as text:
            while text.read(2**20):
                pass
    except UnicodeDecodeError:
        return False
    try:
        with path.open(encoding="utf-8") as text:
            while text.read(2**20):
                pass
    except UnicodeDecodeError:
        return True
    return False


def reasons(upload: PunishmentUpload) -> dict[str, tuple[int, int]]:
    """How many rows have each problem, and the first of them."""
    found: dict[str, tuple[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT code, count(*), min(number) FROM (
                SELECT number, regexp_replace(unnest(string_to_array(problems, ' ')), ':[0-9]+$', '') AS code
                FROM cases_faultyrow WHERE run_id = %s
            ) each GROUP BY code ORDER BY count(*) DESC, code
            """,
            [upload.pk],
        )
        for code, count, first in cursor.fetchall():
            found[code] = (count, first)
    return found


@transaction.atomic
def write_next(upload_id: int, portion: int = PORTION) -> tuple[int, Counter[str]] | None:
    """Write the next portion of so many lines; how many lines it went over and what it wrote. None: there is no more."""
    upload = PunishmentUpload.objects.select_for_update().get(pk=upload_id)
    _raw, staged = tables(upload)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, upload.agency_id])
        cursor.execute(f"SELECT max(line) FROM {staged}")  # noqa: S608 - a name of our own
        end = cursor.fetchone()[0] or 0
        if upload.written_to >= end:
            return None
        last = min(upload.written_to + portion, end)
        values = {
            "agency": upload.agency_id,
            "run": upload.pk,
            "first": upload.written_to,
            "last": last,
            "skip": upload.layout["skip"],
        }
        cursor.execute(parsing.write(staged), values)
        new, changed = cursor.fetchone()
        if last < end:
            # The table grows faster than its statistics, by which the next portion is planned.
            cursor.execute("ANALYZE cases_punishment (agency_id, number, is_current)")
    lines = last - upload.written_to
    upload.written_to = last
    upload.save(update_fields=["written_to"])
    return lines, Counter(new=new, changed=changed)


def lines_staged(upload: PunishmentUpload) -> int:
    """How many lines are to be gone over."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(line), 0) FROM {tables(upload)[1]}")  # noqa: S608 - a name of our own
        return int(cursor.fetchone()[0])


def require_columns(columns: dict[int, str]) -> None:
    """Raise FileRefused where a column that must be there is not."""
    left = missing(columns)
    if left:
        names = ", ".join(str(column.label) for column in left)
        raise FileRefused(_("The file has no column for: %(columns)s.") % {"columns": names})
