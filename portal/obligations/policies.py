"""Who may do what to a duty; the conditions are shared with `visible_to` through roles over the unit's path."""

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.models import Decision, Obligation
from portal.web.errors import NotAllowed


def may_ask_extension(user: User, duty: Obligation) -> bool:
    """The unit's top leader or liaison asks for more time."""
    return user.standing.over(str(duty.unit.path), Role.TOP_LEADER, Role.LIAISON)


def may_decide(user: User, duty: Obligation) -> bool:
    """The coordinator extends, suspends and exempts; never in a duty of the unit that he leads or speaks for."""
    path = str(duty.unit.path)
    own = user.standing.over(path, Role.TOP_LEADER, Role.LIAISON)
    return user.standing.over(path, Role.COORDINATOR) and not own


def may_decide_request(user: User, request: Decision) -> bool:
    """As `may_decide`, and never what one has asked for oneself, whatever office one has held since."""
    return request.asked_by_id != user.pk and may_decide(user, request.obligation)


def owes(user: User, duty: Obligation) -> bool:
    """Whether the person is one of those who do the work: the unit's top leader or liaison."""
    return user.standing.over(str(duty.unit.path), Role.TOP_LEADER, Role.LIAISON)


def may_edit_calendar(user: User) -> bool:
    """The coordinator enters holiday notices and single days."""
    return user.standing.has(Role.COORDINATOR)


def require(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed
