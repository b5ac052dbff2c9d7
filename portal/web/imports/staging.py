"""The two jobs of an import of very many rows: check a file, write what is ready."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal.audit import services as audit
from portal.web import jobs
from portal.web.copying import copy_rows
from portal.web.i18n import is_chinese
from portal.web.imports import staged
from portal.web.imports.base import Row, match_headings
from portal.web.imports.reading import stream
from portal.web.imports.staged import Staged, StagedImporter
from portal.web.models import ImportRun, Job
from portal.workdays import clock

CHUNK = 5000


def check_kind(code: str) -> str:
    """The kind of job that checks."""
    return f"check-{code}"


def write_kind(code: str) -> str:
    """The kind of job that writes."""
    return f"write-{code}"


def register(importer: type[StagedImporter]) -> None:
    """Make an importer and its two jobs known; called in `AppConfig.ready()`."""
    staged.add(importer)
    jobs.register(check_kind(importer.code), jobs.Kind(_("Check a file"), run_check))
    jobs.register(write_kind(importer.code), jobs.Kind(_("Import the rows that are ready"), run_write))


def start_check(by: Any, run: ImportRun, next_url: str) -> Job:
    """Begin to check a file in the background; must be called inside a transaction."""
    run.job = jobs.start(by, check_kind(run.kind), {"run": run.pk, "next_url": next_url}, total=0)
    run.save(update_fields=["job"])
    return run.job


def start_write(by: Any, run: ImportRun, next_url: str) -> Job:
    """Begin to write the rows that are ready; must be called inside a transaction."""
    total = staged.ready(run).count()
    run.job = jobs.start(by, write_kind(run.kind), {"run": run.pk, "next_url": next_url}, total=total)
    run.save(update_fields=["job"])
    return run.job


# --- Checking ----------------------------------------------------------------------------------------------------------


def run_check(job: Job) -> dict[str, Any]:
    """Stage the rows of a file, going on behind the last one staged. Raises FileRefused."""
    run = ImportRun.objects.get(pk=job.params["run"])
    kind = staged.importer_of(run)
    about, lines = stream(Path(run.file.path), run.name)
    Job.objects.filter(pk=job.pk).update(total=max(about - 1, 1))
    # What a file that was given back says of its own mistakes is passed over.
    first = ["" if heading.strip() in staged.WRONG else heading for heading in next(lines, [])]
    places, errors = match_headings(kind.columns, first, chinese=is_chinese())
    headings = {code: first[index].strip() for index, code in places.items()}
    if not errors:
        importer = kind(run, job.owner, headings)
        _stage(job, importer, places, lines)
        with transaction.atomic():
            importer.settle()
    run.checked_at = clock.now()
    run.summary = {"headings": headings, "order": [heading for heading in first if heading.strip()], "refused": errors}
    run.save(update_fields=["checked_at", "summary"])
    return {}


def _stage(job: Job, importer: StagedImporter, places: Mapping[int, str], lines: Iterator[list[str]]) -> None:
    last = staged.rows_of(importer.run).aggregate(last=Max("number"))["last"] or 1
    numbered = enumerate(lines, start=2)
    left = islice(numbered, last - 1, None)
    while chunk := list(islice(left, CHUNK)):
        found = (
            Row(number, {code: cells[index].strip() if index < len(cells) else "" for index, code in places.items()})
            for number, cells in chunk
        )
        rows = [row for row in found if any(row.cells.values())]
        with transaction.atomic():
            _copy(importer, importer.read(rows))
            jobs.advance(job, len(chunk))


def _copy(importer: StagedImporter, found: Iterable[Staged]) -> None:
    columns = ("run_id", "number", "cells", "problems", "effects", "written", *importer.own_columns)
    copy_rows(
        importer.rows._meta.db_table,
        columns,
        (
            (
                importer.run.pk,
                one.row.number,
                orjson.dumps(one.row.cells).decode(),
                orjson.dumps(one.problems).decode() if one.problems else None,
                "" if one.problems else " ".join(one.effects),
                False,
                *one.values,
            )
            for one in found
        ),
        not_null=("effects", *importer.texts),
    )


# --- Writing -----------------------------------------------------------------------------------------------------------


def run_write(job: Job) -> dict[str, Any]:
    """Write the ready rows, chunk by chunk, going on where a killed job stopped."""
    run = ImportRun.objects.get(pk=job.params["run"])
    importer = staged.importer_of(run)(run, job.owner, run.summary["headings"])
    while _write_chunk(job, importer):
        pass
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.applied_at is None:
            rows, found = staged.rows_of(run), staged.figures(run)
            effects = staged.counted(rows.filter(written=True))
            locked.applied_at = clock.now()
            locked.summary |= {"effects": dict(effects), "unchanged": found.unchanged}
            locked.save(update_fields=["applied_at", "summary"])
            # What is written stands where it belongs; only what is to be mended is still wanted here.
            rows.filter(problems__isnull=True).delete()
            audit.record(job.owner, f"{run.kind}.imported", run, data={"sha256": run.sha256, **effects})
    return {}


def _write_chunk(job: Job, importer: StagedImporter) -> bool:
    with transaction.atomic():
        waiting = staged.ready(importer.run).order_by("number")
        numbers = list(waiting.values_list("number", flat=True)[:CHUNK])
        if not numbers:
            return False
        importer.write(numbers[0], numbers[-1])
        done = staged.ready(importer.run).filter(number__range=(numbers[0], numbers[-1]))
        jobs.advance(job, done.update(written=True))
    return True
