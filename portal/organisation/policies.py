"""Who may change the organisation, and where."""

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.models import Employment, GroupMembership, Person, Tenure, Unit
from portal.workdays import clock

# Whose office it is to know who works where: everybody's but the staff's own.
OVERSEERS = tuple(role for role in Role if role != Role.STAFF)
EDITORS = (Role.COORDINATOR, Role.SYSTEM_ADMIN)


def may_edit_units(user: User) -> bool:
    """Who edits a part of the tree may open the pages of the import; which rows pass is decided by their place."""
    return user.standing.has(*EDITORS)


def may_see_people(user: User) -> bool:
    """Who leads, coordinates or administers sees who works in his part of the tree."""
    return user.standing.has(*OVERSEERS)


def may_edit_at(user: User, path: str) -> bool:
    """Coordinators and system administrators edit what lies in their part of the tree."""
    return user.standing.over(path, *EDITORS)


def may_appoint(user: User, unit: Unit) -> bool:
    """The coordinator and the system administrator enter who holds a post."""
    return may_edit_at(user, str(unit.path))


def may_edit_group(user: User, unit: Unit) -> bool:
    """They also make the leading group of a unit and enter who sits in it."""
    return may_edit_at(user, str(unit.path))


def may_change(user: User, unit: Unit) -> bool:
    """A unit is renamed, moved, merged, split and dissolved by the coordinator of the unit above it.

    The system administrator keeps master data, but does not see the duties and letters about which a change decides.
    """
    return user.standing.over(str(unit.parent.path if unit.parent else unit.path), Role.COORDINATOR)


def may_take_in(user: User, unit: Unit) -> bool:
    """Units are placed below a unit, or go on as it, by its coordinator."""
    return user.standing.over(str(unit.path), Role.COORDINATOR)


def may_name_acting(user: User, unit: Unit) -> bool:
    """The head of a leading group above the unit names who acts; the coordinator may enter what was decided."""
    path = str(unit.path)
    above = [a for a in user.standing.scopes(Role.HEAD) if a.reaches(path) and a.path != path]
    return bool(above) or may_appoint(user, unit)


def may_make_account(user: User, person: Person) -> bool:
    """Accounts are made by who edits every part of the tree in which the person holds office or works.

    Otherwise the temporary password of somebody with an office higher up could be had from below.
    """
    paths = _places_of(person)
    return bool(paths) and all(may_edit_at(user, path) for path in paths)


def may_keep_account(user: User, account: User) -> bool:
    """An account is closed and opened by who edits every part of the tree in which its holder works, holds office or a role.

    Nobody closes his own. Of somebody without any place, it is for who edits the whole.
    """
    if user.pk == account.pk:
        return False
    paths = [str(path) for path in account.grants.in_force().values_list("path", flat=True)]
    person = Person.objects.filter(user=account).first()
    paths += _places_of(person) if person else []
    if not paths:
        return any(a.subtree and "." not in a.path for a in user.standing.scopes(*EDITORS))
    return all(may_edit_at(user, path) for path in paths)


def _places_of(person: Person) -> list[str]:
    """Where a person works or holds office today or later; where nothing is left, where it was."""
    tenures = Tenure.objects.filter(person=person).values_list("post__unit__path", "ends_on")
    memberships = GroupMembership.objects.filter(person=person).values_list("group__unit__path", "ends_on")
    employments = Employment.objects.filter(person=person).values_list("unit__path", "ends_on")
    held = [*tenures, *memberships, *employments]
    today = clock.today()
    lasting = [path for path, ends_on in held if ends_on is None or ends_on >= today]
    return [str(path) for path in lasting or [path for path, _ended in held]]
