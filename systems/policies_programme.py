"""Who may do what with the Regulations, projects, investigations, measures, reports and proposals."""

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.policies import coordinates_all
from portal.organisation.models import Unit
from systems.models.projects import MilestoneCheck

# Who is of a unit does not judge it.
OF_THE_UNIT = (Role.TOP_LEADER, Role.LIAISON, Role.STAFF)


def may_read(user: User) -> bool:
    """Whoever sees content reads the Regulations, the library of measures and what research has shown."""
    return not user.standing.is_kept_from_content


# --- The Regulations --------------------------------------------------------------------------------------------------


def may_keep_regulations(user: User, _object: object = None) -> bool:
    """The site's coordinator writes and issues the Regulations, and says what carries each article out."""
    return coordinates_all(user)


def may_read_drafts(user: User) -> bool:
    """Who keeps them, who heads or sits in a leading group, and the auditor read a version that is being written."""
    return may_keep_regulations(user) or user.standing.has(Role.HEAD, Role.MEMBER, Role.AUDITOR)


# --- Projects ---------------------------------------------------------------------------------------------------------


def is_of_unit(user: User, unit: Unit) -> bool:
    """Whether a person leads, speaks or works for exactly this unit."""
    path = str(unit.path)
    return any(a.role in OF_THE_UNIT and a.path == path for a in user.standing.assignments)


def speaks_for(user: User, unit: Unit) -> bool:
    """The unit's leader and liaison report, answer and propose for it."""
    return user.standing.over(str(unit.path), Role.TOP_LEADER, Role.LIAISON)


def may_keep_projects(user: User, _object: object = None) -> bool:
    """The site's coordinator plans, starts and closes projects."""
    return coordinates_all(user)


def may_report(user: User, check: MilestoneCheck) -> bool:
    """The unit's leader and liaison report what was done by a milestone."""
    return speaks_for(user, check.unit)


def may_check(user: User, check: MilestoneCheck) -> bool:
    """The site's coordinator checks, and the leader of the unit that leads the project; nobody the own unit."""
    leads = user.standing.over(str(check.milestone.project.unit.path), Role.TOP_LEADER)
    return (leads or coordinates_all(user)) and not is_of_unit(user, check.unit) and check.reported_by_id != user.pk
