"""What the verbs of this room check alike."""

from portal.organisation.models import Unit
from portal.web.dates import full_day
from systems.errors import ReasonMissing, UnitEnded


def require_unit(unit: Unit) -> None:
    """Raises UnitEnded for a unit that is no more."""
    # Asked anew: what was read for the page may be older than the unit's end.
    ended = Unit.objects.filter(pk=unit.pk).values_list("dissolved_on", flat=True).first()
    if ended is not None:
        raise UnitEnded(unit=unit.name, day=full_day(ended))


def require_reason(text: str) -> str:
    """The reason without the spaces around it. Raises ReasonMissing."""
    if not text.strip():
        raise ReasonMissing
    return text.strip()
