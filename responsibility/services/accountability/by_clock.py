"""What happens to cases by the day alone: opened, raised, final. A fixed number of queries, however many cases.

Called in the transactions of the clock, or after them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F, Max

from portal.audit import services as audit
from portal.obligations.choices import Action
from portal.obligations.models import Step
from portal.organisation.models import Unit
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import deciding
from responsibility.accountability_rules import EXPLAIN_DAYS, state_before_decision
from responsibility.deciding import Bench
from responsibility.models import AccountabilityCase, CaseEntry, CaseState, Cause, EntryKind
from responsibility.services.accountability import telling

# Numbers of a year are given one after another, without a gap; the lock goes with the transaction.
NUMBER_LOCK = 7_301_002
# Cases that become final are closed so many in a transaction.
BATCH = 500
# What raising writes to a case.
RAISED = ("level", "group", "at_top", "state", "closed_on", "explain_from", "explain_until", "version")


def follow_steps(sender: object, steps: Sequence[Step], **kwargs: object) -> None:
    """Open and raise cases for the formal steps that the clock has just taken, in its transaction."""
    open_cases([s for s in steps if s.action == Action.OPEN_ACCOUNTABILITY and s.tenure is not None])
    raise_cases([s for s in steps if s.action == Action.RAISE_LEVEL])


def open_cases(steps: Sequence[Step]) -> list[AccountabilityCase]:
    """Open the cases of overdue duties, each against the person in office on the due day.

    Called by the clock once for each duty; must be called inside a transaction.
    """
    if not steps:
        return []
    calendar, groups = load_calendar(), groups_above(step.obligation.unit_id for step in steps)
    cases = []
    for step, serial in zip(steps, _serials(steps), strict=True):
        duty, tenure, today = step.obligation, step.tenure, step.taken_on
        assert tenure is not None, "a case needs somebody in office on the due day"
        cases.append(
            AccountabilityCase(
                year=today.year,
                serial=serial,
                cause=Cause.OVERDUE,
                unit=duty.unit,
                person=tenure.person,
                tenure=tenure,
                obligation=duty,
                group_id=groups[duty.unit_id],
                opened_on=today,
                explain_from=today,
                explain_until=calendar.add(today, EXPLAIN_DAYS),
            )
        )
    AccountabilityCase.objects.bulk_create(cases)
    _say(cases, EntryKind.OPENED)
    telling.opened(cases)
    return cases


def _serials(steps: Sequence[Step]) -> list[int]:
    """The next numbers of each step's year."""
    last: dict[int, int] = {}
    found = []
    for step in steps:
        year = step.taken_on.year
        if year not in last:
            last[year] = next_serial(year) - 1
        last[year] += 1
        found.append(last[year])
    return found


def next_serial(year: int) -> int:
    """The next number of a year; nobody else gets one until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBER_LOCK % 2**31, year])
    last: int | None = AccountabilityCase.objects.filter(year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def groups_above(unit_ids: Iterable[int]) -> dict[int, int | None]:
    """The leading group responsible for each unit: the nearest above, never its own."""
    units = Unit.objects.filter(pk__in=set(unit_ids)).with_responsible_group().order_by()
    return dict(units.values_list("pk", "responsible_group_id"))


def raise_cases(steps: Sequence[Step]) -> list[AccountabilityCase]:
    """Take the cases of duties that are still not done one level up the tree; a referred one stays, as has no case.

    A decided case is opened again for a further measure: what was decided stands and can still be objected to, what was
    explained counts, and there is time to add to it. An objection that waits is answered first.
    """
    days = {step.obligation_id: step.taken_on for step in steps}
    rows = AccountabilityCase.objects.select_related("unit", "person", "group")
    rows = rows.select_for_update(of=("self",), no_key=True).filter(obligation__in=days).order_by("pk")
    cases = list(rows.exclude(state=CaseState.REFERRED))
    if not cases:
        return []
    benches = deciding.deciders(case.pk for case in cases)
    seats = {group.unit_id for case in cases if (group := benches[case.pk].group or case.group)}
    above, said = groups_above(seats), _Said(cases)
    for case in cases:
        assert case.obligation_id is not None, "found by its duty"
        _raise(case, benches[case.pk], above, said, days[case.obligation_id])
    AccountabilityCase.objects.bulk_update(cases, RAISED, batch_size=BATCH)
    _say(cases, EntryKind.RAISED)
    _log(cases, "raised")
    telling.raised(cases)
    return cases


class _Said:
    """In which of some cases the person has explained, and which have been decided."""

    def __init__(self, cases: Sequence[AccountabilityCase]) -> None:
        kinds = (EntryKind.EXPLANATION, EntryKind.DECISION)
        found = CaseEntry.objects.filter(case__in=cases, kind__in=kinds).values_list("case", "kind").order_by()
        pairs = set(found)
        self.explained = {case for case, kind in pairs if kind == EntryKind.EXPLANATION}
        self.decided = {case for case, kind in pairs if kind == EntryKind.DECISION}


def _raise(case: AccountabilityCase, bench: Bench, above: dict[int, int | None], said: _Said, today: date) -> None:
    """Change a locked case, not yet written: one level, the group above the one that decides today."""
    group = bench.group or case.group
    upper = above[group.unit_id] if group else None
    if upper is None:
        case.at_top = True
    else:
        case.group_id = upper
    case.level += 1
    case.version += 1
    if case.state in (CaseState.DECIDED, CaseState.CLOSED):
        case.state = state_before_decision(case.pk in said.explained, proposed=False)
        case.closed_on = None
    if case.pk in said.decided:
        case.explain_from, case.explain_until = today, load_calendar().add(today, EXPLAIN_DAYS)


def follow_clock(sender: object, on: date, **kwargs: object) -> None:
    """After each run of the clock: close what has become final."""
    close_final(on)


def close_final(on: date | None = None) -> int:
    """Close the cases whose decision can no longer be objected to by a day (today); returns how many.

    Running again, or for an earlier day, adds nothing. A case that a request has locked is closed by the next run.
    """
    closed = 0
    while count := _close_batch(on or clock.today()):
        closed += count
    return closed


@transaction.atomic
def _close_batch(on: date) -> int:
    due = AccountabilityCase.objects.filter(state=CaseState.DECIDED, object_until__lt=on).select_related("unit")
    cases = list(due.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")[:BATCH])
    if not cases:
        return 0
    # The day on which it became final, however late the clock runs.
    first_day = F("object_until") + timedelta(days=1)
    AccountabilityCase.objects.filter(pk__in=[case.pk for case in cases]).update(
        state=CaseState.CLOSED, closed_on=first_day, version=F("version") + 1
    )
    _say(cases, EntryKind.CLOSED)
    _log(cases, "closed")
    return len(cases)


def _say(cases: Sequence[AccountabilityCase], kind: EntryKind) -> None:
    now = clock.now()
    CaseEntry.objects.bulk_create(CaseEntry(case=case, kind=kind, made_at=now, level=case.level) for case in cases)


def _log(cases: Sequence[AccountabilityCase], verb: str) -> None:
    audit.record_many(
        None, [audit.Draft(f"case.{verb}", case, str(case.unit.path), {"level": case.level}) for case in cases]
    )
