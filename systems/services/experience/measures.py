"""Keeping the library of preventive measures."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.policies import require
from portal.organisation.models import Unit
from portal.workdays import clock
from systems.errors_programme import LessonsMissing, TrialDays, TrialPlace
from systems.models.experience import MeasureState, MeasureTrial, PreventiveMeasure
from systems.models.projects import Project
from systems.policies_programme import may_keep_measures

FOR_WHOM = ("sectors", "categories", "official_types", "ranks")


class MeasureText(NamedTuple):
    """What a measure is and for whom."""

    name_zh: str
    text: str
    name_en: str = ""
    sectors: Iterable[Any] = ()
    categories: Iterable[Any] = ()
    official_types: Iterable[Any] = ()
    ranks: Iterable[Any] = ()
    project: Project | None = None


class TrialText(NamedTuple):
    """Where and when a measure was tried; the figures are those reported from a place elsewhere."""

    since: date
    unit: Unit | None = None
    place: str = ""
    until: date | None = None
    remark: str = ""
    findings_before: int | None = None
    findings_after: int | None = None
    cases_before: int | None = None
    cases_after: int | None = None


@transaction.atomic
def add(by: User, text: MeasureText) -> PreventiveMeasure:
    """Put a measure into the library. Raises NotAllowed."""
    require(may_keep_measures(by))
    made = PreventiveMeasure.objects.create(made_by=by, made_at=clock.now(), **_columns(text))
    _set(made, text)
    audit.record(by, "measure.added", made)
    return made


@transaction.atomic
def change(by: User, measure_id: int, text: MeasureText, *, expected_version: int) -> PreventiveMeasure:
    """Change what a measure is and for whom. Raises NotAllowed, Conflict."""
    made = _locked(by, measure_id).save_fields(expected_version=expected_version, **_columns(text))
    _set(made, text)
    audit.record(by, "measure.changed", made)
    return made


def _columns(text: MeasureText) -> dict[str, Any]:
    return {name: value for name, value in text._asdict().items() if name not in FOR_WHOM}


def _set(made: PreventiveMeasure, text: MeasureText) -> None:
    for name in FOR_WHOM:
        getattr(made, name).set(getattr(text, name))


@transaction.atomic
def try_(by: User, measure_id: int, text: TrialText) -> MeasureTrial:
    """Record where a measure is or was tried; one that was only put forward is on trial then.

    Raises TrialPlace, TrialDays, NotAllowed.
    """
    made = _locked(by, measure_id)
    if (text.unit is None) == (not text.place.strip()):
        raise TrialPlace
    if text.since > clock.today() or (text.until is not None and text.until < text.since):
        raise TrialDays
    trial = MeasureTrial.objects.create(measure=made, **text._asdict())
    if made.state == MeasureState.PUT_FORWARD:
        made.move_to(MeasureState.ON_TRIAL, expected_version=made.version)
    path = str(text.unit.path) if text.unit else ""
    audit.record(by, "measure.tried", made, path=path, data={"where": trial.where})
    return trial


@transaction.atomic
def judge(by: User, measure_id: int, *, expected_version: int, state: MeasureState, lessons: str) -> PreventiveMeasure:
    """Say what is known of a measure now, and what it taught. Raises LessonsMissing, NotAllowed, Conflict."""
    made = _locked(by, measure_id)
    if state in (MeasureState.PROVEN, MeasureState.GIVEN_UP) and not lessons.strip():
        raise LessonsMissing
    made.move_to(state, expected_version=expected_version, lessons=lessons.strip())
    audit.record(by, "measure.judged", made, data={"state": str(state)})
    return made


def _locked(by: User, measure_id: int) -> PreventiveMeasure:
    require(may_keep_measures(by))
    return PreventiveMeasure.objects.locked(measure_id)
