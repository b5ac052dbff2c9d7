"""Who may do what to a duty; the conditions are shared with `visible_to` through roles over the unit's path."""

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.models import Obligation
from portal.web.errors import NotAllowed


def may_ask_extension(user: User, duty: Obligation) -> bool:
    """The unit's top leader or liaison asks for more time."""
    return user.standing.over(str(duty.unit.path), Role.TOP_LEADER, Role.LIAISON)


def may_decide(user: User, duty: Obligation) -> bool:
    """The coordinator extends, suspends and exempts; never in a duty of his own."""
    own = user.standing.over(str(duty.unit.path), Role.TOP_LEADER)
    return user.standing.over(str(duty.unit.path), Role.COORDINATOR) and not own


def may_edit_calendar(user: User) -> bool:
    """The coordinator enters holiday notices and single days."""
    return user.standing.has(Role.COORDINATOR)


def require(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed
