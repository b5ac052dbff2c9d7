"""The verbs of an import of decisions: take a file, say what its columns are, check it, write what is ready."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import connection, transaction

from cases.errors import ColumnsMissing, ColumnTwice, NothingReady
from cases.models import ColumnMapping, FaultyRow, PunishmentUpload
from cases.punishments import columns as known
from cases.punishments import importing, indexing, layout
from cases.punishments.importing import Figures
from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation.models import Unit
from portal.web import jobs
from portal.web.i18n import listed
from portal.web.models import ImportRun, Job
from portal.workdays import clock

KIND, CHECK_JOB, WRITE_JOB = "punishments", "check-punishments", "write-punishments"
# The bar of a check counts thousands of bytes: the rows are counted once they are read.
PER_STEP = 1024


def begin(by: User, agency: Unit, file: "File[Any]") -> PunishmentUpload:
    """Keep a file and look at its head; the columns are guessed from the agency's last file. Raises FileRefused.

    The file stands before the row; one that is refused leaves nothing behind.
    """
    digest = hashlib.sha256()
    for chunk in file.chunks(2**20):
        digest.update(chunk)
    run = ImportRun(owner=by, kind=KIND, name=Path(file.name or "file").name[:200], sha256=digest.hexdigest())
    run.size, run.uploaded_at = file.size, clock.now()
    run.file.save(f"{run.sha256[:20]}.upload", file, save=False)
    with ExitStack() as undone:
        undone.callback(run.file.delete, save=False)
        found = layout.look_at(Path(run.file.path), run.name)
        with transaction.atomic():
            run.save()
            saved = ColumnMapping.objects.filter(agency=agency).values_list("columns", flat=True).first()
            guessed = known.guess(found.headings, saved or {})
            columns = {str(place): code for place, code in guessed.items()}
            made = PunishmentUpload.objects.create(run=run, agency=agency, layout=found.as_dict(), columns=columns)
        undone.pop_all()
    return made


@transaction.atomic
def choose_columns(by: User, upload_id: int, codes: Mapping[int, str], *, next_url: str) -> Job:
    """Say which column of the file is which; kept for the agency's next file. Begins to check the rows.

    Raises ColumnsMissing, ColumnTwice, NothingReady for a file that was imported.
    """
    upload = PunishmentUpload.objects.select_for_update(of=("self",)).select_related("run").get(pk=upload_id)
    if upload.run.applied_at is not None or upload.written_to:
        raise NothingReady
    chosen = {place: code for place, code in sorted(codes.items()) if code}
    twice = [code for code, count in Counter(chosen.values()).items() if count > 1]
    if twice:
        raise ColumnTwice(column=known.BY_CODE[twice[0]].label)
    left = known.missing(chosen)
    if left:
        raise ColumnsMissing(columns=listed(column.label for column in left))
    upload.columns = {str(place): code for place, code in chosen.items()}
    upload.save(update_fields=["columns"])
    headings = upload.layout["headings"]
    ColumnMapping.objects.update_or_create(
        agency_id=upload.agency_id,
        defaults={
            "columns": {known.plain(headings[place]): codes.get(place, "") for place in range(len(headings))},
            "saved_by": by,
            "saved_at": clock.now(),
        },
    )
    return _start(by, upload, CHECK_JOB, next_url, total=max(upload.layout["size"] // PER_STEP, 1))


@transaction.atomic
def mend_rows(
    by: User, upload_id: int, cells: Mapping[int, Mapping[int, str]], *, next_url: Callable[[int], str]
) -> Job:
    """Put right cells of rows that were left out, by row and place: they become a file of their own, which is checked.

    What is not put right is left out there again. Raises NothingReady where no such row is known.
    """
    upload = PunishmentUpload.objects.select_related("run", "agency").get(pk=upload_id)
    rows = FaultyRow.objects.filter(run=upload.run, number__in=cells)
    lines = [upload.layout["headings"]]
    for row in rows:
        mended = list(row.cells)
        for place, text in cells[row.number].items():
            if place < len(mended):
                mended[place] = text
        lines.append(mended)
    if len(lines) == 1:
        raise NothingReady
    mended_file = io.StringIO()
    csv.writer(mended_file).writerows(lines)
    name = f"{Path(upload.run.name).stem}-{len(lines) - 1}.csv"
    made = begin(by, upload.agency, ContentFile(mended_file.getvalue().encode("utf-8-sig"), name=name))
    codes = {int(place): code for place, code in upload.columns.items()}
    return choose_columns(by, made.pk, codes, next_url=next_url(made.pk))


@transaction.atomic
def write_ready(by: User, upload_id: int, *, next_url: str) -> Job:
    """Begin to write the rows that are ready. Raises NothingReady."""
    upload = PunishmentUpload.objects.select_for_update(of=("self",)).select_related("run__job").get(pk=upload_id)
    run = upload.run
    busy = run.job is not None and not run.job.is_finished
    if run.checked_at is None or run.applied_at is not None or busy or not figures(run).ready:
        raise NothingReady
    if not importing.is_staged(upload):
        raise NothingReady
    return _start(by, upload, WRITE_JOB, next_url, total=importing.lines_staged(upload))


def _start(by: User, upload: PunishmentUpload, kind: str, next_url: str, total: int) -> Job:
    run = upload.run
    run.job = jobs.start(by, kind, {"upload": upload.pk, "next_url": next_url}, total=total)
    run.checked_at = None if kind == CHECK_JOB else run.checked_at
    run.save(update_fields=["job", "checked_at"])
    return run.job


def figures(run: ImportRun) -> Figures:
    """What the check found."""
    return Figures(*(run.summary.get("figures") or (0, 0, 0, 0)))


def run_check(job: Job) -> dict[str, Any]:
    """Check a file; a killed check begins anew."""
    upload = PunishmentUpload.objects.select_related("run").get(pk=job.params["upload"])
    Job.objects.filter(pk=job.pk).update(done=0)
    with _told(job) as told:
        check(upload, told)
    return {}


def check(upload: PunishmentUpload, told: Callable[[int], None] = lambda taken: None) -> Figures:
    """Stage and judge the rows; nothing is written yet. Raises FileRefused."""
    found = importing.stage(upload, told)
    run = upload.run
    run.checked_at = clock.now()
    run.summary = {"figures": list(found), "reasons": importing.reasons(upload)}
    run.save(update_fields=["checked_at", "summary"])
    return found


@contextmanager
def _told(job: Job) -> Iterator[Callable[[int], None]]:
    """Tells how far a job is while its own transaction is still open, by a connection beside.

    That a worker lives is told by the database's time, as in `portal.web.jobs`: the portal's own can be set.
    """
    beside = connection.copy()

    def tell(taken: int) -> None:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE web_job SET done = least(done + %s, total), seen_at = now(), tries = 0 WHERE id = %s",
                [taken // PER_STEP, job.pk],
            )

    try:
        yield tell
    finally:
        beside.close()


def run_write(job: Job) -> dict[str, Any]:
    """Write what is ready, portion by portion, going on where a killed job stopped."""
    upload = PunishmentUpload.objects.select_related("run").get(pk=job.params["upload"])
    if upload.run.applied_at is None:
        write(upload, job.owner, lambda lines: jobs.advance(job, lines))
        with transaction.atomic():
            indexing.start(job.owner)
    return {}


def write(upload: PunishmentUpload, by: User | None, went: Callable[[int], Any] = lambda lines: None) -> Figures:
    """Write the ready rows. Raises NothingReady where the server has forgotten the staged rows: check the file again."""
    if not importing.is_staged(upload):
        raise NothingReady
    while True:
        with transaction.atomic():
            done = importing.write_next(upload.pk)
            if done is None:
                break
            lines, wrote = done
            run = ImportRun.objects.select_for_update().get(pk=upload.pk)
            run.summary["wrote"] = dict(Counter(run.summary.get("wrote", {})) + wrote)
            run.save(update_fields=["summary"])
            went(lines)
    return _finish(upload, by)


@transaction.atomic
def _finish(upload: PunishmentUpload, by: User | None) -> Figures:
    run = ImportRun.objects.select_for_update().get(pk=upload.pk)
    wrote = Counter(run.summary.get("wrote", {}))
    if run.applied_at is None:
        run.applied_at = clock.now()
        run.save(update_fields=["applied_at"])
        importing.forget(upload)
        data = {"sha256": run.sha256, "agency": upload.agency.code, **wrote}
        audit.record(by, "punishments.imported", run, path=str(upload.agency.path), data=data)
        if wrote:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE cases_punishment")
    found = figures(run)
    return Figures(wrote["new"], wrote["changed"], found.unchanged, found.mend)


def import_now(upload: PunishmentUpload, by: User | None = None, *, dry_run: bool = False) -> Figures:
    """Check and write a file at once, by the columns guessed; for the command line. Raises FileRefused."""
    importing.require_columns({int(place): code for place, code in upload.columns.items()})
    found = check(upload)
    if dry_run:
        importing.forget(upload)
        return found
    return write(upload, by)
