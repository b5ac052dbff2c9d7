"""The compliance matrix: units by duties, a page of units at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.obligations.measures import Column, cells, columns, needing_attention
from portal.obligations.presentation import SOON, Code, StateView, code_of
from portal.organisation.models import Unit
from portal.web.i18n import is_chinese
from portal.web.paging import CappedPaginator
from portal.workdays.rules import Calendar

PER_PAGE = 40
WORDS = {
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


@dataclass(frozen=True)
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


def units_for(
    user: User, *, attention: "QuerySet[Any] | None", under: str, type_code: str, words: str
) -> "QuerySet[Unit]":
    """The units that the matrix shows, in the order of their types."""
    units = Unit.objects.filter(scopes.q(user, "path")).active()
    if attention is not None:
        units = units.filter(pk__in=attention.values("unit_id"))
    if under:
        units = units.under(under)
    if type_code:
        units = units.filter(type__code=type_code)
    if words:
        units = units.search(words)
    return units.order_by("type__order", "path")


def build(units: "QuerySet[Unit]", year: int, page: str | None, today: date, calendar: Calendar) -> Matrix:
    """A page of the matrix in four queries, whatever the number of units."""
    rows = units.values("pk", "code", "name_en", "name_zh", "type__name_en", "type__name_zh")
    shown = CappedPaginator(rows, PER_PAGE).get_page(page)
    listed = list(shown.object_list)
    heads = columns(year)
    found = cells([row["pk"] for row in listed], year)
    soon_until = calendar.add(today, SOON)
    suffix = "zh" if is_chinese() else "en"

    def cell(row: dict[str, Any], column: Column) -> Cell | None:
        duty = found.get((row["pk"], column.kind, column.label_en))
        if duty is None:
            return None
        code = code_of(
            duty["state"],
            duty["due_on"],
            duty["closed_on"],
            duty["vacant_since"] is not None,
            duty["suspended_since"] is not None,
            soon_until,
            today,
        )
        days = str(calendar.late(duty["due_on"], today)) if code == Code.OVERDUE else ""
        text = f"{WORDS[code]()} {days}".strip()
        label = f"{row[f'name_{suffix}']}, {column.label_zh if suffix == 'zh' else column.label_en}"
        return Cell(duty["pk"], StateView(code, text, days), label)

    drawn = [(row | {"name": row[f"name_{suffix}"]}, [cell(row, column) for column in heads]) for row in listed]
    groups = [(name, list(group)) for name, group in groupby(drawn, key=lambda item: item[0][f"type__name_{suffix}"])]
    return Matrix(heads, groups, shown)


def attention_of(user: User, year: int, today: date, calendar: Calendar) -> "QuerySet[Any]":
    """The duties because of which a unit needs attention."""
    return needing_attention(user, year, today, calendar)
