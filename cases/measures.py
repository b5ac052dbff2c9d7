"""The figures of cases, clues and recommendations: set-based, a fixed number of queries for any number of units."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from cases import detection
from cases.detection import Lists
from cases.models import Clue, ClueState, CrimeCase, FoundBy, Stage
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.web.lookups import array_of

# From one milestone to another, as people ask for them.
SPANS = (
    (Stage.CLUE, Stage.VERIFIED),
    (Stage.VERIFIED, Stage.FILED),
    (Stage.FILED, Stage.INVESTIGATED),
    (Stage.INVESTIGATED, Stage.TRANSFERRED),
    (Stage.TRANSFERRED, Stage.INDICTED),
    (Stage.INDICTED, Stage.JUDGED),
    (Stage.JUDGED, Stage.EFFECTIVE),
    (Stage.FILED, Stage.EFFECTIVE),
)
AGES = ((90, "under-90"), (180, "90-180"), (365, "180-365"), (None, "over-365"))


class Span(NamedTuple):
    """How long it took from one milestone to another: of how many cases, the median and nine of ten, in days."""

    start: str
    end: str
    cases: int
    median: int
    ninth: int


def _ids(cases: "QuerySet[CrimeCase]") -> str:
    return array_of(cases.order_by().values_list("pk", flat=True))


def spans(cases: "QuerySet[CrimeCase]") -> list[Span]:
    """The durations between milestones, of cases that have reached both."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.stage, b.stage, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY b.reached_on - a.reached_on),
                percentile_cont(0.9) WITHIN GROUP (ORDER BY b.reached_on - a.reached_on)
            FROM cases_milestone a JOIN cases_milestone b ON b.case_id = a.case_id
            WHERE a.case_id = ANY(%s) GROUP BY 1, 2
            """,
            [_ids(cases)],
        )
        for start, end, count, median, ninth in cursor.fetchall():
            found[start, end] = Span(start, end, count, round(median), round(ninth))
    return [found[start, end] for start, end in SPANS if (start, end) in found]


def trend(cases: "QuerySet[CrimeCase]") -> list[tuple[int, int, int]]:
    """By the year of filing: how many cases, and the median of days from filing to the effective judgment (0: none yet)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT extract(year FROM a.reached_on)::int, count(*),
                percentile_cont(0.5) WITHIN GROUP (ORDER BY b.reached_on - a.reached_on)
            FROM cases_milestone a LEFT JOIN cases_milestone b ON b.case_id = a.case_id AND b.stage = 'effective'
            WHERE a.stage = 'filed' AND a.case_id = ANY(%s) GROUP BY 1 ORDER BY 1
            """,
            [_ids(cases)],
        )
        return [(year, count, round(median or 0)) for year, count, median in cursor.fetchall()]


def ages(cases: "QuerySet[CrimeCase]", on: date) -> dict[str, int]:
    """Open cases by the days since they were filed."""
    filed = cases.running().filter(milestones__stage=Stage.FILED)  # type: ignore[attr-defined]
    days = [(on - day).days for day in filed.values_list("milestones__reached_on", flat=True)]
    found = {name: 0 for _limit, name in AGES}
    for number in days:
        found[next(name for limit, name in AGES if limit is None or number < limit)] += 1
    return found


def by_source(cases: "QuerySet[CrimeCase]") -> list[tuple[str, int]]:
    """How many cases each source found first, the most first."""
    rows = cases.order_by().values_list("source").annotate(n=Count("pk", distinct=True))
    return sorted(((str(source), int(n)) for source, n in rows), key=lambda pair: -pair[1])


def clues_in_time(clues: "QuerySet[Clue]") -> list[tuple[int, int, int]]:
    """By year: clues verified, and how many of them in time."""
    in_time = Q(closed_on__lte=F("obligation__due_on"))
    rows = clues.filter(state=ClueState.CLOSED).order_by().values_list("year")
    return sorted(rows.annotate(n=Count("pk"), kept=Count("pk", filter=in_time)))


def lists_of(cases: "QuerySet[CrimeCase]", first: str, second: str) -> Lists:
    """What two sources found of the same cases, first or besides."""
    found: dict[int, set[str]] = {}
    for pk, source in cases.order_by().values_list("pk", "source"):
        found.setdefault(pk, set()).add(source)
    besides: Any = FoundBy.objects.filter(case__in=cases.order_by().values("pk"))
    for pk, source in besides.values_list("case_id", "source"):
        found[pk].add(source)
    sets = list(found.values())
    return Lists(
        sum(first in each for each in sets),
        sum(second in each for each in sets),
        sum(first in each and second in each for each in sets),
    )


def dark_figure(cases: "QuerySet[CrimeCase]", first: str, second: str) -> tuple[Lists, detection.Estimate | None]:
    """The estimate of all cases from two sources, with what it rests on; None where the data do not bear one."""
    lists = lists_of(cases, first, second)
    return lists, detection.chapman(lists) if first != second else None


class Rate(NamedTuple):
    """Of so many that were due, so many were done in time."""

    owed: int
    kept: int


def recommendation_reply_rate(unit_ids: Collection[int], *, since: date, until: date) -> dict[int, Rate]:
    """Of the replies of units that were due between two days, how many came in time. Units without any are left out."""
    due = Obligation.objects.filter(kind="recommendation_reply", unit__in=unit_ids, due_on__range=(since, until))
    due = due.exclude(state=State.CANCELLED)
    in_time = Q(state=State.DISCHARGED, closed_on__lte=F("due_on"))
    rows = due.order_by().values_list("unit_id").annotate(n=Count("pk"), kept=Count("pk", filter=in_time))
    return {unit_id: Rate(n, kept) for unit_id, n, kept in rows}


def major_cases(unit_ids: Collection[int], *, since: date, until: date) -> dict[int, int]:
    """The major cases of units that were filed between two days; an upper floor vetoes the assessment by them."""
    filed = Q(milestones__stage=Stage.FILED, milestones__reached_on__range=(since, until))
    rows = CrimeCase.objects.filter(filed, unit__in=unit_ids).exclude(major="")
    return dict(rows.order_by().values_list("unit_id").annotate(n=Count("pk")))
