"""Keeping a duty's derived columns (due day, next step, who answers) in step with the facts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction
from psycopg2.extras import execute_values

from portal.obligations import facts, rules
from portal.obligations.facts import DutyRow
from portal.obligations.models import Obligation, ObligationQuerySet
from portal.web.lookups import array_of
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.rules import Calendar, OutOfCalendar

BATCH = 500


class Standing(NamedTuple):
    """The derived columns of a duty, in the order in which they are written."""

    id: int
    due_on: date
    tenure_id: int | None
    next_step_on: date | None
    vacant_since: date | None
    suspended_since: date | None
    clock_error: str


_UPDATE = """
    UPDATE obligations_obligation AS o
    SET due_on = v.due_on, tenure_id = v.tenure_id, next_step_on = v.next_step_on, vacant_since = v.vacant_since,
        suspended_since = v.suspended_since, clock_error = v.clock_error
    FROM (VALUES %s) AS v (id, due_on, tenure_id, next_step_on, vacant_since, suspended_since, clock_error)
    WHERE o.id = v.id AND o.state = 'open'
"""
_TYPES = "(%s, %s::date, %s::bigint, %s::date, %s::date, %s::date, %s)"


_UPDATE_NEXT = """
    UPDATE obligations_obligation SET next_step_on = %s, clock_error = '' WHERE id = ANY(%s) AND state = 'open'
"""


def write(derived: Iterable[tuple[DutyRow, Standing]]) -> None:
    """Write derived columns of many duties; must be called inside a transaction, the rows locked.

    Mostly nothing moves but the next step, to few different days: one short statement for each of these.
    """
    changed: list[Standing] = []
    same: dict[date | None, list[int]] = defaultdict(list)
    for row, new in derived:
        if new[1:3] == (row.due_on, row.tenure_id) and new[4:6] == (row.vacant_since, row.suspended_since):
            same[new.next_step_on].append(row.id)
        else:
            changed.append(new)
    with connection.cursor() as cursor:
        for day, ids in same.items():
            cursor.execute(_UPDATE_NEXT, [day, array_of(ids)])
        if changed:
            execute_values(cursor.cursor, _UPDATE, changed, template=_TYPES, page_size=len(changed))


def standing(row: DutyRow, verdict: rules.Verdict, next_step_on: date | None) -> Standing:
    """What a verdict makes of a duty's derived columns."""
    vacant = verdict.vacant_since if verdict.stands_still else None
    return Standing(row.id, verdict.due_on, verdict.tenure_id, next_step_on, vacant, verdict.suspended_since, "")


def next_look(row: DutyRow, verdict: rules.Verdict, on: date) -> date | None:
    """When the clock must look next at a duty that it has not run for: today, if there is something to do at once."""
    unasked = verdict.vacant_since is not None and row.vacant_since != verdict.vacant_since
    return on if verdict.take or verdict.settled or unasked else verdict.next_on


class Refreshed(NamedTuple):
    """How many open duties were derived anew, and how many due days moved by it."""

    counted: int
    moved: int


def refresh(duties: ObligationQuerySet, calendar: Calendar | None = None) -> int:
    """Derive due day and next step anew for the open duties among `duties`; returns how many there were.

    Called after whatever the rules read has changed: a decision, a holder, the calendar. It locks the duties: a verb
    calls it before it writes to the log, as the clock does.
    """
    return recount(duties, calendar).counted


@transaction.atomic
def recount(duties: ObligationQuerySet, calendar: Calendar | None = None) -> Refreshed:
    """As `refresh`, telling how many due days moved. A duty that cannot be derived is left to the clock, which says why."""
    calendar = calendar or load_calendar()
    on = clock.today()
    ids = list(duties.open().order_by("pk").values_list("pk", flat=True))
    ladders: dict[int, rules.Ladder] = {}
    moved = 0
    for start in range(0, len(ids), BATCH):
        locked = Obligation.objects.open().filter(pk__in=ids[start : start + BATCH]).order_by("pk")
        batch = facts.rows(locked.select_for_update(of=("self",), no_key=True))
        derived = list(derive(batch, calendar, ladders, on))
        write(derived)
        _write_first_days(batch, calendar)
        moved += sum(new.due_on != row.due_on for row, new in derived)
    return Refreshed(len(ids), moved)


def _write_first_days(batch: Sequence[DutyRow], calendar: Calendar) -> None:
    """Keep the first due days that were counted in step with the calendar: one statement a day."""
    counted: dict[date, list[int]] = defaultdict(list)
    for row in batch:
        first = facts.first_due_on(row, calendar)
        if first != row.original_due_on:
            counted[first].append(row.id)
    for day, ids in counted.items():
        Obligation.objects.filter(pk__in=ids).update(original_due_on=day)


def derive(
    batch: Sequence[DutyRow], calendar: Calendar, ladders: dict[int, rules.Ladder], on: date
) -> Iterable[tuple[DutyRow, Standing]]:
    """The derived columns of a batch as of `on`, nothing taken; one past the calendar stays as it is, for the clock to say."""
    known = facts.load(batch, calendar, ladders)
    for row in batch:
        try:
            verdict = rules.assess(known.facts[row.id], known.ladders[row.ladder_id], on)
        except OutOfCalendar:
            yield row, Standing(row.id, row.due_on, row.tenure_id, on, row.vacant_since, row.suspended_since, "")
        else:
            yield row, standing(row, verdict, next_look(row, verdict, on))


def refresh_units(unit_ids: Iterable[int]) -> int:
    """Derive the open duties of these units anew; for a change of who holds their top post."""
    return refresh(Obligation.objects.filter(unit_id__in=list(unit_ids)))
