"""Who may do what with the Regulations, projects, investigations, measures, reports and proposals."""

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.policies import coordinates_all
from portal.organisation.models import Unit
from systems.models.experience import Proposal
from systems.models.investigations import Questionnaire
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


# --- Investigations, research reports, measures -----------------------------------------------------------------------


def may_keep_investigations(user: User, _object: object = None) -> bool:
    """The site's coordinator writes, opens and closes investigations, and writes the research reports."""
    return coordinates_all(user)


def may_answer(user: User, questionnaire: Questionnaire) -> bool:
    """The unit's leader and liaison answer for it."""
    return speaks_for(user, questionnaire.unit)


def may_keep_measures(user: User, _object: object = None) -> bool:
    """The site's coordinator keeps the library of preventive measures."""
    return coordinates_all(user)


# --- Proposals --------------------------------------------------------------------------------------------------------


def may_propose(user: User, _object: object = None) -> bool:
    """Leaders and liaisons propose for their units, the site's coordinator for the whole."""
    return user.standing.has(Role.TOP_LEADER, Role.LIAISON) or coordinates_all(user)


def may_propose_for(user: User, unit: Unit) -> bool:
    """The same, of one unit."""
    return speaks_for(user, unit) or coordinates_all(user)


def decides_proposals(user: User) -> bool:
    """Whether a person heads the leading group at the top: what is proposed holds for the whole site."""
    tops = Unit.objects.active().filter(parent=None).values_list("path", flat=True)
    return bool(tops) and all(user.standing.over(str(path), Role.HEAD) for path in tops)


def may_decide_proposal(user: User, proposal: Proposal) -> bool:
    """The head of the leading group at the top decides; nobody the own proposal."""
    return proposal.proposed_by_id != user.pk and decides_proposals(user)


def may_withdraw_proposal(user: User, proposal: Proposal) -> bool:
    """Who made it."""
    return proposal.proposed_by_id == user.pk


def may_carry_out(user: User, proposal: Proposal) -> bool:
    """The site's coordinator writes into catalogue and records what an adopted proposal came to."""
    return coordinates_all(user)
