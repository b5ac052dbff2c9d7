"""The clock: takes what is due from the database, and only from there, so that nothing is lost and nothing doubled.

A run for a day

1. takes the session's advisory lock; whoever finds it taken leaves, another run is at work;
2. takes the next duties by `next_step_on`, at most 500, leaving out those that a request has locked (the next run has them);
3. asks `rules.assess` what each has reached;
4. writes steps, notices and derived columns, and tells the upper floors of formal steps, all in one transaction;
5. where a batch fails, whatever the fault, goes through it duty by duty, writes the error on the one that failed, and goes on;
6. ends when nothing due is left.

A kill at any point loses nothing: a batch is there whole or not at all, and UNIQUE(obligation, rung) refuses a second step.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from portal.audit import services as audit
from portal.notices import services as notices
from portal.obligations import facts, rules, signals
from portal.obligations.audiences import Audiences
from portal.obligations.choices import FORMAL, Action, Audience, Outcome
from portal.obligations.facts import DutyRow, Knowledge
from portal.obligations.messages import drafts_for_step, vacancy_drafts
from portal.obligations.models import ClockRun, Obligation, ObligationQuerySet, Rung, Step, VacancyQuestion
from portal.obligations.services.schedule import standing, write
from portal.web.copying import copy_rows
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.rules import Calendar, OutOfCalendar

log = logging.getLogger(__name__)

BATCH = 500
# A forecast holds no locks: it reads as many duties at a time as memory bears.
LOOKED_AT = 20_000
# Any number that nothing else in the database uses as an advisory lock.
LOCK = 7_301_001
# After an error the duty is looked at again on the next day.
NEXT_TRY = timedelta(days=1)


@dataclass(slots=True)
class Report:
    """What a run did. `ran` is False when another run held the lock."""

    on: date
    ran: bool = True
    looked_at: int = 0
    steps: int = 0
    formal_steps: int = 0
    errors: int = 0


class Telling(NamedTuple):
    """What the notices of a rung need: whom they go to, the points as people write them, the coordinator's own words."""

    audience: list[Audience]
    points: str
    text_en: str
    text_zh: str


@dataclass(slots=True)
class Run:
    """What a run keeps from batch to batch: calendar, ladders and who is told, each read once."""

    on: date
    calendar: Calendar
    audiences: Audiences
    report: Report
    ladders: dict[int, rules.Ladder] = field(default_factory=dict)
    # What notices say of a rung, apart from the unit's name: by rung, due day, next day and labels.
    contents: dict[tuple[object, ...], tuple[str, dict[str, object]]] = field(default_factory=dict)
    _told: dict[int, Telling] = field(default_factory=dict)

    def telling(self, rung_id: int) -> Telling:
        """Rungs are few: all are read when the first is asked for, and again when a new one has come."""
        if rung_id not in self._told:
            self._told = {
                rung.pk: Telling(
                    [Audience(name) for name in rung.audience],
                    f"{rung.points.normalize():f}",
                    rung.text_en,
                    rung.text_zh,
                )
                for rung in Rung.objects.all()
            }
        return self._told[rung_id]


class Found(NamedTuple):
    """A duty with what the rules found for it."""

    row: DutyRow
    verdict: rules.Verdict


def run(on: date | None = None) -> Report:
    """Perform everything that is due by `on` (today). Running again, or for an earlier day, adds nothing."""
    on = on or clock.today()
    report = Report(on)
    with _alone() as alone:
        if not alone:
            report.ran = False
            return report
        started_at = clock.now()
        # Units that change today change before anything is held against them.
        signals.clock_begins.send_robust(Obligation, on=on)
        this = Run(on, load_calendar(), Audiences(on), report)
        this.audiences.read(set(_due(on).order_by().values_list("unit_id", flat=True).distinct()))
        while _batch(this):
            pass
        _keep(report, started_at)
        # What fails above is logged and tried again after the next run: it must not stop the clock.
        signals.clock_ran.send_robust(Obligation, on=on)
    return report


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the clock's advisory lock for the session; it goes with the connection, so a killed run leaves none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (taken,) = cursor.fetchone()
    try:
        yield taken
    finally:
        if taken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _batch(this: Run) -> bool:
    """Perform the next duties in one transaction; False when none is left."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Nobody has been told of it yet: a batch lost in a crash of the server is performed again by the next run, and
        # the commit that hands its notices to a worker makes it durable before.
        cursor.execute("SET LOCAL synchronous_commit = off")
        rows = _claim(this.on)
        if not rows:
            return False
        try:
            with transaction.atomic():
                _perform(this, rows)
        except SoftTimeLimitExceeded:
            raise
        # Whatever it is that one duty brings up, it must never stop the clock for the others.
        except Exception:
            log.exception("A batch of the clock failed; going through it one by one.")
            _one_by_one(this, rows)
    return True


def _due(on: date) -> ObligationQuerySet:
    return Obligation.objects.open().filter(next_step_on__lte=on)


def _claim(on: date) -> list[DutyRow]:
    due = _due(on).order_by("next_step_on", "pk")
    return facts.rows(due.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])


def _one_by_one(this: Run, rows: Sequence[DutyRow]) -> None:
    """Each duty in its own savepoint, so that one that cannot be performed does not stop the others."""
    for row in rows:
        try:
            with transaction.atomic():
                _perform(this, [row])
        except SoftTimeLimitExceeded:
            raise
        # As above: the fault is kept with the duty, shown on the clock's page, and tried again on the next day.
        except Exception as error:
            log.exception("The clock could not perform duty %s.", row.id)
            Obligation.objects.filter(pk=row.id).update(
                clock_error=str(error)[:300] or type(error).__name__, next_step_on=this.on + NEXT_TRY
            )
            this.report.errors += 1


def _perform(this: Run, rows: Sequence[DutyRow]) -> None:
    """Steps, notices, derived columns and signal of a batch; must be called inside a transaction, rows locked."""
    found = list(_assess(this, rows))
    taken = [(f, rung) for f in found for rung in f.verdict.take]
    settled = [(f, rung) for f in found for rung in f.verdict.settled]
    formal = sum(rung.action in FORMAL for _f, rung in taken)
    _insert_steps(this.on, taken, Outcome.TAKEN)
    _insert_steps(this.on, settled, Outcome.SETTLED)
    this.audiences.prepare(found, taken)
    notices.queue_many(draft for f, rung in taken for draft in drafts_for_step(this, f, rung))
    _ask_who_acts(this, found)
    write((f.row, standing(f.row, f.verdict, f.verdict.next_on)) for f in found)
    if formal:
        _tell(this.on, taken)
    this.report.looked_at += len(rows)
    this.report.steps += len(taken)
    this.report.formal_steps += formal


def _assess(this: Run, rows: Sequence[DutyRow]) -> Iterator[Found]:
    known: Knowledge = facts.load(rows, this.calendar, this.ladders)
    for row in rows:
        yield Found(row, rules.assess(known.facts[row.id], this.ladders[row.ladder_id], this.on))


def _insert_steps(on: date, steps: Iterable[tuple[Found, rules.RungFact]], outcome: Outcome) -> None:
    # Turned into text once, and not for each row.
    now, day = str(clock.now()), str(on)
    copy_rows(
        Step._meta.db_table,
        ("obligation_id", "rung_id", "action", "outcome", "taken_on", "due_on", "tenure_id", "recorded_at"),
        (
            (f.row.id, rung.id, rung.action.value, outcome.value, day, f.verdict.due_on, f.verdict.tenure_id, now)
            for f, rung in steps
        ),
    )


def _ask_who_acts(this: Run, found: Sequence[Found]) -> None:
    """Ask the leading group once, for each vacancy, who acts."""
    vacant: dict[tuple[int, date | None], date] = {}
    for f in found:
        since, held = f.verdict.vacant_since, f.verdict.last_held_on
        if since is not None and f.row.vacant_since != since:
            vacant[f.row.unit_id, held] = min(since, vacant.get((f.row.unit_id, held), since))
    if not vacant:
        return
    units = {unit_id for unit_id, _held in vacant}
    known = set(VacancyQuestion.objects.filter(unit_id__in=units).values_list("unit_id", "last_held_on"))
    new = {vacancy: since for vacancy, since in vacant.items() if vacancy not in known}
    VacancyQuestion.objects.bulk_create(
        VacancyQuestion(unit_id=unit_id, last_held_on=held, vacant_since=since, asked_on=this.on)
        for (unit_id, held), since in new.items()
    )
    notices.queue_many(vacancy_drafts(this, {unit_id: since for (unit_id, _held), since in new.items()}))


def _tell(on: date, taken: Sequence[tuple[Found, rules.RungFact]]) -> None:
    """Tell the upper floors, and the log, of the formal steps just taken."""
    wanted = {(f.row.id, rung.id) for f, rung in taken if rung.action in FORMAL}
    steps = [
        step
        for step in Step.objects.filter(obligation_id__in={duty for duty, _rung in wanted}, taken_on=on)
        .select_related("obligation__unit", "tenure__person", "rung")
        .order_by("obligation_id", "rung__position")
        if (step.obligation_id, step.rung_id) in wanted
    ]
    audit.record_many(
        None,
        [
            audit.Draft(f"clock.{s.action}", s.obligation, str(s.obligation.unit.path), {"on": on.isoformat()})
            for s in steps
        ],
    )
    signals.steps_taken.send(Step, steps=steps)


def _keep(report: Report, started_at: object) -> None:
    """Keep the run: a new row if it did something, else the time of the last idle one."""
    values = {
        "on": report.on,
        "started_at": started_at,
        "finished_at": clock.now(),
        "looked_at": report.looked_at,
        "steps": report.steps,
        "formal_steps": report.formal_steps,
        "errors": report.errors,
    }
    last = ClockRun.objects.order_by("-pk").first()
    if report.looked_at == 0 and last is not None and last.looked_at == 0 and last.on == report.on:
        ClockRun.objects.filter(pk=last.pk).update(finished_at=clock.now())
    else:
        with transaction.atomic():
            run_row = ClockRun.objects.create(**values)
            if report.looked_at:
                audit.record(None, "clock.ran", run_row, data={"on": report.on, "steps": report.steps})


class Coming(NamedTuple):
    """Something that the clock will do on a day, if nobody acts."""

    on: date
    obligation_id: int
    unit_id: int
    label_en: str
    label_zh: str
    action: Action
    tenure_id: int | None


def forecast(until: date, duties: Iterable[DutyRow] | None = None, *, start: date | None = None) -> list[Coming]:
    """What the clock will do from `start` (today) to `until` if nobody acts: the same rules, nothing written.

    Without `duties`, of every open duty whose next step is near enough. A duty whose steps lie past the calendar has none
    here, as the clock can take none; its page says why.
    """
    start = start or clock.today()
    calendar = load_calendar()
    ladders: dict[int, rules.Ladder] = {}
    if duties is None:
        duties = facts.rows(Obligation.objects.open().filter(next_step_on__lte=until).order_by("pk"))
    rows = list(duties)
    coming: list[Coming] = []
    for first in range(0, len(rows), LOOKED_AT):
        batch = rows[first : first + LOOKED_AT]
        known = facts.load(batch, calendar, ladders)
        for row in batch:
            with suppress(OutOfCalendar):
                coming += list(_climb_to(row, known.facts[row.id], ladders[row.ladder_id], start, until))
    return sorted(coming, key=lambda c: (c.on, c.obligation_id))


def _climb_to(row: DutyRow, known: rules.Facts, ladder: rules.Ladder, start: date, until: date) -> Iterator[Coming]:
    """A duty's steps from `start` to `until`, day by day as a daily run would take them."""
    on: date | None = max(start, row.next_step_on or start)
    while on is not None and on <= until:
        verdict = rules.assess(known, ladder, on)
        for rung in verdict.take:
            yield Coming(on, row.id, row.unit_id, row.label_en, row.label_zh, rung.action, verdict.tenure_id)
        done = known.taken | {rung.id for rung in verdict.take + verdict.settled}
        known = rules.Facts(
            known.opened_on, known.original_due_on, known.extensions, known.suspensions, known.holders, done
        )
        on = verdict.next_on
