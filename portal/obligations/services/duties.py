"""Opening and closing duties."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import registry, rules, signals
from portal.obligations.choices import State
from portal.obligations.errors import DutyClosed, NotYet, ReasonMissing
from portal.obligations.facts import DutyRow, load
from portal.obligations.ladders import ladder_in_force
from portal.obligations.models import Obligation
from portal.obligations.services.schedule import next_look, standing
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar


class DutyDraft(NamedTuple):
    """A duty about to be opened.

    A due day that is counted (`anchor_days` working days from `anchor_on`) is given with the two, and follows the calendar
    when a holiday notice is entered; `due_on` is then the day as counted now. A day that somebody named stands as it is.
    """

    unit_id: int
    due_on: date
    label_en: str
    label_zh: str
    year: int
    anchor_on: date | None = None
    anchor_days: int | None = None


@transaction.atomic
def open_many(kind: str, drafts: Sequence[DutyDraft]) -> list[Obligation]:
    """Open duties of one kind, in the order of `drafts`, in a fixed number of statements.

    Raises KeyError for a kind that no app registered, OutOfCalendar where a due day or a step of the ladder lies past the
    years whose working days are known.
    """
    on = clock.today()
    ladder = ladder_in_force(registry.get(kind).ladder, on)
    calendar = load_calendar()
    opened = [
        Obligation(
            kind=kind,
            unit_id=draft.unit_id,
            label_en=draft.label_en,
            label_zh=draft.label_zh,
            year=draft.year,
            ladder=ladder,
            opened_on=on,
            original_due_on=draft.due_on,
            due_on=draft.due_on,
            anchor_on=draft.anchor_on,
            anchor_days=draft.anchor_days,
        )
        for draft in drafts
    ]
    # The columns derived from holders and ladder are set before the insert, so that each row is written once.
    batch = [_row(index, duty) for index, duty in enumerate(opened)]
    ladders: dict[int, rules.Ladder] = {}
    known = load(batch, calendar, ladders)
    for row, duty in zip(batch, opened, strict=True):
        # Asked of every ladder now: a step past the calendar's end would stop the clock at this duty some day.
        duty.original_due_on = known.facts[row.id].original_due_on
        ladders[row.ladder_id].days(duty.original_due_on)
        verdict = rules.assess(known.facts[row.id], ladders[row.ladder_id], on)
        derived = standing(row, verdict, next_look(row, verdict, on))
        duty.due_on, duty.tenure_id = derived.due_on, derived.tenure_id
        duty.next_step_on, duty.suspended_since = derived.next_step_on, derived.suspended_since
    return Obligation.objects.bulk_create(opened, batch_size=1000)


def _row(index: int, duty: Obligation) -> DutyRow:
    """A duty that has no id yet, as a row; its place in the batch, made negative, stands for the id."""
    values = {name: getattr(duty, name) for name in DutyRow._fields if name != "id"}
    return DutyRow(id=-1 - index, **values)


def open_duty(
    kind: str,
    unit_id: int,
    due_on: date,
    *,
    label_en: str,
    label_zh: str,
    year: int,
    anchor_on: date | None = None,
    anchor_days: int | None = None,
) -> Obligation:
    """Open one duty; `anchor_on` and `anchor_days` as in `DutyDraft`. Raises KeyError, OutOfCalendar."""
    return open_many(kind, [DutyDraft(unit_id, due_on, label_en, label_zh, year, anchor_on, anchor_days)])[0]


@transaction.atomic
def discharge(duty_id: int, *, on: date | None = None) -> Obligation:
    """Close a duty as done on a day (today). A duty that is closed already stays as it is: done once is done.

    Raises NotYet for a day to come: what is done on a day is known from that day on.
    """
    today = clock.today()
    if on is not None and on > today:
        raise NotYet
    duty = Obligation.objects.locked(duty_id)
    if duty.state == State.OPEN:
        close(duty, State.DISCHARGED, on or today)
    return duty


@transaction.atomic
def cancel(duty_id: int, *, reason: str, by: User | None) -> Obligation:
    """End a duty that nobody owes any more, with the reason. Raises DutyClosed, ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    duty = Obligation.objects.locked(duty_id)
    if duty.state != State.OPEN:
        raise DutyClosed
    close(duty, State.CANCELLED, clock.today())
    audit.record(by, "duty.cancelled", duty, path=str(duty.unit.path), data={"reason": reason})
    return duty


def close(duty: Obligation, state: State, on: date) -> None:
    """Close an open duty; it must be locked."""
    duty.state, duty.closed_on, duty.next_step_on = state, on, None
    duty.version += 1
    duty.save(update_fields=["state", "closed_on", "next_step_on", "version"])
    signals.duty_closed.send(Obligation, obligation=duty)
