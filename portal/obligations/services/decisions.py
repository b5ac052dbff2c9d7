"""Decisions about a duty: each recorded with its author and reason; the due day follows from them."""

from datetime import date

from django.db import IntegrityError, transaction

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import services as audit
from portal.notices import services as notices
from portal.obligations import facts, policies, rules
from portal.obligations.choices import DecisionKind, State
from portal.obligations.errors import (
    AlreadyAsked,
    AlreadyDecided,
    AlreadySuspended,
    AskedTooLate,
    DayTooFar,
    DutyClosed,
    NotAfterToday,
    NotLater,
    NotSuspended,
    OwnRequest,
    ReasonMissing,
    SuspensionTooFar,
)
from portal.obligations.models import Decision, Obligation
from portal.obligations.services.duties import close
from portal.obligations.services.schedule import refresh
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.calendar import provisional_mark
from portal.workdays.rules import OutOfCalendar


def _open_duty(by: User, duty_id: int) -> Obligation:
    """The duty, locked, if `by` may see it and it is still owed."""
    Obligation.objects.visible_to(by).get(pk=duty_id)
    duty = Obligation.objects.locked(duty_id)
    if duty.state != State.OPEN:
        raise DutyClosed
    return duty


def _record(by: User, verb: str, duty: Obligation, reason: str) -> None:
    audit.record(by, f"duty.{verb}", duty, path=str(duty.unit.path), data={"reason": reason})


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def _refreshed(duty: Obligation) -> Obligation:
    refresh(Obligation.objects.filter(pk=duty.pk))
    duty.refresh_from_db()
    return duty


def _require_days(duty: Obligation, due_on: date, error: type[DayTooFar]) -> None:
    """The calendar reaches from the due day to the last step of the duty's ladder. Raises `error`."""
    ladders: dict[int, rules.Ladder] = {}
    facts.load(facts.rows(Obligation.objects.filter(pk=duty.pk)), load_calendar(), ladders)
    try:
        ladders[duty.ladder_id].days(due_on)
    except OutOfCalendar as past:
        raise error from past


@transaction.atomic
def ask_extension(by: User, duty_id: int, *, due_on: date, reason: str) -> Decision:
    """Ask for more time, before the due day.

    Raises AskedTooLate, NotLater, DayTooFar, AlreadyAsked, DutyClosed, NotAllowed.
    """
    duty = _open_duty(by, duty_id)
    policies.require(policies.may_ask_extension(by, duty))
    if clock.today() >= duty.due_on:
        raise AskedTooLate
    if due_on <= duty.due_on:
        raise NotLater
    _require_days(duty, due_on, DayTooFar)
    try:
        with transaction.atomic():
            asked = Decision.objects.create(
                obligation=duty,
                kind=DecisionKind.EXTENSION,
                reason=_require_reason(reason),
                asked_by=by,
                asked_on=clock.today(),
                asked_due_on=due_on,
            )
    except IntegrityError as error:
        raise AlreadyAsked from error
    _record(by, "extension_asked", duty, reason)
    notices.queue(
        "extension_asked",
        to=scopes.users_with(Role.COORDINATOR, str(duty.unit.path)),
        about=duty,
        unit=duty.unit,
        url=f"/duties/{duty.pk}/",
        **wording(duty),
    )
    return asked


@transaction.atomic
def decide_extension(by: User, decision_id: int, *, granted: bool, reason: str, due_on: date | None = None) -> Decision:
    """Grant (to the day asked for, or another) or decline more time.

    Raises AlreadyDecided, NotLater, DayTooFar, OwnRequest, NotAllowed.
    """
    requests = Decision.objects.filter(kind=DecisionKind.EXTENSION)
    duty = _open_duty(by, requests.values_list("obligation_id", flat=True).get(pk=decision_id))
    # The duty first, then what is decided about it: every verb locks in this order.
    asked = requests.select_for_update(no_key=True).get(pk=decision_id)
    policies.require(policies.may_decide(by, duty))
    if asked.asked_by_id == by.pk:
        raise OwnRequest
    if asked.decided_on is not None:
        raise AlreadyDecided
    new_due = due_on or asked.asked_due_on
    if granted:
        if new_due is None or new_due <= duty.due_on:
            raise NotLater
        _require_days(duty, new_due, DayTooFar)
    asked.granted, asked.decided_by, asked.decided_on = granted, by, clock.today()
    asked.decision_reason, asked.due_on = _require_reason(reason), new_due if granted else None
    asked.save(update_fields=["granted", "decided_by", "decided_on", "decision_reason", "due_on"])
    duty = _refreshed(duty)
    _record(by, "extension_granted" if granted else "extension_declined", duty, reason)
    notices.queue(
        "extension_granted" if granted else "extension_declined",
        to=[asked.asked_by] if asked.asked_by else [],
        about=duty,
        unit=duty.unit,
        url=f"/duties/{duty.pk}/",
        reason=asked.decision_reason,
        **wording(duty),
    )
    return asked


@transaction.atomic
def suspend(by: User, duty_id: int, *, reason: str, until: date | None = None) -> Decision:
    """Stop the clock for a duty from today, up to a day or until resumed.

    Raises AlreadySuspended, NotAfterToday, SuspensionTooFar, DutyClosed, NotAllowed.
    """
    duty = _open_duty(by, duty_id)
    policies.require(policies.may_decide(by, duty))
    today = clock.today()
    if _running(duty, today):
        raise AlreadySuspended
    if until is not None:
        if until <= today:
            raise NotAfterToday
        _require_days_after(duty, today, until)
    decision = Decision.objects.create(
        obligation=duty,
        kind=DecisionKind.SUSPENSION,
        reason=_require_reason(reason),
        decided_by=by,
        decided_on=today,
        granted=True,
        starts_on=today,
        ends_on=until,
    )
    _record(by, "suspended", _refreshed(duty), reason)
    return decision


def _running(duty: Obligation, today: date) -> list[Decision]:
    """The suspensions in force, locked; the duty must be locked already."""
    suspensions = duty.decisions.select_for_update(no_key=True).filter(kind=DecisionKind.SUSPENSION)
    return [d for d in suspensions if d.ended_on is None or d.ended_on > today]


def _require_days_after(duty: Obligation, today: date, until: date) -> None:
    """The calendar reaches as far as a due day that was moved by the suspension. Raises SuspensionTooFar."""
    calendar = load_calendar()
    try:
        moved = calendar.add(duty.due_on, calendar.between(today, until))
    except OutOfCalendar as past:
        raise SuspensionTooFar from past
    _require_days(duty, moved, SuspensionTooFar)


@transaction.atomic
def resume(by: User, duty_id: int, *, reason: str) -> Obligation:
    """End the suspension in force today; the due day moves by the working days it lasted.

    Who resumed it, when and why is kept beside the day until which it was to last. Raises NotSuspended.
    """
    duty = _open_duty(by, duty_id)
    policies.require(policies.may_decide(by, duty))
    today = clock.today()
    running = _running(duty, today)
    if not running:
        raise NotSuspended
    for decision in running:
        decision.ends_on = decision.ends_on or today
        decision.resumed_on, decision.resumed_by = today, by
        decision.decision_reason = _require_reason(reason)
        decision.save(update_fields=["ends_on", "resumed_on", "resumed_by", "decision_reason"])
    duty = _refreshed(duty)
    _record(by, "resumed", duty, reason)
    return duty


@transaction.atomic
def waive(by: User, duty_id: int, *, reason: str) -> Obligation:
    """Exempt a unit from a duty, with the reason; from today nothing more is performed. Raises DutyClosed."""
    duty = _open_duty(by, duty_id)
    policies.require(policies.may_decide(by, duty))
    Decision.objects.create(
        obligation=duty,
        kind=DecisionKind.WAIVER,
        reason=_require_reason(reason),
        decided_by=by,
        decided_on=clock.today(),
        granted=True,
    )
    close(duty, State.WAIVED, clock.today())
    _record(by, "waived", duty, reason)
    return duty


def wording(duty: Obligation) -> dict[str, object]:
    """The names a notice about a duty uses, in both languages; dates under keys that end in `_on`, marked if provisional."""
    return {
        "duty": {"en": duty.label_en, "zh-hans": duty.label_zh},
        "unit_name": {"en": duty.unit.name_en, "zh-hans": duty.unit.name_zh},
        "due_on": duty.due_on.isoformat(),
        **provisional_mark(due_on=duty.due_on),
    }
