"""The standard: drafted as a copy, edited without code, checked and adopted."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from portal.accounts.models import User
from portal.audit import services as audit
from portal.workdays import clock
from responsibility import policies
from responsibility.assessment import formula
from responsibility.assessment.figures import WHOLE, ZERO
from responsibility.assessment.measures import known
from responsibility.assessment_errors import CriterionTwice, DraftThere, StandardAdopted, StandardWeights
from responsibility.models import Criterion, CriterionKind, Standard


@transaction.atomic
def draft_standard(by: User) -> Standard:
    """Begin a new version as a copy of the newest. Raises DraftThere, NotAllowed."""
    policies.require(policies.may_edit_programme(by))
    newest = Standard.objects.select_for_update().order_by("-number").first()
    if newest is not None and newest.adopted_at is None:
        raise DraftThere
    number = 1 + (Standard.objects.aggregate(last=Max("number"))["last"] or 0)
    draft = Standard.objects.create(number=number)
    rows = list(newest.criteria.all()) if newest is not None else []
    for row in rows:
        row.pk, row.standard = None, draft
        row._state.adding = True
    Criterion.objects.bulk_create(rows)
    audit.record(by, "standard.drafted", draft)
    return draft


def _locked_draft(by: User, number: int) -> Standard:
    """The draft, locked. Raises StandardAdopted, NotAllowed."""
    policies.require(policies.may_edit_programme(by))
    standard = Standard.objects.select_for_update().get(number=number)
    if standard.adopted_at is not None:
        raise StandardAdopted
    return standard


@transaction.atomic
def add_criterion(by: User, number: int, values: Mapping[str, Any]) -> Standard:
    """Add a criterion to a draft. Raises StandardAdopted, CriterionTwice, NotAllowed, FormulaWrong and what it stands for."""
    standard = _locked_draft(by, number)
    formula.check(values["formula"], known())
    _require_once(standard, values["code"])
    made = Criterion.objects.create(standard=standard, **values)
    audit.record(by, "standard.changed", standard, data={"added": made.code})
    return standard


@transaction.atomic
def edit_criterion(by: User, number: int, criterion_id: int, values: Mapping[str, Any]) -> Standard:
    """Change a criterion of a draft. Raises as `add_criterion`."""
    standard = _locked_draft(by, number)
    row = standard.criteria.get(pk=criterion_id)
    formula.check(values.get("formula", row.formula), known())
    _require_once(standard, values.get("code", row.code), but=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    data = {"changed": row.code, "formula": row.formula, "points": str(row.points)}
    audit.record(by, "standard.changed", standard, data=data)
    return standard


@transaction.atomic
def remove_criterion(by: User, number: int, criterion_id: int) -> Standard:
    """Take a criterion out of a draft. Raises StandardAdopted, NotAllowed."""
    standard = _locked_draft(by, number)
    row = standard.criteria.get(pk=criterion_id)
    audit.record(by, "standard.changed", standard, data={"removed": row.code})
    row.delete()
    return standard


def _require_once(standard: Standard, code: str, *, but: int | None = None) -> None:
    if standard.criteria.filter(code=code).exclude(pk=but or 0).exists():
        raise CriterionTwice(code=code)


def weight_of(criteria: Iterable[Criterion]) -> Decimal:
    """What the indicators weigh together."""
    return sum((row.points for row in criteria if row.kind == CriterionKind.INDICATOR), ZERO)


@transaction.atomic
def adopt(by: User, number: int) -> Standard:
    """Adopt a draft: assessments opened from then on are made by it.

    Raises StandardAdopted, StandardWeights, NotAllowed, and what a formula of it stands for.
    """
    standard = _locked_draft(by, number)
    criteria = list(standard.criteria.all())
    weight = weight_of(criteria)
    if weight != WHOLE:
        raise StandardWeights(sum=weight)
    for row in criteria:
        formula.check(row.formula, known())
    standard.adopted_at, standard.adopted_by = clock.now(), by
    standard.save(update_fields=["adopted_at", "adopted_by"])
    audit.record(by, "standard.adopted", standard)
    return standard
