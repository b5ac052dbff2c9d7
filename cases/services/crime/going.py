"""How a case goes on: milestones, longer limits, suspension, the quality check, the outcome."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from cases import case_rules, signals
from cases.errors import (
    ArticleUsed,
    CheckedByOwnOfficer,
    DaysInWrongOrder,
    NoLimit,
    NotChecked,
    NotEffective,
    NotReached,
    OutOfOrder,
    ReasonMissing,
)
from cases.models import (
    CaseState,
    CaseSuspension,
    CrimeCase,
    LimitExtension,
    Milestone,
    Outcome,
    QualityCheck,
    Stage,
)
from cases.services.crime.base import count_anew, limit_now, locked, log, reached_by
from portal.accounts.models import User
from portal.workdays import clock


@transaction.atomic
def reach(by: User, case_id: int, *, stage: str, on: date, remark: str = "") -> CrimeCase:
    """Record that a stage was reached on a day. Raises CaseNotOpen, OutOfOrder, DaysInWrongOrder, NotAllowed."""
    case = locked(by, case_id)
    if on > clock.today():
        raise DaysInWrongOrder
    reached = reached_by(case)
    other = stage if stage in reached else case_rules.out_of_order(stage, on, reached)
    if other is not None:
        raise OutOfOrder(stage=Stage(other).label, day=reached[other].isoformat())
    Milestone.objects.create(
        case=case, stage=stage, reached_on=on, remark=remark, entered_by=by, entered_at=clock.now()
    )
    log(by, "stage_reached", case, stage=stage, on=on.isoformat())
    count_anew(case, by, reason=f"stage {stage} reached")
    return case


@transaction.atomic
def correct_milestone(by: User, case_id: int, *, stage: str, on: date, reason: str) -> CrimeCase:
    """Put right the day of a milestone that was entered wrongly; the log keeps the day that stood there.

    Raises CaseNotOpen, NotReached, OutOfOrder, DaysInWrongOrder, ReasonMissing, NotAllowed.
    """
    case = locked(by, case_id)
    milestone = case.milestones.filter(stage=stage).first()
    if milestone is None:
        raise NotReached
    if on > clock.today():
        raise DaysInWrongOrder
    if not reason.strip():
        raise ReasonMissing
    others = {name: day for name, day in reached_by(case).items() if name != stage}
    other = case_rules.out_of_order(stage, on, others)
    if other is not None:
        raise OutOfOrder(stage=Stage(other).label, day=others[other].isoformat())
    before = milestone.reached_on
    milestone.reached_on = on
    milestone.save(update_fields=["reached_on"])
    days = {"from": before.isoformat(), "to": on.isoformat()}
    log(by, "milestone_corrected", case, stage=stage, reason=reason.strip(), **days)
    count_anew(case, by, reason=reason.strip())
    return case


@transaction.atomic
def extend_limit(by: User, case_id: int, *, article: str, reason: str) -> CrimeCase:
    """Make the limit that runs longer by an article of the law, once each.

    Raises CaseNotOpen, NoLimit, ArticleUsed, ReasonMissing, NotAllowed.
    """
    case = locked(by, case_id)
    now = limit_now(case)
    if now is None:
        raise NoLimit
    limit = now[0]
    way = next((each for each in limit.extensions if each["article"] == article), None)
    if way is None or case.extensions.filter(limit=limit, article=article).exists():
        raise ArticleUsed
    if not reason.strip():
        raise ReasonMissing
    LimitExtension.objects.create(
        case=case,
        limit=limit,
        months=way.get("months", 0),
        days=way.get("days", 0),
        article=article,
        reason=reason.strip(),
        decided_by=by,
        decided_on=clock.today(),
    )
    log(by, "limit_extended", case, article=article)
    count_anew(case, by, reason=article)
    return case


@transaction.atomic
def suspend(by: User, case_id: int, *, expected_version: int, on: date, reason: str) -> CrimeCase:
    """Let a proceeding stand still from a day on; its limit waits. Raises CaseNotOpen, DaysInWrongOrder, ReasonMissing."""
    case = locked(by, case_id)
    if on > clock.today() or on < max(reached_by(case).values(), default=on):
        raise DaysInWrongOrder
    if not reason.strip():
        raise ReasonMissing
    case.move_to(CaseState.SUSPENDED, expected_version=expected_version)
    CaseSuspension.objects.create(case=case, starts_on=on, reason=reason.strip(), decided_by=by)
    log(by, "suspended", case, on=on.isoformat())
    count_anew(case, by, reason=reason.strip())
    return case


@transaction.atomic
def resume(by: User, case_id: int, *, expected_version: int, on: date) -> CrimeCase:
    """Let a proceeding go on; its limit moves by the days it stood still. Raises CaseNotOpen, DaysInWrongOrder, Conflict."""
    case = locked(by, case_id, states=(CaseState.SUSPENDED,))
    pause = case.suspensions.get(ends_on=None)
    if on > clock.today() or on < pause.starts_on:
        raise DaysInWrongOrder
    case.move_to(CaseState.OPEN, expected_version=expected_version)
    pause.ends_on = on
    pause.save(update_fields=["ends_on"])
    log(by, "resumed", case, on=on.isoformat())
    count_anew(case, by, reason="resumed")
    return case


@transaction.atomic
def check_quality(by: User, case_id: int, *, points: Mapping[str, bool], remark: str) -> QualityCheck:
    """Judge the five points of a case; never one's own. Raises CheckedByOwnOfficer, ReasonMissing, CaseNotOpen, NotAllowed."""
    case = locked(by, case_id)
    if case.officer_id == by.pk:
        raise CheckedByOwnOfficer
    if not all(points.values()) and not remark.strip():
        raise ReasonMissing
    check = QualityCheck.objects.create(
        case=case, remark=remark.strip(), checked_by=by, checked_at=clock.now(), **points
    )
    log(by, "quality_checked", case, passed=check.passed)
    return check


@transaction.atomic
def conclude(
    by: User,
    case_id: int,
    *,
    expected_version: int,
    outcome: str,
    on: date,
    months: int | None = None,
    probation: bool = False,
    fine: Decimal | None = None,
    confiscated: Decimal | None = None,
) -> CrimeCase:
    """Conclude a case with its outcome; a conviction needs an effective judgment and a passed quality check.

    Raises NotEffective, NotChecked, CaseNotOpen, DaysInWrongOrder, NotAllowed, Conflict.
    """
    case = locked(by, case_id)
    if on > clock.today() or on < max(reached_by(case).values(), default=on):
        raise DaysInWrongOrder
    if outcome in (Outcome.CONVICTED, Outcome.ACQUITTED) and Stage.EFFECTIVE not in reached_by(case):
        raise NotEffective
    last = case.checks.first()
    if outcome == Outcome.CONVICTED and (last is None or not last.passed):
        raise NotChecked
    case.move_to(
        CaseState.CONCLUDED,
        expected_version=expected_version,
        outcome=outcome,
        concluded_on=on,
        months=months,
        probation=probation,
        fine=fine,
        confiscated=confiscated,
    )
    log(by, "concluded", case, outcome=outcome)
    count_anew(case, by, reason="concluded")
    signals.case_concluded.send(CrimeCase, case=case, by=by)
    return case
