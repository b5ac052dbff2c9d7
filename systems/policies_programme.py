"""Who may do what with the Regulations, projects, investigations, measures, reports and proposals."""

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.policies import coordinates_all


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
