"""The figures of duties: set-based, a fixed number of queries for any number of units."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Value,
    When,
)
from django.utils.translation import override

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import CONTENT_ROLES
from portal.obligations import registry
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.obligations.presentation import SOON, Code
from portal.web.i18n import is_chinese
from portal.web.lookups import array_of
from portal.workdays.rules import Calendar

A_WEEK, TWO_WEEKS = timedelta(days=7), timedelta(days=14)


def _conditions(today: date, calendar: Calendar) -> list[tuple[Q, Code]]:
    """The states people see, each with its condition: the first that holds; the same as `presentation.code_of`."""
    return [
        (Q(state=State.DISCHARGED, closed_on__gt=F("due_on")), Code.LATE),
        (Q(state=State.DISCHARGED), Code.DONE),
        (Q(state=State.WAIVED), Code.WAIVED),
        (Q(state=State.CANCELLED), Code.NOT_OWED),
        (Q(suspended_since__isnull=False), Code.SUSPENDED),
        (Q(vacant_since__isnull=False), Code.VACANT),
        (Q(due_on__lt=today), Code.OVERDUE),
        (Q(due_on__lte=calendar.add(today, SOON)), Code.SOON),
    ]


def code_expression(today: date, calendar: Calendar) -> Case:
    """The state people see, as a column."""
    return Case(
        *(When(condition, then=Value(code.value)) for condition, code in _conditions(today, calendar)),
        default=Value(Code.OPEN.value),
        output_field=CharField(),
    )


# More days than lie between the first and the last due day: a graver state outweighs any delay.
_DAYS = 100_000


def worst(year: int, today: date, calendar: Calendar, gravity: Mapping[Code, int]) -> Subquery:
    """The gravest duty of each unit of a query as a number, of equals what is due first: the less, the worse.

    Of what is closed no day counts. Null where a unit owes nothing. Asked for unit by unit: the index by year and unit
    answers.
    """
    duties = Obligation.objects.of_year(year).filter(unit=OuterRef("pk")).exclude(state=State.CANCELLED).order_by()
    known = [(condition, code) for condition, code in _conditions(today, calendar) if code in gravity]
    place = Case(
        *(When(condition, then=Value(gravity[code] * _DAYS)) for condition, code in known),
        default=Value(gravity[Code.OPEN] * _DAYS),
        output_field=IntegerField(),
    )
    days = Func(F("due_on"), template="(%(expressions)s - DATE '2000-01-01')", output_field=IntegerField())
    due = Case(When(state=State.OPEN, then=days), default=Value(0), output_field=IntegerField())
    return Subquery(duties.values("unit").annotate(worst=Min(place + due)).values("worst"))


def rank_expression(today: date) -> Case:
    """The order in which people look at duties: overdue, else open, standing still, closed."""
    return Case(
        When(~Q(state=State.OPEN), then=Value(3)),
        When(Q(suspended_since__isnull=False) | Q(vacant_since__isnull=False), then=Value(2)),
        When(due_on__lt=today, then=Value(0)),
        default=Value(1),
        output_field=SmallIntegerField(),
    )


class Group(NamedTuple):
    """Duties of a year of one kind under one label in one state; of the overdue ones, how long they are so."""

    kind: str
    label_en: str
    label_zh: str
    code: str
    n: int
    due_on: date
    # By calendar days: up to a week, up to two; the others longer. They count in overdue duties alone.
    few: int
    some: int


def overview(user: User, year: int, today: date, calendar: Calendar) -> list[Group]:
    """All figures of a year in a person's part of the tree, in one pass over its duties: every figure of a page is a
    sum of these, so that they agree. `due_on` is the first due day of the group."""
    seen = Obligation.objects.filter(scopes.q(user)).of_year(year)
    rows = (
        seen.annotate(code=code_expression(today, calendar))
        .order_by()
        .values_list("kind", "label_en", "label_zh", "code")
        .annotate(
            n=Count("pk"),
            first=Min("original_due_on"),
            few=Count("pk", filter=Q(due_on__gte=today - A_WEEK)),
            some=Count("pk", filter=Q(due_on__gte=today - TWO_WEEKS, due_on__lt=today - A_WEEK)),
        )
    )
    return [Group(*row) for row in rows]


def years(user: User) -> list[int]:
    """The years in which there are duties in a person's part of the tree, the newest first."""
    seen = Obligation.objects.filter(scopes.q(user)).exclude(state=State.CANCELLED)
    return list(seen.order_by("-year").values_list("year", flat=True).distinct())


def counts(groups: Iterable[Group]) -> dict[str, int]:
    """How many duties are in each of the states that people see."""
    found: dict[str, int] = defaultdict(int)
    for group in groups:
        found[group.code] += group.n
    return dict(found)


NEEDS_ATTENTION = (Code.OVERDUE, Code.SOON, Code.VACANT, Code.SUSPENDED)


def needing_attention(year: int, today: date, calendar: Calendar) -> "QuerySet[Obligation]":
    """Open duties of a year that are overdue, near, vacant or suspended, of whatever unit."""
    soon = Q(due_on__lte=calendar.add(today, SOON)) | Q(vacant_since__isnull=False) | Q(suspended_since__isnull=False)
    return Obligation.objects.of_year(year).open().filter(soon)


def in_state(year: int, code: str, today: date, calendar: Calendar) -> "QuerySet[Obligation]":
    """Duties of a year in one of the states that people see, of whatever unit."""
    return Obligation.objects.of_year(year).annotate(code=code_expression(today, calendar)).filter(code=code)


Key = tuple[str, str]


class Column(NamedTuple):
    """A column of the matrix: duties of one kind under one label, with those that are shown in the same place."""

    kind: str
    label_en: str
    label_zh: str
    due_on: date
    also: tuple[Key, ...] = ()

    @property
    def label(self) -> str:
        """In the active language."""
        return self.label_zh if is_chinese() else self.label_en

    @property
    def keys(self) -> tuple[Key, ...]:
        """Kind and English label of every duty that stands in the column."""
        return ((self.kind, self.label_en), *self.also)


def columns(groups: Iterable[Group], folded: Mapping[str, str]) -> list[Column]:
    """The columns of a year's matrix: letters first, then by due day.

    `folded` names kinds that stand in the column of another kind: a correction's label begins with that of its report.
    """
    known: dict[Key, Column] = {}
    for g in groups:
        if g.code != Code.NOT_OWED:
            first = known.get((g.kind, g.label_en))
            due_on = min(g.due_on, first.due_on) if first else g.due_on
            known[g.kind, g.label_en] = Column(g.kind, g.label_en, g.label_zh, due_on)
    _gather(known)
    for key, column in list(known.items()):
        home = folded.get(column.kind)
        place = next((k for k in known if k[0] == home and column.label_en.startswith(f"{k[1]}:")), None)
        if place is not None:
            known[place] = known[place]._replace(also=(*known[place].also, key))
            del known[key]
    return sorted(known.values(), key=lambda c: (c.kind != "letter", c.due_on, c.kind, c.label_en))


def _gather(known: dict[Key, Column]) -> None:
    """Let all duties of a gathered kind stand in one column, under the short name of the kind."""
    for kind in registry.kinds():
        keys = [key for key in known if key[0] == kind.code] if kind.gathered else []
        if keys:
            columns = [known.pop(key) for key in keys]
            en, zh = (_said(kind.short, language) for language in ("en", "zh-hans"))
            first = min(column.due_on for column in columns)
            known[kind.code, ""] = Column(kind.code, en, zh, first, tuple(keys))


def _said(words: registry.Text, language: str) -> str:
    with override(language):
        return str(words)


Cells = dict[tuple[int, str, str], list[dict[str, Any]]]


def cells(unit_ids: list[int], year: int) -> Cells:
    """The duties of each unit under each kind and label, the newest first, as plain values: a successor's letter stands
    beside the predecessor's."""
    fields = ("pk", "unit_id", "kind", "label_en", "label_zh", "state", "due_on", "closed_on")
    rows = Obligation.objects.of_year(year).filter(unit_id__in=unit_ids).exclude(state=State.CANCELLED).order_by("-pk")
    found: Cells = defaultdict(list)
    for row in rows.values(*fields, "vacant_since", "suspended_since"):
        found[row["unit_id"], row["kind"], row["label_en"]].append(row)
    return found


class Month(NamedTuple):
    """Duties overdue at the end of a month, by how long."""

    last_day: date
    few: int
    some: int
    many: int


# Overdue as `code_expression` has it: what stands still, suspended or vacant, is not. A duty's suspensions and vacancies
# that have ended are in its due day.
_TREND = """
    SELECT m.last_day,
           count(*) FILTER (WHERE m.last_day - o.due_on BETWEEN 1 AND 7),
           count(*) FILTER (WHERE m.last_day - o.due_on BETWEEN 8 AND 14),
           count(*) FILTER (WHERE m.last_day - o.due_on > 14)
    FROM unnest(%s::date[]) AS m (last_day)
    LEFT JOIN (
        SELECT due_on, opened_on, closed_on, least(suspended_since, vacant_since) AS still_since
        FROM obligations_obligation
        WHERE year = %s AND state <> 'cancelled' AND (state = 'open' OR closed_on > due_on)
        AND unit_id IN (SELECT id FROM organisation_unit WHERE path <@ %s::ltree[] OR path = ANY(%s::ltree[]))
    ) o ON o.due_on < m.last_day AND o.opened_on <= m.last_day
        AND (o.closed_on IS NULL OR o.closed_on > m.last_day)
        AND (o.still_since IS NULL OR o.still_since > m.last_day)
    GROUP BY m.last_day ORDER BY m.last_day
"""


def trend(user: User, year: int, last_days: list[date]) -> list[Month]:
    """Duties overdue at each of the days in a person's part of the tree: up to a week, up to two, longer."""
    held = user.standing.scopes(*CONTENT_ROLES)
    trees = sorted({a.path for a in held if a.subtree})
    units = sorted({a.path for a in held if not a.subtree})
    if not held or not last_days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TREND, [last_days, year, trees, units])
        return [Month(*row) for row in cursor.fetchall()]


def overdue_now(groups: Iterable[Group], today: date) -> Month:
    """The same for today, out of the figures of the page."""
    overdue = [group for group in groups if group.code == Code.OVERDUE]
    few, some = sum(group.few for group in overdue), sum(group.some for group in overdue)
    return Month(today, few, some, sum(group.n for group in overdue) - few - some)


def in_time_rate(unit_ids: list[int], year: int, kind: str) -> dict[int, float]:
    """The share of a unit's duties of a kind that were done by their day, in percent; units without any are left out."""
    today_closed = Obligation.objects.of_year(year).filter(unit_id__in=unit_ids, kind=kind, state=State.DISCHARGED)
    rows = (
        today_closed.order_by()
        .values("unit_id")
        .annotate(n=Count("pk"), in_time=Count("pk", filter=Q(closed_on__lte=F("due_on"))))
    )
    return {row["unit_id"]: 100 * row["in_time"] / row["n"] for row in rows}


def kept_by_their_day(unit_ids: Iterable[int], year: int, kind: str, until: date) -> dict[int, tuple[int, int]]:
    """Of a unit's duties of a kind that were due until a day: how many, and how many were done by their day.

    What is overdue counts as not kept; what was waived or ended does not count. Units without any are left out.
    """
    counted = {"kind": kind, "due_on__lte": until, "state__in": (State.OPEN, State.DISCHARGED)}
    due = Obligation.objects.of_year(year).filter(unit__any=array_of(unit_ids), **counted)
    kept = Q(state=State.DISCHARGED, closed_on__lte=F("due_on")) & Q(closed_on__lte=until)
    rows = due.order_by().values_list("unit_id").annotate(n=Count("pk"), kept=Count("pk", filter=kept))
    return {unit_id: (n, done) for unit_id, n, done in rows}
