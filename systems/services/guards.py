"""What the verbs of this room check alike."""

from portal.organisation.models import Unit
from portal.web.dates import full_day
from systems.errors import ReasonMissing, UnitEnded


def require_unit(unit: Unit) -> None:
    """Raises UnitEnded for a unit that is no more."""
    if unit.dissolved_on is not None:
        raise UnitEnded(unit=unit.name, day=full_day(unit.dissolved_on))


def require_reason(text: str) -> str:
    """The reason without the spaces around it. Raises ReasonMissing."""
    if not text.strip():
        raise ReasonMissing
    return text.strip()
