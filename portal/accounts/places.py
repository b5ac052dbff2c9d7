"""Parts of the tree by name and users by office, without this floor knowing what a unit or a post is."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import CharField, Value
from django.db.models.expressions import BaseExpression

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


Names = Callable[[Iterable[str]], Mapping[str, str]]
Offices = Callable[[Iterable[User]], Mapping[int, str]]
_names: list[Names] = []
_offices: list[Offices] = []


def register_names(names: Names, offices: Offices) -> None:
    """Say what paths are called, and which office users hold (by id); the organisation does."""
    _names.append(names)
    _offices.append(offices)


def names_of(paths: Iterable[str]) -> dict[str, str]:
    """The name of each path that somebody knows."""
    asked = set(paths)
    return {path: name for names in _names for path, name in names(asked).items()}


def offices_of(users: Iterable[User]) -> dict[int, str]:
    """The office of each user who holds one, by the user's id."""
    asked = list(users)
    return {pk: office for offices in _offices for pk, office in offices(asked).items()}


PartFilter = Callable[[str], Any]
_part_filters: list[PartFilter] = []


def register_part_filter(make: PartFilter) -> None:
    """Say how a list is narrowed to a part of the tree; the organisation does."""
    _part_filters[:] = [make]


def part_filter(path: str) -> Any:
    """A filter by part of the tree for rows whose path is in the field `path`; None where nobody knows the tree."""
    return _part_filters[0](path) if _part_filters else None


UnitName = Callable[[str], BaseExpression]
_unit_names: list[UnitName] = []


def register_unit_names(names: UnitName) -> None:
    """Say how a list is given the name of the unit at a path; the organisation does."""
    _unit_names[:] = [names]


def unit_name(field: str) -> BaseExpression:
    """The name of the unit whose path is in `field`, in the active language, as a column of the list's own query."""
    return _unit_names[0](field) if _unit_names else Value("", output_field=CharField())
