"""Who may do what to a duty; the conditions are shared with `visible_to` through roles over the unit's path."""

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.models import Decision, Obligation
from portal.organisation.models import Unit
from portal.web.errors import NotAllowed


def coordinates_all(user: User) -> bool:
    """Whether a person coordinates the whole site, not a part of it: from the top of the tree down."""
    if not user.standing.has(Role.COORDINATOR):
        return False
    tops = Unit.objects.active().filter(parent=None).values_list("path", flat=True)
    return bool(tops) and all(user.standing.over(str(path), Role.COORDINATOR) for path in tops)


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
    """The site's coordinator enters holiday notices and single days: they move the days of everybody."""
    return coordinates_all(user)


def may_edit_ladders(user: User) -> bool:
    """The site's coordinator writes new versions of ladders: everybody's duties climb them."""
    return coordinates_all(user)


def require(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed
