"""The verbs of inspections: plan a round, begin, enter what is seen, record findings, complete, cancel."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.policies import require
from portal.organisation.models import Unit
from portal.web.dates import full_day
from portal.web.errors import Conflict
from portal.workdays import clock
from systems import policies
from systems.errors import (
    AlreadyBegun,
    FindingsMissing,
    InspectionOver,
    ItemsOpen,
    NobodyToInspect,
    NothingToInspect,
    NotUnderWay,
    OwnUnit,
    PlannedInPast,
    SummaryMissing,
)
from systems.models import (
    Answer,
    Inspection,
    InspectionItem,
    InspectionRound,
    InspectionState,
    RequiredSystem,
    Requirement,
    Selection,
)
from systems.services import telling
from systems.services.choosing import Chosen
from systems.services.guards import require_reason, require_unit
from systems.services.numbering import next_serial
from systems.services.people import of_unit, tell


class RoundDraft(NamedTuple):
    """A round as it is planned; `seed` draws the same sample again."""

    title: str
    selection: Selection
    categories: tuple[RequiredSystem, ...]
    path: str
    planned_on: date
    seed: int = 0


def _log(by: User | None, verb: str, inspection: Inspection, **data: object) -> None:
    audit.record(by, f"inspection.{verb}", inspection, path=str(inspection.unit.path), data=data)


@transaction.atomic
def plan(by: User, draft: RoundDraft, chosen: Sequence[Chosen]) -> InspectionRound:
    """Plan an inspection of each chosen unit; `by` leads them until somebody else begins one.

    Raises NobodyToInspect, NothingToInspect, PlannedInPast, OwnUnit, UnitEnded, NotAllowed.
    """
    require(policies.inspects(by))
    if not chosen:
        raise NobodyToInspect
    if draft.planned_on < clock.today():
        raise PlannedInPast
    _require_checklist(draft.categories)
    for one in chosen:
        require_unit(one.unit)
        if not policies.may_inspect(by, one.unit):
            raise OwnUnit
    year = draft.planned_on.year
    first = next_serial(Inspection, year)
    made = InspectionRound.objects.create(
        year=year,
        title=draft.title.strip(),
        selection=draft.selection,
        path=draft.path,
        size=len(chosen),
        seed=draft.seed,
        planned_on=draft.planned_on,
        made_by=by,
        made_at=clock.now(),
    )
    made.categories.set(draft.categories)
    _plan_each(by, made, draft, chosen, first)
    audit.record(
        by,
        "inspection.round_planned",
        made,
        path=draft.path,
        data={"selection": str(draft.selection), "seed": draft.seed, "units": [one.unit.code for one in chosen]},
    )
    return made


def _plan_each(by: User, made: InspectionRound, draft: RoundDraft, chosen: Sequence[Chosen], first: int) -> None:
    """An inspection of each unit, numbered on from `first`; leaders and liaisons are told."""
    planned: list[tuple[Unit, Inspection]] = []
    for place, one in enumerate(chosen):
        inspection = Inspection.objects.create(
            year=made.year,
            serial=first + place,
            round=made,
            unit=one.unit,
            reason=one.reason[:300],
            lead=by,
            planned_on=draft.planned_on,
        )
        inspection.categories.set(draft.categories)
        planned.append((one.unit, inspection))
    telling.units("inspection_planned", planned, planned_on=draft.planned_on.isoformat())


def _require_checklist(categories: Sequence[RequiredSystem]) -> None:
    known = Requirement.objects.in_force(clock.today().year).filter(system__in=categories)
    if not any(requirement.checklist for requirement in known):
        raise NothingToInspect


def found(by: User, inspection_id: int) -> Inspection:
    """The inspection, locked, for who may carry it out. Raises DoesNotExist, NotAllowed."""
    Inspection.objects.visible_to(by).get(pk=inspection_id)
    inspection = Inspection.objects.locked(inspection_id)
    require(policies.may_carry_out(by, inspection))
    return inspection


@transaction.atomic
def begin(by: User, inspection_id: int, *, expected_version: int) -> Inspection:
    """Begin: the checklist is taken from the catalogue of today, and whoever begins leads.

    Raises AlreadyBegun, InspectionOver, UnitEnded, NothingToInspect, NotAllowed, Conflict.
    """
    inspection = found(by, inspection_id)
    if inspection.state == InspectionState.UNDER_WAY:
        raise AlreadyBegun
    if inspection.state != InspectionState.PLANNED:
        raise InspectionOver
    require_unit(inspection.unit)
    known = Requirement.objects.in_force(clock.today().year).filter(system__in=inspection.categories.all())
    # Of what is looked at in a round, a unit is asked what it must have.
    required = known.filter(types=inspection.unit.type_id).select_related("system").order_by("system__order")
    items = [(requirement, item) for requirement in required for item in requirement.checklist]
    if not items:
        raise NothingToInspect
    InspectionItem.objects.bulk_create(
        InspectionItem(
            inspection=inspection,
            requirement=requirement,
            position=position,
            text_en=item.get("en", "")[:300],
            text_zh=item.get("zh-hans", "")[:300],
        )
        for position, (requirement, item) in enumerate(items, start=1)
    )
    inspection.move_to(InspectionState.UNDER_WAY, expected_version=expected_version, began_on=clock.today(), lead=by)
    _log(by, "begun", inspection, items=len(items))
    return inspection


@transaction.atomic
def answer(by: User, inspection_id: int, position: int, *, seen: str, given: Answer, remark: str) -> InspectionItem:
    """Enter what was seen at an item. `seen` is the answer that was shown: somebody else's newer one is not overwritten.

    Raises NotUnderWay, NotAllowed, UnitEnded, Conflict.
    """
    inspection = found(by, inspection_id)
    if inspection.state != InspectionState.UNDER_WAY:
        raise NotUnderWay
    require_unit(inspection.unit)
    item = inspection.items.select_for_update(of=("self",)).get(position=position)
    if item.answer != seen:
        raise Conflict(item, {"answer": given, "remark": remark})
    item.answer, item.remark, item.answered_by, item.answered_at = given, remark.strip(), by, clock.now()
    item.save(update_fields=["answer", "remark", "answered_by", "answered_at"])
    return item


@transaction.atomic
def complete(by: User, inspection_id: int, *, expected_version: int, summary: str) -> Inspection:
    """Complete: every item has an answer, and every one that is not met its finding.

    Raises NotUnderWay, ItemsOpen, FindingsMissing, SummaryMissing, UnitEnded, NotAllowed, Conflict.
    """
    inspection = found(by, inspection_id)
    if inspection.state != InspectionState.UNDER_WAY:
        raise NotUnderWay
    require_unit(inspection.unit)
    if not summary.strip():
        raise SummaryMissing
    waiting = inspection.items.filter(answer="").count()
    if waiting:
        raise ItemsOpen(count=waiting)
    bare = inspection.items.filter(answer=Answer.NOT_MET, findings=None).first()
    if bare is not None:
        raise FindingsMissing(number=bare.position)
    inspection.move_to(
        InspectionState.COMPLETED,
        expected_version=expected_version,
        completed_on=clock.today(),
        summary=summary.strip(),
    )
    _log(by, "completed", inspection, findings=inspection.findings.count())
    tell(
        "inspection_completed",
        of_unit(inspection.unit),
        inspection,
        inspection.unit,
        findings=inspection.findings.count(),
    )
    return inspection


@transaction.atomic
def cancel(by: User, inspection_id: int, *, expected_version: int, reason: str) -> Inspection:
    """Cancel an inspection that is planned or under way; its findings stay. Raises InspectionOver, ReasonMissing, NotAllowed,
    Conflict."""
    inspection = found(by, inspection_id)
    said = require_reason(reason)
    if inspection.state not in (InspectionState.PLANNED, InspectionState.UNDER_WAY):
        raise InspectionOver
    inspection.move_to(InspectionState.CANCELLED, expected_version=expected_version, cancel_reason=said)
    _log(by, "cancelled", inspection, reason=said)
    return inspection


def cancel_of_ended(unit_ids: Sequence[int], by: User | None) -> int:
    """Cancel what is planned or under way in units that are no more; returns how many."""
    live = Inspection.objects.live().filter(unit__in=unit_ids).select_related("unit").order_by("pk")
    count = 0
    for inspection in live:
        reason = f"{inspection.unit.code}: {full_day(clock.today())}"
        inspection.move_to(InspectionState.CANCELLED, expected_version=inspection.version, cancel_reason=reason)
        _log(by, "cancelled", inspection, reason=reason)
        count += 1
    return count
