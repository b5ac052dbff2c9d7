"""The figures of duties: set-based, a fixed number of queries for any number of units."""

from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from portal.accounts import scopes
from portal.accounts.models import User
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.obligations.presentation import SOON, Code
from portal.web.i18n import is_chinese
from portal.workdays.rules import Calendar


def code_expression(today: date, calendar: Calendar) -> Case:
    """The state people see, as a column; the same conditions as `presentation.code_of`."""
    soon_until = calendar.add(today, SOON)
    return Case(
        When(state=State.DISCHARGED, closed_on__gt=F("due_on"), then=Value(Code.LATE.value)),
        When(state=State.DISCHARGED, then=Value(Code.DONE.value)),
        When(state=State.WAIVED, then=Value(Code.WAIVED.value)),
        When(state=State.CANCELLED, then=Value(Code.NOT_OWED.value)),
        When(suspended_since__isnull=False, then=Value(Code.SUSPENDED.value)),
        When(vacant_since__isnull=False, then=Value(Code.VACANT.value)),
        When(due_on__lt=today, then=Value(Code.OVERDUE.value)),
        When(due_on__lte=soon_until, then=Value(Code.SOON.value)),
        default=Value(Code.OPEN.value),
        output_field=CharField(),
    )


def counts(user: User, year: int, today: date, calendar: Calendar) -> dict[str, int]:
    """How many duties of a year are in each state, in the person's part of the tree."""
    seen = Obligation.objects.filter(scopes.q(user)).of_year(year)
    rows = seen.annotate(code=code_expression(today, calendar)).order_by().values("code").annotate(n=Count("pk"))
    return {row["code"]: row["n"] for row in rows}


NEEDS_ATTENTION = (Code.OVERDUE, Code.SOON, Code.VACANT, Code.SUSPENDED)


def needing_attention(user: User, year: int, today: date, calendar: Calendar) -> "QuerySet[Obligation]":
    """Open duties that are overdue, near, vacant or suspended."""
    soon = Q(due_on__lte=calendar.add(today, SOON)) | Q(vacant_since__isnull=False) | Q(suspended_since__isnull=False)
    return Obligation.objects.filter(scopes.q(user)).of_year(year).open().filter(soon)


def in_state(user: User, year: int, code: str, today: date, calendar: Calendar) -> "QuerySet[Obligation]":
    """Duties of a year in one of the states that people see."""
    seen = Obligation.objects.filter(scopes.q(user)).of_year(year)
    return seen.annotate(code=code_expression(today, calendar)).filter(code=code)


class Column(NamedTuple):
    """A column of the matrix: duties of one kind under one label."""

    kind: str
    label_en: str
    label_zh: str

    @property
    def label(self) -> str:
        """In the active language."""
        return self.label_zh if is_chinese() else self.label_en


def columns(year: int) -> list[Column]:
    """The columns of a year's matrix: letters first, then kind by kind."""
    rows = (
        Obligation.objects.of_year(year)
        .exclude(state=State.CANCELLED)
        .order_by()
        .values_list("kind", "label_en", "label_zh")
        .distinct()
    )
    return sorted((Column(*row) for row in rows), key=lambda c: (c.kind != "letter", c.kind, c.label_en))


def cells(unit_ids: list[int], year: int) -> dict[tuple[int, str, str], dict[str, Any]]:
    """The newest duty of each unit under each column, as plain values."""
    fields = ("pk", "unit_id", "kind", "label_en", "state", "due_on", "closed_on", "vacant_since", "suspended_since")
    rows = Obligation.objects.of_year(year).filter(unit_id__in=unit_ids).order_by("pk").values(*fields)
    return {(row["unit_id"], row["kind"], row["label_en"]): row for row in rows if row["state"] != State.CANCELLED}


class Month(NamedTuple):
    """Duties overdue at the end of a month, by how long."""

    last_day: date
    few: int
    some: int
    many: int


_TREND = """
    SELECT m.last_day,
           count(*) FILTER (WHERE m.last_day - o.due_on BETWEEN 1 AND 6),
           count(*) FILTER (WHERE m.last_day - o.due_on BETWEEN 7 AND 13),
           count(*) FILTER (WHERE m.last_day - o.due_on > 13)
    FROM unnest(%s::date[]) AS m (last_day)
    LEFT JOIN obligations_obligation o
        ON o.year = %s AND o.due_on < m.last_day AND o.opened_on <= m.last_day
        AND o.state <> 'cancelled' AND (o.closed_on IS NULL OR o.closed_on > m.last_day)
        AND o.unit_id IN (SELECT id FROM organisation_unit WHERE path <@ %s::ltree[])
    GROUP BY m.last_day ORDER BY m.last_day
"""


def trend(paths: list[str], year: int, last_days: list[date]) -> list[Month]:
    """Duties overdue at each of the days: up to a week, up to two, longer (calendar days)."""
    if not paths:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TREND, [last_days, year, paths])
        return [Month(*row) for row in cursor.fetchall()]


def in_time_rate(unit_ids: list[int], year: int, kind: str) -> dict[int, float]:
    """The share of a unit's duties of a kind that were done by their day, in percent; units without any are left out."""
    today_closed = Obligation.objects.of_year(year).filter(unit_id__in=unit_ids, kind=kind, state=State.DISCHARGED)
    rows = (
        today_closed.order_by()
        .values("unit_id")
        .annotate(n=Count("pk"), in_time=Count("pk", filter=Q(closed_on__lte=F("due_on"))))
    )
    return {row["unit_id"]: 100 * row["in_time"] / row["n"] for row in rows}
