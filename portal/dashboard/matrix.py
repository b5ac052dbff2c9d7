"""The compliance matrix: units by duties, a page of units at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple, Self

from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts import scopes
from portal.accounts.models import User
from portal.obligations import measures
from portal.obligations.measures import Cells, Column, Group
from portal.obligations.presentation import SOON, Code, StateView, code_of
from portal.organisation.models import Unit
from portal.web.i18n import is_chinese
from portal.web.paging import CAP, CappedPaginator
from portal.workdays.rules import Calendar

PER_PAGE = 30
EXPORT_ROWS = CAP
MOST_PARTS = 300
YEARS = range(2000, 2101)
# A returned report is corrected under a duty of its own, which stands in the report's column.
FOLDED = {"report_correction": "report"}
# Of several duties in one cell the gravest is shown: what is overdue, what else is open, then what is closed.
GRAVITY = {
    code: place
    for place, code in enumerate(
        (Code.OVERDUE, Code.VACANT, Code.SOON, Code.SUSPENDED, Code.OPEN, Code.LATE, Code.DONE, Code.WAIVED)
    )
}
WORDS: dict[str, Callable[[], str]] = {
    Code.OPEN: lambda: _("open"),
    Code.SOON: lambda: _("due soon"),
    Code.OVERDUE: lambda: _("overdue"),
    Code.DONE: lambda: _("done"),
    Code.LATE: lambda: _("done late"),
    Code.WAIVED: lambda: _("exempt"),
    Code.SUSPENDED: lambda: _("suspended"),
    Code.VACANT: lambda: _("post vacant"),
    Code.NOT_OWED: lambda: _("not owed"),
}


def _overdue_by(days: int) -> str:
    return ngettext("overdue %(days)s working day", "overdue %(days)s working days", days) % {"days": days}


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
            int(year) if year.isascii() and year.isdecimal() and len(year) == 4 and int(year) in YEARS else today.year,
            given.get("show") == "all",
            state if state in WORDS else "",
            given.get("under", "").strip()[:40],
            given.get("type", "")[:40],
            given.get("q", "").strip()[:80],
            given.get("page", "1")[:6],
        )

    def address(self) -> str:
        """The matrix with this choice; the id of a cell's duty follows."""
        given = {
            "year": self.year,
            "show": "all" if self.everything else "",
            "state": self.state,
            "under": self.part,
            "type": self.type_code,
            "q": self.words,
            "page": self.page if self.page != "1" else "",
        }
        return f"/compliance/?{urlencode({name: value for name, value in given.items() if value})}&cell="


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: the duty's state, the address of its panel, whether it is the correction of a returned report."""

    url: str
    state: StateView
    label: str
    is_correction: bool
    is_current: bool


class Rows(NamedTuple):
    """The rows of a type of unit: its name, how many units of it there are, those that are shown."""

    name: str
    total: int
    units: list[tuple[dict[str, Any], list[Cell | None]]]


@dataclass(frozen=True)
class Matrix:
    """A page of the matrix, its rows grouped by type of unit."""

    columns: Sequence[Column]
    groups: Sequence[Rows]
    page: Page[Any]


def parts_of(user: User) -> "QuerySet[Unit]":
    """The parts of the tree by which a person may narrow the matrix: units that have units below them."""
    below = Unit.objects.active().filter(parent=OuterRef("pk"))
    return Unit.objects.visible_to(user).active().filter(Exists(below)).order_by("path")[:MOST_PARTS]


def _chosen_units(user: User, chosen: Choice) -> "QuerySet[Unit]":
    """The units of the chosen part of the tree and type, whatever they owe."""
    units = Unit.objects.filter(scopes.q(user, "path")).active()
    if chosen.part:
        top = Unit.objects.visible_to(user).filter(code__iexact=chosen.part).first()
        units = units.under(str(top.path)) if top else units.none()
    if chosen.type_code:
        units = units.filter(type__code=chosen.type_code)
    return units.search(chosen.words) if chosen.words else units


def units_for(user: User, chosen: Choice, today: date, calendar: Calendar) -> "QuerySet[Unit]":
    """The units that the matrix shows, in the order of their types, the worst of each type first.

    Each is asked for by itself whether it owes such a duty: the index by year and unit answers, whatever the planner
    believes of how many there are.
    """
    units = _chosen_units(user, chosen)
    if chosen.state:
        duties = measures.in_state(chosen.year, chosen.state, today, calendar)
        units = units.filter(Exists(duties.filter(unit=OuterRef("pk"))))
    elif not chosen.everything:
        duties = measures.needing_attention(chosen.year, today, calendar)
        units = units.filter(Exists(duties.filter(unit=OuterRef("pk"))))
    return units.order_by("type__order", "type_id", measures.worst(chosen.year, today, calendar, GRAVITY), "path")


def build(
    user: User,
    chosen: Choice,
    today: date,
    calendar: Calendar,
    *,
    figures: Iterable[Group] | None = None,
    current: int | None = None,
    per_page: int = PER_PAGE,
) -> Matrix:
    """A page of the matrix in five queries, whatever the number of units.

    `figures` where the page has read them, `current` is the duty whose panel is open.
    """
    suffix = "zh" if is_chinese() else "en"
    rows = units_for(user, chosen, today, calendar).values(
        "pk", "code", "name_en", "name_zh", "type_id", "type__name_en", "type__name_zh"
    )
    page = CappedPaginator(rows, per_page).get_page(chosen.page)
    listed = [row | {"name": row[f"name_{suffix}"]} for row in page.object_list]
    if figures is None:
        figures = measures.overview(user, chosen.year, today, calendar)
    columns = measures.columns(figures, FOLDED)
    duties = measures.cells([row["pk"] for row in listed], chosen.year)
    pen = _Pen(today, calendar, duties, chosen.address(), current)
    drawn = [(row, [pen.cell(row, column) for column in columns]) for row in listed]
    totals = dict(_chosen_units(user, chosen).order_by().values_list("type_id").annotate(n=Count("pk")))
    groups = [
        Rows(units[0][0][f"type__name_{suffix}"], totals.get(type_id, len(units)), units)
        for type_id, found in groupby(drawn, key=lambda item: item[0]["type_id"])
        if (units := list(found))
    ]
    return Matrix(columns, groups, page)


class _Pen:
    """Draws cells; keeps what all of them need."""

    def __init__(self, today: date, calendar: Calendar, duties: Cells, address: str, current: int | None) -> None:
        self.today, self.calendar, self.duties = today, calendar, duties
        self.address, self.current = address, current
        self.soon_until = calendar.add(today, SOON)
        self.words = {code: word() for code, word in WORDS.items()}
        self.suffix = "zh" if is_chinese() else "en"

    def cell(self, unit: dict[str, Any], column: Column) -> Cell | None:
        """The gravest duty of a unit under a column, the newest of equals; None where nothing is owed."""
        duties = [duty for kind, label in column.keys for duty in self.duties.get((unit["pk"], kind, label), ())]
        if not duties:
            return None
        duty, code = min(((d, self.code(d)) for d in duties), key=lambda pair: (GRAVITY[pair[1]], -pair[0]["pk"]))
        # In a column of its own label the duty says no more than its head does.
        label = column.label if (column.kind, duty["label_en"]) == column.keys[0] else duty[f"label_{self.suffix}"]
        days = str(self.calendar.late(duty["due_on"], self.today)) if code == Code.OVERDUE else ""
        text = _overdue_by(int(days)) if days and int(days) else self.words[code]
        return Cell(
            url=f"{self.address}{duty['pk']}#cell",
            state=StateView(code, text, days),
            label=label,
            is_correction=duty["kind"] in FOLDED,
            is_current=duty["pk"] == self.current,
        )

    def code(self, duty: dict[str, Any]) -> Code:
        """The state that people see."""
        return code_of(
            duty["state"],
            duty["due_on"],
            duty["closed_on"],
            duty["vacant_since"] is not None,
            duty["suspended_since"] is not None,
            self.soon_until,
            self.today,
        )
