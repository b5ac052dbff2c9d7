"""Which rows a person sees: one condition over `ltree` paths, shared by lists and policies."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from portal.accounts.models import Grant, User
from portal.accounts.roles import CONTENT_ROLES, Assignment, Role

Reader = Callable[[User], Iterable[Assignment]]
Finder = Callable[[Role, str], "QuerySet[User]"]


class Source(NamedTuple):
    """Where roles come from besides grants: what a user holds, and who holds a role over a path."""

    of: Reader
    holders: Finder


_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Add a source of roles; called in `AppConfig.ready()` of the app that knows."""
    _sources.append(source)


def assignments_of(user: User) -> Iterator[Assignment]:
    """Every role the user holds, by hand or by office."""
    for grant in user.grants.in_force():
        yield grant.as_assignment()
    for source in _sources:
        yield from source.of(user)


def q(user: Any, field: str = "unit__path", roles: Iterable[Role] = CONTENT_ROLES) -> Q:
    """The condition on `field` that a row lies where `user` holds one of `roles`. Nobody: no row.

    Without `roles`, those that see content: master data, which the system administrator keeps, names all (`Role`).
    """
    nothing = Q(pk__in=())
    if not user.is_authenticated or not user.is_active:
        return nothing
    condition = nothing
    for assignment in set(user.standing.scopes(*roles)):
        lookup = f"{field}__descendants" if assignment.subtree else field
        condition |= Q(**{lookup: assignment.path})
    return condition


def users_with(role: Role, path: str) -> "QuerySet[User]":
    """The active users who hold `role` at `path`."""
    grants = Grant.objects.in_force().filter(role=role, path__ancestors=path)
    if role == Role.STAFF:
        grants = grants.filter(path=path)
    ids = Q(pk__in=grants.values("user_id"))
    for source in _sources:
        ids |= Q(pk__in=source.holders(role, path).values("pk"))
    return User.objects.filter(ids, is_active=True)
