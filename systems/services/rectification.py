"""The verbs of a rectification: name the measure, hand in, verify or return, except for a time."""

from datetime import date
from typing import Any

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import services as obligations
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.obligations.policies import require
from portal.organisation.models import Person
from portal.web.dates import full_day
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import policies
from systems.errors import (
    CompensationMissing,
    DayPast,
    DoneMissing,
    ExceptionTooLong,
    MeasureMissing,
    NotOwed,
    NotSubmitted,
    OwnRectification,
)
from systems.models import OWED, Rectification, RectificationState, RectificationWord
from systems.register_rules import add_months
from systems.services.findings import DUTY, label_of
from systems.services.guards import require_reason, require_unit
from systems.services.people import coordinators, of_unit, tell

# Working days to do again what was not accepted, or what an exception had put off.
AGAIN_DAYS = 10
EXCEPTION_MONTHS = 12


def found(by: User, rectification_id: int) -> Rectification:
    """The rectification, locked, if `by` may see it. Raises DoesNotExist."""
    Rectification.objects.visible_to(by).get(pk=rectification_id)
    return Rectification.objects.locked(rectification_id)


def say(rectification: Rectification, by: User | None, state: RectificationState, text: str) -> None:
    """Keep what was said, and write it into the log."""
    RectificationWord.objects.create(
        rectification=rectification, state=state, author=by, made_at=clock.now(), text=text
    )
    audit.record(
        by, f"rectification.{state}", rectification, path=str(rectification.finding.unit.path), data={"text": text}
    )


def owed_duty(rectification: Rectification) -> Obligation:
    """The duty that counts now: of what has to be done again, else the first."""
    return rectification.correction or rectification.obligation


def _owed(by: User, rectification_id: int) -> Rectification:
    rectification = found(by, rectification_id)
    require_unit(rectification.finding.unit)
    if rectification.state not in OWED:
        raise NotOwed
    return rectification


@transaction.atomic
def name_measure(
    by: User, rectification_id: int, *, expected_version: int, measure: str, owner: Person
) -> Rectification:
    """Say what will be done and who answers for it. Raises MeasureMissing, NotOwed, UnitEnded, NotAllowed, Conflict."""
    rectification = _owed(by, rectification_id)
    require(policies.may_name_measure(by, rectification))
    if not measure.strip():
        raise MeasureMissing
    values: dict[str, Any] = {"measure": measure.strip(), "owner": owner}
    if rectification.state == RectificationState.OPEN:
        rectification.move_to(RectificationState.UNDER_WAY, expected_version=expected_version, **values)
    else:
        rectification.save_fields(expected_version=expected_version, **values)
    say(rectification, by, RectificationState.UNDER_WAY, measure.strip())
    return rectification


@transaction.atomic
def submit(by: User, rectification_id: int, *, expected_version: int, done: str) -> Rectification:
    """Hand in what was done; the unit's duty is done, and somebody else verifies.

    Raises DoneMissing, MeasureMissing, NotOwed, UnitEnded, NotAllowed, Conflict.
    """
    rectification = _owed(by, rectification_id)
    require(policies.may_answer_finding(by, rectification))
    if not done.strip():
        raise DoneMissing
    # Also after an exception that was granted before any measure had been named.
    if not rectification.measure:
        raise MeasureMissing
    rectification.move_to(
        RectificationState.SUBMITTED,
        expected_version=expected_version,
        done=done.strip(),
        submitted_by=by,
        submitted_at=clock.now(),
        verified_by=None,
    )
    say(rectification, by, RectificationState.SUBMITTED, done.strip())
    obligations.discharge(owed_duty(rectification).pk)
    finding = rectification.finding
    tell(
        "rectification_submitted",
        [*coordinators(finding.unit), *([finding.found_by] if finding.found_by else [])],
        finding,
        finding.unit,
    )
    return rectification


def _submitted(by: User, rectification_id: int) -> Rectification:
    rectification = found(by, rectification_id)
    if rectification.state != RectificationState.SUBMITTED:
        raise NotSubmitted
    if policies.is_party(by, rectification):
        raise OwnRectification
    require(policies.may_verify(by, rectification))
    return rectification


@transaction.atomic
def verify(by: User, rectification_id: int, *, expected_version: int, remarks: str) -> Rectification:
    """Say after looking that the finding is put right.

    Raises NotSubmitted, OwnRectification, ReasonMissing, NotAllowed, Conflict.
    """
    rectification = _submitted(by, rectification_id)
    said = require_reason(remarks)
    rectification.move_to(
        RectificationState.VERIFIED, expected_version=expected_version, verified_by=by, verified_at=clock.now()
    )
    say(rectification, by, RectificationState.VERIFIED, said)
    _tell_unit("rectification_verified", rectification)
    return rectification


@transaction.atomic
def send_back(by: User, rectification_id: int, *, expected_version: int, remarks: str) -> Rectification:
    """Say what is still wrong: it is done again within ten working days.

    Raises NotSubmitted, OwnRectification, ReasonMissing, UnitEnded, NotAllowed, Conflict.
    """
    rectification = _submitted(by, rectification_id)
    require_unit(rectification.finding.unit)
    said = require_reason(remarks)
    rectification.move_to(
        RectificationState.RETURNED, expected_version=expected_version, correction=_again(rectification)
    )
    say(rectification, by, RectificationState.RETURNED, said)
    _tell_unit("rectification_returned", rectification)
    return rectification


def _again(rectification: Rectification) -> Obligation:
    """A new duty, ten working days from today."""
    today, (en, zh) = clock.today(), label_of(rectification.finding)
    return obligations.open_duty(
        DUTY,
        rectification.finding.unit_id,
        load_calendar().add(today, AGAIN_DAYS),
        label_en=en,
        label_zh=zh,
        year=today.year,
        anchor_on=today,
        anchor_days=AGAIN_DAYS,
    )


def _tell_unit(kind: str, rectification: Rectification) -> None:
    finding = rectification.finding
    owner = rectification.owner.user if rectification.owner else None
    tell(kind, [*of_unit(finding.unit), *([owner] if owner else [])], finding, finding.unit)


@transaction.atomic
def grant_exception(
    by: User, rectification_id: int, *, expected_version: int, compensation: str, until: date, reason: str
) -> Rectification:
    """Let the finding stand for a time, with a measure that compensates for it; then it is owed again.

    Raises NotOwed, CompensationMissing, DayPast, ExceptionTooLong, ReasonMissing, UnitEnded, NotAllowed, Conflict.
    """
    rectification = _owed(by, rectification_id)
    require(policies.may_except(by, rectification))
    said, today = require_reason(reason), clock.today()
    if not compensation.strip():
        raise CompensationMissing
    if until <= today:
        raise DayPast
    latest = add_months(today, EXCEPTION_MONTHS)
    if until > latest:
        raise ExceptionTooLong(day=full_day(latest))
    duty = owed_duty(rectification)
    rectification.move_to(
        RectificationState.EXCEPTED,
        expected_version=expected_version,
        compensation=compensation.strip(),
        excepted_until=until,
        excepted_by=by,
    )
    say(rectification, by, RectificationState.EXCEPTED, said)
    if duty.state == State.OPEN:
        obligations.cancel(duty.pk, reason=said, by=by)
    _tell_unit("rectification_excepted", rectification)
    return rectification


def end_exceptions() -> int:
    """Let be owed again what was excepted until before today; returns how many. Each in a transaction of its own."""
    over = Rectification.objects.filter(state=RectificationState.EXCEPTED, excepted_until__lt=clock.today())
    count = 0
    for pk in list(over.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            rectification = Rectification.objects.locked(pk)
            if rectification.state == RectificationState.EXCEPTED and rectification.finding.unit.dissolved_on is None:
                rectification.move_to(
                    RectificationState.UNDER_WAY,
                    expected_version=rectification.version,
                    correction=_again(rectification),
                )
                say(rectification, None, RectificationState.UNDER_WAY, "")
                _tell_unit("exception_over", rectification)
                count += 1
    return count
