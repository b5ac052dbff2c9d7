"""Who may change the organisation."""

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.models import Unit


def may_edit_units(user: User) -> bool:
    """Coordinators and system administrators import and edit units, posts and persons."""
    return user.standing.has(Role.COORDINATOR, Role.SYSTEM_ADMIN)


def may_appoint(user: User, unit: Unit) -> bool:
    """The coordinator and the system administrator enter who holds a post."""
    return user.standing.over(str(unit.path), Role.COORDINATOR, Role.SYSTEM_ADMIN)


def may_name_acting(user: User, unit: Unit) -> bool:
    """The head of a leading group above the unit names who acts; the coordinator may enter what was decided."""
    path = str(unit.path)
    above = [a for a in user.standing.scopes(Role.HEAD) if a.reaches(path) and a.path != path]
    return bool(above) or may_appoint(user, unit)
