"""The verbs of the register from force on: issue, come into force, give up, repeal, review."""

from datetime import date

from django.db import transaction

from portal.accounts.models import User
from portal.obligations import services as obligations
from portal.obligations.choices import State
from portal.obligations.policies import require
from portal.web.dates import full_day
from portal.workdays import clock
from systems import policies
from systems.errors import (
    BeforePredecessor,
    DecidedAfterForce,
    DecidedInFuture,
    NotInForce,
    NotWritable,
    SystemRepealed,
)
from systems.models import (
    Requirement,
    ReviewOutcome,
    SystemReview,
    SystemState,
    SystemVersion,
    UnitSystem,
    VersionState,
)
from systems.register_rules import add_months
from systems.services import blanks
from systems.services.guards import require_reason
from systems.services.register import coming, found, log, require_text, state_while_written

# Of systems that the catalogue does not know.
REVIEW_MONTHS = 24


@transaction.atomic
def issue(
    by: User,
    system_id: int,
    *,
    expected_version: int,
    adopted_on: date,
    in_force_from: date,
    issuing_body: str,
    document_number: str = "",
) -> SystemVersion:
    """Issue the coming version: in force at once, or from a day to come. What it says is kept from now on.

    Raises NothingComing, NotWritable, TextMissing, BeforePredecessor, DecidedAfterForce, DecidedInFuture, NotAllowed, UnitEnded,
    Conflict.
    """
    system = found(by, system_id)
    require(policies.may_decide(by, system.unit))
    version = coming(system)
    if not version.is_writable:
        raise NotWritable
    require_text(version)
    _require_days(system, adopted_on, in_force_from)
    version.move_to(
        VersionState.ISSUED,
        expected_version=expected_version,
        adopted_on=adopted_on,
        in_force_from=in_force_from,
        issuing_body=issuing_body.strip(),
        document_number=document_number.strip(),
    )
    system.move_to(state_while_written(system, SystemState.ISSUED), expected_version=system.version)
    log(by, "issued", system, version=version.number, in_force_from=in_force_from)
    if in_force_from <= clock.today():
        come_into_force(version)
    return version


def _require_days(system: UnitSystem, adopted_on: date, in_force_from: date) -> None:
    if adopted_on > clock.today():
        raise DecidedInFuture
    if adopted_on > in_force_from:
        raise DecidedAfterForce
    before = system.versions.filter(in_force_from__isnull=False).order_by("-in_force_from").first()
    if before is not None and before.in_force_from is not None and in_force_from <= before.in_force_from:
        raise BeforePredecessor(day=full_day(before.in_force_from))


def come_into_force(version: SystemVersion, *, reviewed_on: date | None = None, look: bool = True) -> None:
    """Let an issued version be in force from its day on; the one before it is replaced. Its system must be locked.

    The review is counted from that day, or from a later one on which it was `reviewed_on`. Who brings in many at once does
    not `look` for blank areas each time, but once at the end.
    """
    system, since = version.system, version.in_force_from
    assert since is not None  # a constraint
    before = system.versions.filter(state=VersionState.IN_FORCE).first()
    if before is not None:
        before.move_to(VersionState.SUPERSEDED, expected_version=before.version, ended_on=since)
    version.move_to(VersionState.IN_FORCE, expected_version=version.version)
    due = add_months(max(since, reviewed_on or since), review_months(system))
    system.move_to(
        SystemState.IN_FORCE,
        expected_version=system.version,
        in_force_from=since,
        review_due_on=max(due, clock.today()),
    )
    _end_review(system, "Replaced by a new version.")
    log(None, "in_force", system, version=version.number)
    if look:
        blanks.refresh([system.unit_id])


def review_months(system: UnitSystem) -> int:
    """How often the system is looked through: as the catalogue of this year says."""
    if system.category_id is None:
        return REVIEW_MONTHS
    known = Requirement.objects.of_year(clock.today().year).filter(system=system.category_id)
    return known.values_list("review_months", flat=True).first() or REVIEW_MONTHS


def _end_review(system: UnitSystem, reason: str) -> None:
    """A review that is owed is owed no more once what it is about has gone."""
    for review in system.reviews.filter(reviewed_on__isnull=True).select_related("obligation"):
        duty = review.obligation
        review.delete()
        if duty is not None and duty.state == State.OPEN:
            obligations.cancel(duty.pk, reason=reason, by=None)


@transaction.atomic
def discard(by: User, system_id: int, *, expected_version: int, reason: str) -> UnitSystem:
    """Give up the coming version; a system that was never in force ends with it.

    Raises NothingComing, ReasonMissing, NotAllowed, UnitEnded, Conflict.
    """
    system = found(by, system_id)
    require(policies.may_write(by, system.unit))
    said = require_reason(reason)
    version = coming(system)
    version.move_to(VersionState.DISCARDED, expected_version=expected_version)
    if system.is_in_force:
        system.move_to(SystemState.IN_FORCE, expected_version=system.version)
    else:
        _repealed(system, system.version, said)
    log(by, "given_up", system, version=version.number, reason=said)
    return system


@transaction.atomic
def repeal(by: User, system_id: int, *, expected_version: int, reason: str) -> UnitSystem:
    """Repeal a system from today on. Where the catalogue requires it a blank area opens.

    Raises SystemRepealed, ReasonMissing, NotAllowed, UnitEnded, Conflict.
    """
    system = found(by, system_id)
    require(policies.may_decide(by, system.unit))
    if system.state == SystemState.REPEALED:
        raise SystemRepealed
    said = require_reason(reason)
    for version in system.versions.all():
        if version.state == VersionState.IN_FORCE:
            version.move_to(VersionState.REPEALED, expected_version=version.version, ended_on=clock.today())
        elif version.state in (VersionState.DRAFT, VersionState.CONSULTATION, VersionState.ISSUED):
            version.move_to(VersionState.DISCARDED, expected_version=version.version)
    _repealed(system, expected_version, said)
    _end_review(system, "The system was repealed.")
    log(by, "repealed", system, reason=said)
    blanks.refresh([system.unit_id])
    return system


def _repealed(system: UnitSystem, expected_version: int, reason: str) -> None:
    system.move_to(
        SystemState.REPEALED,
        expected_version=expected_version,
        repealed_on=clock.today(),
        repeal_reason=reason,
        review_due_on=None,
    )


@transaction.atomic
def review(by: User, system_id: int, *, expected_version: int, outcome: ReviewOutcome, remarks: str) -> SystemReview:
    """Record that the system was looked through. The next review is counted from today.

    Raises NotInForce, ReasonMissing where nothing is said, NotAllowed, UnitEnded, Conflict.
    """
    system = found(by, system_id)
    require(policies.may_decide(by, system.unit))
    if not system.is_in_force or system.review_due_on is None:
        raise NotInForce
    said, today = require_reason(remarks), clock.today()
    owed = system.reviews.filter(reviewed_on__isnull=True).first()
    done = owed or SystemReview(system=system, due_on=system.review_due_on)
    done.outcome, done.remarks, done.reviewed_on, done.reviewed_by = outcome, said, today, by
    done.save()
    system.save_fields(expected_version=expected_version, review_due_on=add_months(today, review_months(system)))
    if done.obligation_id is not None:
        obligations.discharge(done.obligation_id)
    log(by, "reviewed", system, outcome=str(outcome))
    return done
