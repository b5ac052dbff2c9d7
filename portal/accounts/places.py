"""Parts of the tree by name, without this floor knowing what a unit is."""

from collections.abc import Callable

from portal.accounts.models import User
from portal.accounts.roles import Role

Places = list[tuple[str, str]]
_naming: list[Callable[[User, Role], Places]] = []


def register_naming(naming: Callable[[User, Role], Places]) -> None:
    """Say how paths are named; the organisation does."""
    _naming.append(naming)


def places_for(user: User, role: Role) -> Places:
    """Path and name of each part of the tree over which `user` holds `role`."""
    return [place for naming in _naming for place in naming(user, role)]
