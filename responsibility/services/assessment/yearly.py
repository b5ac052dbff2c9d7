"""A year's assessment: opened, computed as of a day, shown to the units, frozen, published."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notices import services as notices
from portal.organisation.models import PostKind, Tenure, Unit
from portal.workdays import clock
from responsibility import policies
from responsibility.assessment import scoring
from responsibility.assessment.figures import Window
from responsibility.assessment_errors import (
    AssessmentFixed,
    AssessmentThere,
    CriterionNotMarked,
    DayAhead,
    NoStandard,
    NotInState,
    ObjectionsOpen,
    WindowOpen,
    WindowPast,
)
from responsibility.errors import ReasonMissing
from responsibility.models import (
    FIXED,
    Assessment,
    AssessmentState,
    Criterion,
    Letter,
    Mark,
    Score,
    Standard,
)

BATCH = 2000


def units_of(year: int) -> "QuerySet[Unit]":
    """The units that are assessed: those with a letter of the year that is neither replaced nor withdrawn."""
    return Unit.objects.filter(letters__in=Letter.objects.live().for_year(year))


@transaction.atomic
def open_assessment(by: User, year: int) -> Assessment:
    """Begin the assessment of a year by the standard adopted last. Raises NoStandard, AssessmentThere, NotAllowed."""
    policies.require(policies.may_edit_programme(by))
    standard = Standard.objects.adopted().first()
    if standard is None:
        raise NoStandard
    made, new = Assessment.objects.get_or_create(year=year, defaults={"standard": standard})
    if not new:
        raise AssessmentThere(year=year)
    audit.record(by, "assessment.opened", made, data={"standard": standard.number})
    return made


def preview(
    criteria: Sequence[Criterion], year: int, on: date, units: "QuerySet[Unit]", assessment: Assessment | None = None
) -> list[tuple[int, scoring.Result]]:
    """What units would be given as of a day, with their places; nothing is kept. Raises FormulaWrong and what it stands for."""
    ids = tuple(units.order_by("path").values_list("pk", flat=True))
    window = Window(ids, year, min(on, date(year, 12, 31)))
    return scoring.ranked(scoring.score(criteria, window, _marks(assessment)))


def _marks(assessment: Assessment | None) -> dict[tuple[int, str], Decimal]:
    """The newest mark for each unit and criterion."""
    given = Mark.objects.filter(assessment=assessment) if assessment is not None else Mark.objects.none()
    return {(unit, code): value for unit, code, value in given.order_by("pk").values_list("unit_id", "code", "value")}


def compute(assessment: Assessment, on: date) -> int:
    """Write the scores of all units as of a day in place of those before; the assessment must be locked. Returns how many."""
    criteria = list(assessment.standard.criteria.all())
    placed = preview(criteria, assessment.year, on, units_of(assessment.year), assessment)
    Score.objects.filter(assessment=assessment).delete()
    Score.objects.bulk_create(
        (
            Score(
                assessment=assessment,
                unit_id=result.unit_id,
                total=result.total,
                grade=result.grade,
                vetoed=result.vetoed,
                rank=rank,
                lines=scoring.as_lines(result),
            )
            for rank, result in placed
        ),
        batch_size=BATCH,
    )
    return len(placed)


def _locked(by: User, year: int) -> Assessment:
    policies.require(policies.may_edit_programme(by))
    pk = Assessment.objects.values_list("pk", flat=True).get(year=year)
    return Assessment.objects.locked(pk)


def _require(assessment: Assessment, *states: AssessmentState) -> None:
    if assessment.state in FIXED and AssessmentState.FROZEN not in states:
        raise AssessmentFixed
    if assessment.state not in states:
        raise NotInState


def _require_past(as_of: date) -> None:
    if as_of > clock.today():
        raise DayAhead


@transaction.atomic
def give_mark(by: User, year: int, unit_id: int, code: str, value: Decimal, reason: str) -> Mark:
    """Give points where nothing can be counted, with a reason. Never for one's own unit.

    Raises AssessmentFixed, CriterionNotMarked, ReasonMissing, NotAllowed.
    """
    assessment = _locked(by, year)
    _require(assessment, AssessmentState.OPEN, AssessmentState.SELF_CHECK)
    unit = units_of(year).get(pk=unit_id)
    policies.require(policies.may_mark(by, unit))
    if not assessment.standard.criteria.filter(code=code, formula__contains="mark").exists():
        raise CriterionNotMarked
    if not reason.strip():
        raise ReasonMissing
    made = Mark.objects.create(
        assessment=assessment,
        unit=unit,
        code=code,
        value=value,
        reason=reason.strip(),
        given_by=by,
        given_at=clock.now(),
    )
    if assessment.state == AssessmentState.SELF_CHECK and assessment.as_of is not None:
        compute(assessment, assessment.as_of)
    data = {"code": code, "value": str(value), "reason": made.reason}
    audit.record(by, "assessment.marked", assessment, path=str(unit.path), data=data)
    return made


@transaction.atomic
def start_self_check(by: User, year: int, *, expected_version: int, as_of: date, until: date) -> Assessment:
    """Compute the scores as of a day and show each unit its own, to be checked until a day.

    Raises DayAhead, WindowPast, AssessmentFixed, NotInState, Conflict, NotAllowed.
    """
    assessment = _locked(by, year)
    _require(assessment, AssessmentState.OPEN)
    _require_past(as_of)
    if until <= clock.today():
        raise WindowPast
    days = {"as_of": as_of, "objections_until": until}
    assessment.move_to(AssessmentState.SELF_CHECK, expected_version=expected_version, **days)
    count = compute(assessment, as_of)
    _tell(assessment, "assessment_to_check", until=until.isoformat())
    data = {"units": count, "as_of": as_of.isoformat(), "until": until.isoformat()}
    audit.record(by, "assessment.self_check", assessment, data=data)
    return assessment


@transaction.atomic
def recompute(by: User, year: int, *, expected_version: int, as_of: date) -> Assessment:
    """Compute the scores anew, as of a day, while the units check them. Raises AssessmentFixed, NotInState, Conflict."""
    assessment = _locked(by, year)
    _require(assessment, AssessmentState.SELF_CHECK)
    _require_past(as_of)
    assessment.save_fields(expected_version=expected_version, as_of=as_of)
    count = compute(assessment, as_of)
    audit.record(by, "assessment.computed", assessment, data={"units": count, "as_of": as_of.isoformat()})
    return assessment


@transaction.atomic
def freeze(by: User, year: int, *, expected_version: int) -> Assessment:
    """Confirm the scores once the window is over and every objection answered; from then on none moves.

    Raises WindowOpen, ObjectionsOpen, AssessmentFixed, NotInState, Conflict, NotAllowed.
    """
    assessment = _locked(by, year)
    _require(assessment, AssessmentState.SELF_CHECK)
    if assessment.objections_until is not None and clock.today() <= assessment.objections_until:
        raise WindowOpen
    if assessment.self_checks.filter(agreed=False, answered_at__isnull=True).exists():
        raise ObjectionsOpen
    assessment.move_to(AssessmentState.FROZEN, expected_version=expected_version, frozen_at=clock.now())
    audit.record(by, "assessment.frozen", assessment, data={"units": assessment.scores.count()})
    return assessment


@transaction.atomic
def publish(by: User, year: int, *, expected_version: int) -> Assessment:
    """Publish the frozen scores with places and commendations; each unit is told. Raises NotInState, Conflict, NotAllowed."""
    assessment = _locked(by, year)
    _require(assessment, AssessmentState.FROZEN)
    assessment.move_to(AssessmentState.PUBLISHED, expected_version=expected_version, published_at=clock.now())
    _tell(assessment, "assessment_published")
    audit.record(by, "assessment.published", assessment)
    return assessment


def _tell(assessment: Assessment, kind: str, **data: str) -> None:
    """Each top leader and liaison of the units scored."""
    held = Tenure.objects.on(clock.today()).filter(
        post__unit__in=assessment.scores.values("unit"),
        post__kind__in=(PostKind.TOP_LEADER, PostKind.LIAISON),
        person__user__isnull=False,
    )
    url = assessment.get_absolute_url()
    notices.queue_many(
        notices.Draft(
            user_id, kind, {"year": assessment.year, **data}, f"{url}{code}/", f"assessment:{assessment.pk}", unit
        )
        for unit, code, user_id in held.values_list("post__unit_id", "post__unit__code", "person__user_id").distinct()
    )
