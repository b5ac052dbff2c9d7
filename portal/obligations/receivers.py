"""What the engine follows: who holds the top post of a unit, and units that change or are no more."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.accounts.models import User
from portal.obligations import registry, touched
from portal.obligations.models import Obligation
from portal.obligations.services.duties import cancel
from portal.obligations.services.schedule import refresh_units
from portal.obligations.signals import clock_begins
from portal.organisation.change_models import UnitChange
from portal.organisation.models import Unit
from portal.organisation.services import changes
from portal.organisation.signals import change_begins, change_made, office_changed
from portal.organisation.touched import MOVES


def connect() -> None:
    """Listen; called once, in `AppConfig.ready()`."""
    office_changed.connect(_derive_anew, dispatch_uid="obligations.office_changed")
    change_begins.connect(_lock_duties, dispatch_uid="obligations.change_begins")
    change_made.connect(_end_duties, dispatch_uid="obligations.change_made")
    clock_begins.connect(_perform_changes, dispatch_uid="obligations.planned_changes")


def _derive_anew(sender: object, unit_ids: list[int], **kwargs: Any) -> None:
    refresh_units(unit_ids)


def _perform_changes(sender: object, on: date, **kwargs: Any) -> None:
    """The planned changes of units whose day has come."""
    changes.perform_due(on)


def _owed(unit_ids: Sequence[int]) -> list[Obligation]:
    """The open duties of units, locked."""
    owed = Obligation.objects.open().filter(unit_id__in=unit_ids).order_by("pk")
    return list(owed.select_for_update(of=("self",), no_key=True))


def _lock_duties(sender: object, ended: list[int], **kwargs: Any) -> None:
    _owed(ended)


def _end_duties(sender: object, change: UnitChange, ended: list[int], by: User | None, **kwargs: Any) -> dict[str, int]:
    """Nobody owes anything for a unit that is no more; the unit that goes on owes what was decided so."""
    by_kind: dict[str, list[Obligation]] = defaultdict(list)
    for duty in _owed(ended):
        by_kind[duty.kind].append(duty)
        cancel(duty.pk, reason=change.reason, by=by)
    outcome = {touched.code_of(kind): len(duties) for kind, duties in by_kind.items()}
    for kind, duties in by_kind.items():
        outcome[f"{touched.code_of(kind)}:moved"] = _pass_on(change, kind, duties, by)
    return outcome


def _pass_on(change: UnitChange, kind: str, duties: Sequence[Obligation], by: User | None) -> int:
    """Let the unit that was decided on owe duties of one kind; how many it owes now because of it."""
    decision, pass_on = change.decision(touched.code_of(kind)), registry.get(kind).pass_on
    heir = change.heir(decision.removeprefix(MOVES)) if decision.startswith(MOVES) else None
    if heir is None or pass_on is None:
        return 0
    return pass_on(duties, Unit.objects.get(pk=heir), by)
