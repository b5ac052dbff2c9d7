"""Who may do what with cases; the same roles over the same paths as `visible_to`."""

from django.db.models import QuerySet

from cases.models.punishments import READERS
from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.policies import coordinates_all
from portal.organisation.models import Unit
from portal.web.errors import NotAllowed

# Who works on cases.
WORKERS = (Role.COORDINATOR, Role.CASE_OFFICER)


def require(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed


def may_read(user: User) -> bool:
    """Who coordinates, heads, works on or audits cases somewhere reads the database of punishments."""
    return user.standing.has(*READERS)


def may_work(user: User) -> bool:
    """Coordinators and case officers import, screen and decide."""
    return user.standing.has(*WORKERS)


def may_work_at(user: User, path: str) -> bool:
    """They do so in their part of the tree."""
    return user.standing.over(path, *WORKERS)


def agencies_of(user: User) -> "QuerySet[Unit]":
    """The agencies whose files a person may import."""
    found = Unit.objects.active().filter(scopes.q(user, "path", WORKERS))
    return found.filter(type__code="admin_enforcement")


def may_keep_rules(user: User) -> bool:
    """The site's coordinator keeps the screening rules: they are asked of everybody's decisions."""
    return coordinates_all(user)
