"""The sections of a unit's file: each app registers its own, and the page is not edited for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.organisation.models import Unit


@dataclass(frozen=True)
class Section:
    """A section: its title, its template, what the template gets, and who may know that it exists."""

    code: str
    title: str | Promise
    template: str
    context: Callable[["Unit", "User"], dict[str, Any]]
    may_see: Callable[["User", "Unit"], bool]
    order: int = 100


_sections: list[Section] = []


def register(section: Section) -> None:
    """Add a section; called in `AppConfig.ready()`."""
    _sections.append(section)


def sections_for(user: "User", unit: "Unit") -> list[tuple[Section, dict[str, Any]]]:
    """The sections a reader may know of, with what they show."""
    seen = sorted((s for s in _sections if s.may_see(user, unit)), key=lambda section: section.order)
    return [(section, section.context(unit, user)) for section in seen]
