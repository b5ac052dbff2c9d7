"""What happens to cases by the day alone: opened, raised, final. Called in the transactions of the clock."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max

from portal.audit import services as audit
from portal.obligations.choices import Action
from portal.obligations.models import Step
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import deciding
from responsibility.accountability_rules import EXPLAIN_DAYS
from responsibility.models import AccountabilityCase, CaseEntry, CaseState, Cause, EntryKind
from responsibility.services.accountability import telling, words

# Numbers of a year are given one after another, without a gap; the lock goes with the transaction.
NUMBER_LOCK = 7_301_002
# Cases that become final are closed so many in a transaction.
BATCH = 500


def follow_steps(sender: object, steps: Sequence[Step], **kwargs: object) -> None:
    """Open and raise cases for the formal steps that the clock has just taken, in its transaction."""
    for step in steps:
        if step.action == Action.OPEN_ACCOUNTABILITY and step.tenure is not None:
            open_case(step)
        elif step.action == Action.RAISE_LEVEL:
            raise_case(step)


def open_case(step: Step) -> AccountabilityCase:
    """Open the case of an overdue duty against the person in office on the due day.

    Called by the clock once for each duty; must be called inside a transaction.
    """
    duty, tenure = step.obligation, step.tenure
    assert tenure is not None, "a case needs somebody in office on the due day"
    today = step.taken_on
    case = AccountabilityCase.objects.create(
        year=today.year,
        serial=_next_serial(today.year),
        cause=Cause.OVERDUE,
        unit=duty.unit,
        person=tenure.person,
        tenure=tenure,
        obligation=duty,
        group_id=deciding.group_above(duty.unit_id),
        opened_on=today,
        explain_until=load_calendar().add(today, EXPLAIN_DAYS),
    )
    words.say(case, None, EntryKind.OPENED)
    telling.opened(case)
    return case


def raise_case(step: Step) -> AccountabilityCase | None:
    """Take the case of a duty that is still not done one level up the tree; None where there is none, or it was referred.

    A decided case is opened again for a further measure: what was decided stands and can still be objected to, what was
    explained counts, and there is time to add to it. An objection that waits is answered first.
    """
    rows = AccountabilityCase.objects.select_for_update(of=("self",), no_key=True)
    case = rows.filter(obligation=step.obligation).exclude(state=CaseState.REFERRED).first()
    if case is None:
        return None
    changes: dict[str, Any] = {"level": case.level + 1, **_one_level_up(case)}
    if case.state in (CaseState.DECIDED, CaseState.CLOSED):
        changes |= {"state": words.state_to_decide(case), "closed_on": None}
    if words.last_decision(case) is not None:
        changes["explain_until"] = load_calendar().add(step.taken_on, EXPLAIN_DAYS)
    case.save_fields(expected_version=case.version, **changes)
    case.refresh_from_db()
    words.say(case, None, EntryKind.RAISED)
    words.log(None, "raised", case)
    telling.raised(case)
    return case


def _one_level_up(case: AccountabilityCase) -> dict[str, Any]:
    """The group above the one that decides today; the same, marked, where none is above."""
    group = deciding.decider_of(case).group or case.group
    upper = deciding.group_above(group.unit_id) if group else None
    return {"group_id": upper} if upper else {"at_top": True}


def _next_serial(year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBER_LOCK % 2**31, year])
    last = AccountabilityCase.objects.filter(year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


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
    now = clock.now()
    CaseEntry.objects.bulk_create(
        CaseEntry(case=case, kind=EntryKind.CLOSED, made_at=now, level=case.level) for case in cases
    )
    audit.record_many(
        None, [audit.Draft("case.closed", case, str(case.unit.path), {"level": case.level}) for case in cases]
    )
    return len(cases)
