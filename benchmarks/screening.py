"""Every screening rule over a million decisions, beside a bare aggregate over all of them for each rule."""

import sys
from time import perf_counter

from django.db import connection

from benchmarks import punishments
from cases.models import ScreeningHit, ScreeningRule
from cases.punishments import screening
from portal.workdays import clock

NAME, UNIT, BUDGET = "screening", "s, all rules", 3.0


def _aggregate() -> float:
    start = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT count(*), sum(amount), max(decided_on), count(DISTINCT agency_id) FROM cases_punishment")
        cursor.execute("RESET max_parallel_workers_per_gather")
    return perf_counter() - start


def measure() -> dict[str, object]:
    """Seconds of all rules together, and of as many aggregates."""
    with clock.frozen(punishments.DAY):
        punishments.fill(several=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE cases_punishment")
        figure, said = 0.0, []
        rules = list(ScreeningRule.objects.all())
        for rule in rules:
            start = perf_counter()
            hits = screening.apply(rule)
            seconds = perf_counter() - start
            figure += seconds
            said.append(f"{rule.code} {seconds:.2f} s ({hits} hits)")
        floor = sum(_aggregate() for _rule in rules)
    sys.stderr.write(f"screening: {', '.join(said)}; {ScreeningHit.objects.count()} hits\n")
    return punishments.result(NAME, figure, floor, UNIT, BUDGET)
