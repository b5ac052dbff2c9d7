"""Who may do what with systems; the same roles over the same paths as `visible_to`."""

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.policies import coordinates_all
from portal.organisation.models import Unit
from systems.models import Inspection, InspectionState, Rectification

WRITERS = (Role.TOP_LEADER, Role.LIAISON)
INSPECTORS = (Role.COORDINATOR, Role.CASE_OFFICER)
OVERSEERS = (Role.COORDINATOR, Role.HEAD)
# Who is of a unit does not judge it.
OF_THE_UNIT = (Role.TOP_LEADER, Role.LIAISON, Role.STAFF)


def may_keep_catalogue(user: User, _object: object = None) -> bool:
    """The site's coordinator says what units must have: it holds for everybody."""
    return coordinates_all(user)


def may_write(user: User, unit: Unit) -> bool:
    """The unit's leader and liaison draft its systems and keep its list of powers."""
    return user.standing.over(str(unit.path), *WRITERS)


def may_decide(user: User, unit: Unit) -> bool:
    """The unit's leader puts systems into force, repeals and reviews them."""
    return user.standing.over(str(unit.path), Role.TOP_LEADER)


def may_import(user: User, _object: object = None) -> bool:
    """Leaders and liaisons bring in the lists of their units, coordinators those of their part of the tree."""
    return user.standing.has(*WRITERS, Role.COORDINATOR)


def is_of_unit(user: User, unit: Unit) -> bool:
    """Whether a person leads, speaks or works for exactly this unit."""
    path = str(unit.path)
    return any(a.role in OF_THE_UNIT and a.path == path for a in user.standing.assignments)


def inspects(user: User, _object: object = None) -> bool:
    """Whether a person inspects anywhere."""
    return user.standing.has(*INSPECTORS)


def may_inspect(user: User, unit: Unit) -> bool:
    """Coordinator and case officer inspect in their part of the tree; nobody the own unit."""
    return user.standing.over(str(unit.path), *INSPECTORS) and not is_of_unit(user, unit)


def may_carry_out(user: User, inspection: Inspection) -> bool:
    """Who may inspect the unit carries out an inspection, whoever leads it."""
    return may_inspect(user, inspection.unit)


def may_enter(user: User, inspection: Inspection) -> bool:
    """The same, while it is under way."""
    return inspection.state == InspectionState.UNDER_WAY and may_carry_out(user, inspection)


def may_answer_finding(user: User, rectification: Rectification) -> bool:
    """The unit's leader and liaison name the measure, and hand in what was done; so does the owner."""
    owner = rectification.owner
    return may_write(user, rectification.finding.unit) or (owner is not None and owner.user_id == user.pk)


def may_name_measure(user: User, rectification: Rectification) -> bool:
    """The unit's leader and liaison."""
    return may_write(user, rectification.finding.unit)


def is_party(user: User, rectification: Rectification) -> bool:
    """Whether a person owns the rectification or handed it in."""
    owner = rectification.owner
    return rectification.submitted_by_id == user.pk or (owner is not None and owner.user_id == user.pk)


def may_verify(user: User, rectification: Rectification) -> bool:
    """Who inspects the unit verifies; never the owner, nor who handed it in."""
    return may_inspect(user, rectification.finding.unit) and not is_party(user, rectification)


def may_except(user: User, rectification: Rectification) -> bool:
    """The coordinator or the head over the unit grants an exception; nobody of the unit."""
    unit = rectification.finding.unit
    return user.standing.over(str(unit.path), *OVERSEERS) and not is_of_unit(user, unit)


def may_keep_groups(user: User, _object: object = None) -> bool:
    """Coordinators bind units of their part of the tree together."""
    return user.standing.has(Role.COORDINATOR)
