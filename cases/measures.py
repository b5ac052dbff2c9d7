"""The figures of cases, clues and recommendations: set-based, a fixed number of queries for any number of units."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from cases import detection
from cases.detection import Estimate
from cases.models import Clue, ClueState, CrimeCase, FoundBy, Milestone, Stage
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.web.lookups import array_of
from portal.workdays import clock
from systems.outcomes import Window

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


class Year(NamedTuple):
    """The cases that reached a milestone in a year: how many of them the next one, and the median of days (0: none yet)."""

    year: int
    cases: int
    reached: int
    median: int


def trend(cases: "QuerySet[CrimeCase]", start: str = Stage.FILED, end: str = Stage.EFFECTIVE) -> list[Year]:
    """By the year of the first of two milestones."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT extract(year FROM a.reached_on)::int, count(*), count(b.id),
                percentile_cont(0.5) WITHIN GROUP (ORDER BY b.reached_on - a.reached_on)
            FROM cases_milestone a LEFT JOIN cases_milestone b ON b.case_id = a.case_id AND b.stage = %s
            WHERE a.stage = %s AND a.case_id = ANY(%s) GROUP BY 1 ORDER BY 1
            """,
            [end, start, _ids(cases)],
        )
        return [Year(year, count, reached, round(median or 0)) for year, count, reached, median in cursor.fetchall()]


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


class Kept(NamedTuple):
    """Clues of a year or a rank: how many were verified, how many of them in time, how many are open past their day."""

    verified: int
    kept: int
    late: int


def _kept(clues: "QuerySet[Clue]", *by: str) -> list[Any]:
    closed, today = Q(state=ClueState.CLOSED), clock.today()
    return list(
        clues.order_by()
        .values_list(*by)
        .annotate(
            verified=Count("pk", filter=closed),
            kept=Count("pk", filter=closed & Q(closed_on__lte=F("obligation__due_on"))),
            late=Count("pk", filter=~closed & Q(obligation__due_on__lt=today)),
        )
    )


def clues_in_time(clues: "QuerySet[Clue]") -> list[tuple[int, Kept]]:
    """By year."""
    return [(year, Kept(*figures)) for year, *figures in sorted(_kept(clues, "year"))]


def clues_by_rank(clues: "QuerySet[Clue]") -> list[tuple[int | None, Kept]]:
    """By the rank of whom a clue concerns, the highest first; None: not known."""
    rows = sorted(_kept(clues, "rank__order", "rank"), key=lambda row: (row[0] is None, row[0]))
    return [(rank, Kept(*figures)) for _order, rank, *figures in rows]


def found_by(cases: "QuerySet[CrimeCase]", sources: Collection[str]) -> Counter[frozenset[str]]:
    """How many cases each combination of these sources found, first or besides; what none of them found is left out."""
    found: dict[int, set[str]] = {}
    for pk, source in cases.order_by().values_list("pk", "source"):
        found.setdefault(pk, set()).add(source)
    for pk, source in FoundBy.objects.filter(case__in=cases.order_by().values("pk")).values_list("case_id", "source"):
        found[pk].add(source)
    counted = Counter(frozenset(each & set(sources)) for each in found.values())
    counted.pop(frozenset(), None)
    return counted


def dark_figure(cases: "QuerySet[CrimeCase]", sources: Sequence[str]) -> Estimate | None:
    """The estimate of all cases from these sources; None where the data do not bear one, or there are fewer than two sources."""
    return detection.estimate(found_by(cases, sources), sources)


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
    rows = CrimeCase.objects.filter(filed, unit__any=array_of(unit_ids)).exclude(major="")
    return dict(rows.order_by().values_list("unit_id").annotate(n=Count("pk")))


def filed_in(windows: Sequence[Window]) -> dict[str, int]:
    """How many cases were filed in each window, in one query: what a measure is looked at before and after."""
    units = [window.unit_id for window in windows]
    days = Milestone.objects.filter(stage=Stage.FILED, case__unit__in=units).values_list("case__unit_id", "reached_on")
    filed: dict[int, list[date]] = {}
    for unit, day in days:
        filed.setdefault(unit, []).append(day)
    return {w.key: sum(w.first <= day <= w.last for day in filed.get(w.unit_id, ())) for w in windows}
