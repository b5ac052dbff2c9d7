"""Deciding a change of units, performing it on its day, withdrawing what is still planned."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation import policies, touched
from portal.organisation.change_errors import BeforeLastChange, DecisionMissing, NotPlanned, PlannedAlready
from portal.organisation.change_models import ChangeKind, ChangePart, ChangeState, PartKind, UnitChange
from portal.organisation.errors import ReasonMissing
from portal.organisation.models import Unit
from portal.organisation.services.changes.base import Change
from portal.organisation.services.changes.dissolve import Dissolve
from portal.organisation.services.changes.ending import revoke_grants
from portal.organisation.services.changes.merge import Merge
from portal.organisation.services.changes.move import Move
from portal.organisation.services.changes.rename import Rename
from portal.organisation.services.changes.split import Split
from portal.organisation.services.guards import require_days, require_in_force
from portal.organisation.signals import change_begins, change_made, office_changed
from portal.organisation.tree import take_turns
from portal.web.dates import full_day
from portal.web.errors import NotAllowed, PortalError
from portal.workdays import clock

log = logging.getLogger(__name__)

KINDS: dict[str, type[Change]] = {kind.kind: kind for kind in (Rename, Move, Merge, Split, Dissolve)}
ACTIONS = {
    ChangeKind.RENAME: "unit.renamed",
    ChangeKind.MOVE: "unit.moved",
    ChangeKind.MERGE: "unit.merged",
    ChangeKind.SPLIT: "unit.split",
    ChangeKind.DISSOLVE: "unit.dissolved",
}
# A unit that has one of these parts in a change has changed by it.
CHANGES_BY = (PartKind.MERGED, PartKind.SUCCESSOR, PartKind.MADE)


@transaction.atomic
def decide(by: User, change: Change) -> UnitChange:
    """Decide a change: performed at once, or planned where its day is still to come.

    Raises what `check` raises, and DecisionMissing.
    """
    # An import, or another change, may be rebuilding the same part of the tree.
    take_turns()
    units = _units(change, locked=True)
    _require(by, change, units)
    _require_decisions(by, change, units)
    row = UnitChange.objects.create(
        kind=change.kind,
        unit_id=change.unit_id,
        values=change.values(),
        effective_on=change.effective_on,
        reason=change.reason.strip(),
        decisions=dict(change.decisions),
        decided_by=by,
        decided_at=clock.now(),
    )
    ChangePart.objects.bulk_create(ChangePart(change=row, unit_id=pk, part=part) for pk, part in change.parts())
    if change.effective_on <= clock.today():
        return _perform(row, change, units, by)
    data = {"kind": row.kind, "effective_on": row.effective_on, "reason": row.reason}
    audit.record(by, "unit_change.planned", row.unit, path=str(row.unit.path), data=data)
    return row


def check(by: User, change: Change) -> Mapping[int, Unit]:
    """Refuse what `decide` would refuse, without writing; returns the units that the change names.

    Raises ReasonMissing, DayOutOfReach, UnitDissolved, BeforeLastChange, PlannedAlready, NotAllowed, and what the class of
    the change says.
    """
    units = _units(change, locked=False)
    _require(by, change, units)
    return units


@transaction.atomic
def withdraw(by: User, change_id: int, *, expected_version: int, reason: str) -> UnitChange:
    """Withdraw a planned change with a reason. Raises NotPlanned, ReasonMissing, Conflict, NotAllowed."""
    take_turns()
    row = UnitChange.objects.locked(change_id)
    if not policies.may_change(by, row.unit):
        raise NotAllowed
    if row.state != ChangeState.PLANNED:
        raise NotPlanned
    if not reason.strip():
        raise ReasonMissing
    stamp = {"withdrawn_by": by, "withdrawn_at": clock.now(), "withdrawal_reason": reason.strip()}
    row.move_to(ChangeState.WITHDRAWN, expected_version=expected_version, **stamp)
    data = {"kind": row.kind, "reason": reason.strip()}
    audit.record(by, "unit_change.withdrawn", row.unit, path=str(row.unit.path), data=data)
    return row


def perform_due(on: date) -> int:
    """Perform the planned changes whose day has come, each in its own transaction; returns how many.

    Running again performs nothing twice: a change is taken only while it is planned, under its lock. One that can no longer
    be performed keeps why, and is tried again at the next tick.
    """
    due = UnitChange.objects.planned().filter(effective_on__lte=on).order_by("effective_on", "pk")
    return sum(_perform_planned(pk) for pk in list(due.values_list("pk", flat=True)))


def _perform_planned(pk: int) -> bool:
    try:
        with transaction.atomic():
            take_turns()
            row = UnitChange.objects.planned().select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
            if row is None:
                return False
            change = KINDS[row.kind].read(row)
            units = _units(change, locked=True)
            _require_state(change, units, besides=pk)
            _perform(row, change, units, None)
    except PortalError as error:
        UnitChange.objects.planned().filter(pk=pk).update(problem=_in_both_languages(error))
        return False
    # Whatever it is that one change brings up, it must not stop the others.
    except Exception:
        log.exception("The planned change %s could not be performed.", pk)
        return False
    return True


def _in_both_languages(error: PortalError) -> dict[str, str]:
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(error)
    return said


def _units(change: Change, *, locked: bool) -> dict[int, Unit]:
    """The units that a change names, with those above them; locked in the order of their ids."""
    found = Unit.objects.filter(pk__in=change.unit_ids()).select_related("parent").order_by("pk")
    if locked:
        # As weak as may be: whoever issues letters points to units while holding a turn that is waited for below.
        found = found.select_for_update(of=("self",), no_key=True)
    units = {unit.pk: unit for unit in found}
    if change.unit_ids() - units.keys():
        raise Unit.DoesNotExist
    return units


def _require(by: User, change: Change, units: Mapping[int, Unit]) -> None:
    change.require_allowed(by, units)
    if not change.reason.strip():
        raise ReasonMissing
    require_days(change.effective_on, None)
    _require_state(change, units)


def _require_state(change: Change, units: Mapping[int, Unit], besides: int = 0) -> None:
    """What must hold when it is decided, and still when it is performed; `besides` is the planned change itself."""
    for pk in sorted(change.concerned_ids()):
        require_in_force(units[pk])
        _require_nothing_else(units[pk], change.effective_on, besides)
    change.require_possible(units)


def _require_decisions(by: User, change: Change, units: Mapping[int, Unit]) -> None:
    """Where something may be decided, one of the choices was. Raises DecisionMissing."""
    for group in touched.groups_for(change.scope(units), by):
        if group.choices and change.decisions.get(group.code) not in {choice.value for choice in group.choices}:
            raise DecisionMissing


def _require_nothing_else(unit: Unit, effective_on: date, besides: int) -> None:
    parts = ChangePart.objects.filter(unit=unit, part__in=CHANGES_BY).values("change_id")
    known = UnitChange.objects.filter(unit=unit) | UnitChange.objects.filter(pk__in=parts)
    planned = known.filter(state=ChangeState.PLANNED).exclude(pk=besides).first()
    if planned is not None:
        raise PlannedAlready(unit=unit.name, day=full_day(planned.effective_on))
    last = known.filter(state=ChangeState.PERFORMED).order_by("-effective_on").first()
    if last is not None and effective_on < last.effective_on:
        raise BeforeLastChange(unit=unit.name, day=full_day(last.effective_on))


def _perform(row: UnitChange, change: Change, units: Mapping[int, Unit], by: User | None) -> UnitChange:
    """Perform a change whose row is locked and whose units are: locks first, then the tree, then what follows, then the log."""
    ended, moved = change.ended_ids(), change.moved_ids()
    change_begins.send(UnitChange, change=row, ended=ended, moved=moved)
    written = change.write(units)
    ChangePart.objects.bulk_create(ChangePart(change=row, unit_id=pk, part=part) for pk, part in written.parts)
    if ended:
        # Before the log: who follows takes its own turns, and whoever writes the log goes last everywhere.
        office_changed.send(Unit, unit_ids=ended)
    answers: Any = change_made.send(UnitChange, change=row, ended=ended, moved=moved, by=by)
    said: list[dict[str, int]] = [answer for _receiver, answer in answers if isinstance(answer, dict)]
    outcome = {group: count for answer in said for group, count in answer.items() if count}
    revoked = revoke_grants([units[pk] for pk in ended], by=by, reason=row.reason)
    if revoked:
        outcome["grants"] = revoked
    row.move_to(
        ChangeState.PERFORMED,
        expected_version=row.version,
        before=written.before,
        after=written.after,
        outcome=outcome,
        performed_at=clock.now(),
        problem={},
    )
    unit = Unit.objects.get(pk=row.unit_id)
    data = {"effective_on": row.effective_on, "reason": row.reason, "before": written.before, "after": written.after}
    audit.record(by, ACTIONS[ChangeKind(row.kind)], unit, path=str(unit.path), data=data)
    return row
