"""The compliance matrix: units by duties, a page of units at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple, Self

from django.core.paginator import Page
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.obligations import measures
from portal.obligations.measures import Column
from portal.obligations.presentation import SOON, Code, StateView, code_of
from portal.organisation.models import Unit
from portal.web.i18n import is_chinese
from portal.web.paging import CAP, CappedPaginator
from portal.workdays.rules import Calendar

PER_PAGE = 30
EXPORT_ROWS = CAP
MOST_PARTS = 300
WORDS: dict[str, Callable[[], str]] = {
    Code.OPEN: lambda: _("open"),
    Code.SOON: lambda: _("due soon"),
    Code.OVERDUE: lambda: _("overdue, working days"),
    Code.DONE: lambda: _("done"),
    Code.LATE: lambda: _("done late"),
    Code.WAIVED: lambda: _("exempt"),
    Code.SUSPENDED: lambda: _("suspended"),
    Code.VACANT: lambda: _("post vacant"),
    Code.NOT_OWED: lambda: _("not owed"),
}


class Choice(NamedTuple):
    """Which units of which year are asked for. Without a state and not `everything`: those that need attention."""

    year: int
    everything: bool
    state: str
    part: str
    type_code: str
    words: str
    page: str

    @classmethod
    def read(cls, given: Mapping[str, str], today: date) -> Self:
        """Out of an address; what makes no sense there is as if it were not given."""
        year, state = given.get("year", ""), given.get("state", "")
        return cls(
            int(year) if year.isdecimal() and len(year) == 4 else today.year,
            given.get("show") == "all",
            state if state in WORDS else "",
            given.get("under", "").strip()[:40],
            given.get("type", "")[:40],
            given.get("q", "").strip()[:80],
            given.get("page", "1")[:6],
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: the duty's id and its state."""

    pk: int
    state: StateView
    label: str


@dataclass(frozen=True)
class Matrix:
    """A page of the matrix, its rows grouped by type of unit."""

    columns: Sequence[Column]
    groups: Sequence[tuple[str, list[tuple[dict[str, Any], list[Cell | None]]]]]
    page: Page[Any]


def parts_of(user: User) -> "QuerySet[Unit]":
    """The parts of the tree by which a person may narrow the matrix: units that have units below them."""
    below = Unit.objects.active().filter(parent=OuterRef("pk"))
    return Unit.objects.visible_to(user).active().filter(Exists(below)).order_by("path")[:MOST_PARTS]


def units_for(user: User, chosen: Choice, today: date, calendar: Calendar) -> "QuerySet[Unit]":
    """The units that the matrix shows, in the order of their types."""
    units = Unit.objects.filter(scopes.q(user, "path")).active()
    if chosen.state:
        duties = measures.in_state(user, chosen.year, chosen.state, today, calendar)
        units = units.filter(pk__in=duties.values("unit_id"))
    elif not chosen.everything:
        duties = measures.needing_attention(user, chosen.year, today, calendar)
        units = units.filter(pk__in=duties.values("unit_id"))
    if chosen.part:
        top = Unit.objects.visible_to(user).filter(code__iexact=chosen.part).first()
        units = units.under(str(top.path)) if top else units.none()
    if chosen.type_code:
        units = units.filter(type__code=chosen.type_code)
    if chosen.words:
        units = units.search(chosen.words)
    return units.order_by("type__order", "path")


def build(user: User, chosen: Choice, today: date, calendar: Calendar, *, per_page: int = PER_PAGE) -> Matrix:
    """A page of the matrix in four queries, whatever the number of units."""
    suffix = "zh" if is_chinese() else "en"
    units = units_for(user, chosen, today, calendar)
    rows = units.values("pk", "code", "name_en", "name_zh", "type__name_en", "type__name_zh")
    page = CappedPaginator(rows, per_page).get_page(chosen.page)
    listed = [row | {"name": row[f"name_{suffix}"]} for row in page.object_list]
    columns = measures.columns(chosen.year)
    cells = measures.cells([row["pk"] for row in listed], chosen.year)
    pen = _Pen(today, calendar)
    drawn = [(row, [pen.cell(row, c, cells.get((row["pk"], c.kind, c.label_en))) for c in columns]) for row in listed]
    groups = [(name, list(group)) for name, group in groupby(drawn, key=lambda item: item[0][f"type__name_{suffix}"])]
    return Matrix(columns, groups, page)


class _Pen:
    """Draws cells; keeps what all of them need."""

    def __init__(self, today: date, calendar: Calendar) -> None:
        self.today, self.calendar = today, calendar
        self.soon_until = calendar.add(today, SOON)
        self.words = {code: word() for code, word in WORDS.items()}

    def cell(self, unit: dict[str, Any], column: Column, duty: dict[str, Any] | None) -> Cell | None:
        """The cell of a unit under a column; None where nothing is owed."""
        if duty is None:
            return None
        code = code_of(
            duty["state"],
            duty["due_on"],
            duty["closed_on"],
            duty["vacant_since"] is not None,
            duty["suspended_since"] is not None,
            self.soon_until,
            self.today,
        )
        days = str(self.calendar.late(duty["due_on"], self.today)) if code == Code.OVERDUE else ""
        text = f"{self.words[code]} {days}".strip()
        return Cell(duty["pk"], StateView(code, text, days), f"{unit['name']}, {column.label}")
