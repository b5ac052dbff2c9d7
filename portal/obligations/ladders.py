"""Which ladder a new duty climbs."""

from datetime import date

from portal.obligations.models import Ladder


def ladder_in_force(code: str, on: date) -> Ladder:
    """The newest version of a ladder in force on a day. Raises Ladder.DoesNotExist."""
    ladder = Ladder.objects.filter(code=code, in_force_from__lte=on).order_by("-version").first()
    if ladder is None:
        raise Ladder.DoesNotExist(code)
    return ladder
