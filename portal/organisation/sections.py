"""The sections of a unit's file: each app registers its own, and the pages are not edited for them.

A section shows itself on the unit's page, gives its tables to the dossier and the workbook, and its events to the timeline.
Whoever may not know of a section finds no trace of it in any of these.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.functional import Promise

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.organisation.models import Unit

Text = str | Promise
Cell = str | int | date | None


class Sheet(NamedTuple):
    """A table as paper and workbook have it. Days are days, so that a spreadsheet can count with them."""

    title: Text
    headings: tuple[Text, ...]
    rows: list[tuple[Cell, ...]]


class Event(NamedTuple):
    """Something that happened in or to a unit."""

    on: date
    title: str
    text: str = ""
    url: str = ""
    icon: str = "point"
    # The code of the section that it comes from.
    section: str = ""


# The unit, the reader, and the year that is looked at; None is all of them.
Context = Callable[["Unit", "User", int | None], dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """A section: its title, its template, what the template gets, and who may know that it exists.

    Without a template the page shows it in a way of its own. `years` are those in which the section has something.
    """

    code: str
    title: Text
    template: str
    context: Context
    may_see: Callable[["User", "Unit"], bool]
    order: int = 100
    sheets: Callable[["Unit", "User", int | None], Iterable[Sheet]] = lambda unit, user, year: ()
    events: Callable[["Unit", "User"], Iterable[Event]] = lambda unit, user: ()
    years: Callable[["Unit", "User"], Iterable[int]] = lambda unit, user: ()


@dataclass(frozen=True)
class Link:
    """An address about a unit that another app offers on its page."""

    label: Text
    url_name: str
    icon: str
    may_see: Callable[["User", "Unit"], bool] = field(default=lambda user, unit: True)


_sections: list[Section] = []
_links: list[Link] = []


def register(section: Section) -> None:
    """Add a section; called in `AppConfig.ready()`."""
    _sections.append(section)


def register_link(link: Link) -> None:
    """Add a link; called in `AppConfig.ready()`."""
    _links.append(link)


def known_to(user: "User", unit: "Unit") -> list[Section]:
    """The sections that a reader may know of, in their order."""
    return sorted((s for s in _sections if s.may_see(user, unit)), key=lambda section: section.order)


def shown(
    sections: Iterable[Section], user: "User", unit: "Unit", year: int | None
) -> list[tuple[Section, dict[str, Any]]]:
    """Those with a template, with what they show."""
    return [(section, section.context(unit, user, year)) for section in sections if section.template]


def links_for(user: "User", unit: "Unit") -> list[Link]:
    """The links that a reader may follow."""
    return [link for link in _links if link.may_see(user, unit)]


def years_of(sections: Iterable[Section], user: "User", unit: "Unit") -> list[int]:
    """The years in which the unit's file has something, the newest first."""
    return sorted({year for section in sections for year in section.years(unit, user)}, reverse=True)


def timeline(sections: Iterable[Section], user: "User", unit: "Unit", year: int | None) -> list[Event]:
    """What happened, the newest first."""
    found = [
        event._replace(section=section.code)
        for section in sections
        for event in section.events(unit, user)
        if year is None or event.on.year == year
    ]
    return sorted(found, key=lambda event: event.on, reverse=True)
