"""An import of 100,000 persons from one workbook, beside a bare COPY of the same rows into the same tables.

The figure is both jobs, check and write. Peak memory is that of a process that does nothing else, with the process that parses
the workbook, for 100,000 and for 10,000 rows.
"""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import xlsxwriter
from django.core.files.base import ContentFile
from django.db import connection, transaction

from benchmarks.issue_letters import build
from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.importing.persons import PersonsImporter
from portal.organisation.models import Employment, Person, Unit
from portal.web import jobs
from portal.web.imports import staged, staging
from portal.web.models import ImportRun, JobState
from portal.workdays import clock

NAME, UNIT, BUDGET = "import_persons", "s per 100,000 rows", 5.0
PERSONS, UNITS = 100_000, 2_000
# Some 60,000 different names.
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志文海燕春梅秀红丽云峰宇轩梓涵欣怡浩然子墨雨桐"
TABLES = {
    "organisation_person": "id, employee_no, name_en, name_zh, sort_key, initials, phone, email, user_id",
    "organisation_employment": "id, person_id, unit_id, title_en, title_zh, starts_on, ends_on",
}


def workbook(path: Path, persons: int) -> None:
    """Persons with name, phone, address, unit, position and day."""
    codes = list(Unit.objects.order_by("pk").values_list("code", flat=True))
    headings = [column.headings[1] for column in PersonsImporter.columns]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings)
        for n in range(persons):
            name = SURNAMES[n % 20] + GIVEN[n // 20 % len(GIVEN)] + GIVEN[n // 1000 % len(GIVEN)]
            cells = (
                f"P{n:07d}",
                name,
                "",
                f"139{n:08d}",
                f"p{n}@example.org",
                "",
                "",
                codes[n % len(codes)],
                "科员",
                "Clerk",
            )
            sheet.write_row(n + 1, 0, (*cells, "2024-03-01", ""))


def imported(by: User, path: Path) -> float:
    """Import a workbook as the two jobs do; the seconds they took."""
    run = ImportRun(
        owner=by, kind="persons", name=path.name, size=path.stat().st_size, sha256="0" * 64, uploaded_at=clock.now()
    )
    run.file.save(path.name, ContentFile(path.read_bytes()))
    start = perf_counter()
    for begin in (staging.start_check, staging.start_write):
        with transaction.atomic():
            job = begin(by, run, "/")
        jobs.run(job.pk)
        job.refresh_from_db()
        if job.state != JobState.DONE:
            raise RuntimeError(job.error)
        run.refresh_from_db()
    seconds = perf_counter() - start
    figures = staged.figures(run)
    if figures.mend or figures.ready:
        raise RuntimeError(str(figures))
    run.file.delete()
    return seconds


def measure() -> dict[str, object]:
    """Seconds of the import and of the bare COPY; the peak memory of each size in MB."""
    build(UNITS)
    by = User.objects.create_user("importer", None)
    accounts.grant(
        None, user=by, role=Role.COORDINATOR, path=str(Unit.objects.order_by("path").first().path), reason="b"
    )
    with TemporaryDirectory() as folder:
        large, small = Path(folder, "large.xlsx"), Path(folder, "small.xlsx")
        workbook(large, PERSONS)
        workbook(small, PERSONS // 10)
        figure = imported(User.objects.get(pk=by.pk), large)
        floor = _floor()
        memory = {}
        for path in (small, large):
            _forget()
            memory[path.stem] = _memory(by.pk, path)
    sys.stderr.write(
        f"bench: peak memory of import and parser: {memory['large']} MB for {PERSONS:,} rows, "
        f"{memory['small']} MB for {PERSONS // 10:,}\n"
    )
    return {
        "name": NAME,
        "figure": round(figure, 2),
        "floor": round(floor, 2),
        "unit": UNIT,
        "ratio": round(figure / floor, 2),
        "budget": BUDGET,
        "met": figure / floor <= BUDGET,
        "memory_mb": memory,
    }


def _forget() -> None:
    """Take the rows out again, without asking of each who refers to it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE organisation_employment, organisation_personrow")
        cursor.execute("DELETE FROM organisation_person WHERE employee_no LIKE 'P0%'")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM organisation_person")


def _floor() -> float:
    """The rows just imported, copied once more into the same tables, their keys and indexes in place."""
    texts = {}
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            where = "employee_no LIKE 'P0%'" if table == "organisation_person" else "true"
            texts[table] = StringIO()
            cursor.copy_expert(f"COPY (SELECT {columns} FROM {table} WHERE {where}) TO STDOUT", texts[table])
        _forget()
        start = perf_counter()
        for table, columns in TABLES.items():
            texts[table].seek(0)
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", texts[table])
        seconds = perf_counter() - start
    if Person.objects.filter(employee_no__startswith="P0").count() != PERSONS or Employment.objects.count() != PERSONS:
        raise RuntimeError("The floor copied something else.")
    return seconds


def _memory(by: int, path: Path) -> dict[str, int]:
    program = f"import django; django.setup(); from benchmarks.import_persons import alone; alone({by}, {str(path)!r})"
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def alone(by: int, path: str) -> None:
    """One import in a process of its own, which prints what memory it and its child took at most."""
    import resource

    imported(User.objects.get(pk=by), Path(path))
    own, child = (resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"import": own, "parser": child}))
