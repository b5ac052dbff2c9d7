"""What the engine follows: who holds the top post of a unit, and units that are no more."""

from typing import Any

from portal.accounts.models import User
from portal.obligations.models import Obligation
from portal.obligations.services.duties import cancel
from portal.obligations.services.schedule import refresh_units
from portal.organisation.signals import office_changed, unit_dissolved


def connect() -> None:
    """Listen; called once, in `AppConfig.ready()`."""
    office_changed.connect(_derive_anew, dispatch_uid="obligations.office_changed")
    unit_dissolved.connect(_end_duties, dispatch_uid="obligations.unit_dissolved")


def _derive_anew(sender: object, unit_ids: list[int], **kwargs: Any) -> None:
    refresh_units(unit_ids)


def _end_duties(sender: object, unit_id: int, reason: str, by: User, **kwargs: Any) -> None:
    """Nobody owes anything for a unit that is no more. All are locked before the first of them writes the log."""
    owed = Obligation.objects.open().filter(unit_id=unit_id).order_by("pk")
    for duty in list(owed.select_for_update(of=("self",), no_key=True)):
        cancel(duty.pk, reason=reason, by=by)
