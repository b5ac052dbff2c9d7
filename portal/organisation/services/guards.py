"""What every verb about an office refuses."""

from datetime import date

from portal.accounts.models import User
from portal.organisation.errors import DayOutOfReach, EndsBeforeStart, OwnAppointment, UnitDissolved
from portal.organisation.models import FIRST_DAY, LAST_DAY, Person, Unit
from portal.web.dates import full_day


def require_another(by: User, person: Person) -> None:
    """Nobody gives an office to himself. Raises OwnAppointment."""
    if person.user_id == by.pk:
        raise OwnAppointment


def require_days(starts_on: date, ends_on: date | None) -> None:
    """Days in order and within reach. Raises EndsBeforeStart, DayOutOfReach."""
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeStart
    if starts_on < FIRST_DAY or (ends_on or starts_on) > LAST_DAY:
        raise DayOutOfReach


def require_in_force(unit: Unit) -> None:
    """The unit has not been dissolved. Raises UnitDissolved."""
    if unit.dissolved_on is not None:
        raise UnitDissolved(day=full_day(unit.dissolved_on))
