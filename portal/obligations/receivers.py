"""What the engine follows: who holds the top post of a unit."""

from typing import Any

from portal.obligations.services.schedule import refresh_units
from portal.organisation.signals import office_changed


def connect() -> None:
    """Listen; called once, in `AppConfig.ready()`."""
    office_changed.connect(_derive_anew, dispatch_uid="obligations.office_changed")


def _derive_anew(sender: object, unit_ids: list[int], **kwargs: Any) -> None:
    refresh_units(unit_ids)
