"""The words of a million decisions, written in the background, beside the bare SQL that builds the same.

The floor makes the pairs of Chinese characters and the whole words by a function of the database, in one INSERT ... SELECT, and
builds the same index over them.
"""

import resource
import sys
from time import perf_counter

from django.db import connection

from benchmarks import punishments
from cases.models import Punishment, SearchEntry
from cases.punishments import indexing
from portal.workdays import clock

NAME, UNIT, BUDGET = "punishment_index", "s", 1.5
_FUNCTION = r"""
    CREATE OR REPLACE FUNCTION bench_words(body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT array_to_tsvector(array_agg(DISTINCT word)) FROM (
            SELECT unnest(CASE
                WHEN run[1] !~ '^[㐀-鿿]' OR length(run[1]) = 1 THEN ARRAY[run[1]]
                ELSE (SELECT array_agg(substr(run[1], n, 2)) FROM generate_series(1, length(run[1]) - 1) n)
            END) AS word FROM regexp_matches(lower(body), '[㐀-鿿]+|[a-z0-9]+', 'g') run
        ) each
    $$;
"""
_FLOOR = """
    INSERT INTO cases_searchentry (punishment_id, decided_on, words)
    SELECT id, decided_on, bench_words(concat_ws(chr(10), {texts})) FROM cases_punishment WHERE is_current
"""


def _seconds(statement: str) -> float:
    start = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return perf_counter() - start


def measure() -> dict[str, object]:
    """Seconds of the job, and of the bare statements."""
    with clock.frozen(punishments.DAY):
        punishments.fill()
    floor = _floor()
    start = perf_counter()
    indexing.write_all()
    figure = perf_counter() - start
    if SearchEntry.objects.count() != Punishment.objects.count():
        raise RuntimeError("Not every decision has its words.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stderr.write(f"punishment_index: {punishments.ROWS / figure:,.0f} rows/s, peak {peak:.0f} MB\n")
    return punishments.result(NAME, figure, floor, UNIT, BUDGET)


def _floor() -> float:
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
        cursor.execute(f"DROP INDEX {indexing.INDEX}")
        cursor.execute("SET maintenance_work_mem = '256MB'")
    seconds = _seconds(_FLOOR.format(texts=", ".join(indexing.TEXTS)))
    seconds += _seconds(f"CREATE INDEX {indexing.INDEX} ON cases_searchentry USING gin (words)")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_searchentry")
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("CHECKPOINT")
    return seconds
