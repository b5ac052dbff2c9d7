"""The words of decisions, written in the background after an import; a killed job goes on behind the last one written.

The words are made here and copied in, which takes a third of the time of a function of the database. Where most of the index
would be new, it is dropped first and built at the end: entry by entry it would take several times as long.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from cases.models import Punishment, SearchEntry
from cases.punishments import terms
from portal.web import jobs
from portal.web.copying import copy_rows
from portal.web.models import Job

JOB = "index-punishments"
PORTION = 5_000
INDEX = "punishment_words"
TEXTS = (
    *("number", "title", "party", "party_code", "representative", "facts", "basis", "kinds", "content", "handler"),
    *("reply", "remark"),
)
# From so many on, and where they are at least half of all, the index is built anew.
MANY = 50_000


def missing() -> int:
    """How many decisions cannot be found by their words yet."""
    return Punishment.objects.current().filter(entry__isnull=True).count()


def highest() -> int:
    """The last decision whose words are there; later ones come after it."""
    return SearchEntry.objects.aggregate(last=Max("pk"))["last"] or 0


def start(by: Any) -> Job | None:
    """Begin to write the words of what was imported; must be called inside a transaction. None: nothing is missing."""
    after = highest()
    waiting = Punishment.objects.current().filter(pk__gt=after).count()
    if not waiting or by is None:
        return None
    return jobs.start(by, JOB, {"next_url": "/cases/search/"}, total=waiting)


def run(job: Job) -> dict[str, Any]:
    """Write the words of every decision that has none."""
    write_all(lambda count: jobs.advance(job, count))
    return {}


def write_all(went: Any = lambda count: None) -> None:
    """Write all words that are missing, then see that the index stands."""
    after = highest()
    waiting = Punishment.objects.current().filter(pk__gt=after).count()
    if waiting >= MANY and waiting >= SearchEntry.objects.count():
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
    while (last := _write_next(after, went)) is not None:
        after = last
    _ensure_index()


@transaction.atomic
def _write_next(after: int, went: Any) -> int | None:
    rows = Punishment.objects.current().filter(pk__gt=after, entry__isnull=True).order_by("pk")
    found = list(rows.values_list("pk", "decided_on", *TEXTS)[:PORTION])
    if not found:
        return None
    copy_rows(
        SearchEntry._meta.db_table,
        ("punishment_id", "decided_on", "words"),
        ((pk, day, terms.vector(texts)) for pk, day, *texts in found),
        not_null=("words",),
    )
    went(len(found))
    return int(found[-1][0])


@transaction.atomic
def _ensure_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [INDEX])
        if cursor.fetchone()[0]:
            return
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON cases_searchentry USING gin (words)")
        cursor.execute("ANALYZE cases_searchentry")
