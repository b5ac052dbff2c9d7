"""Problems of rows, sizes and amounts as people read them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.models import FaultyRow, PunishmentUpload
from cases.punishments.columns import BY_CODE, WAN
from portal.web.i18n import is_chinese

REASONS: dict[str, str | Promise] = {
    "missing": _("is empty; write it"),
    "long": _("is longer than the portal keeps"),
    "day": _("is not a day; write it as 2026-12-02"),
    "yuan": _("is not an amount; write it as 12600.50 or 1.26万元"),
    "yes_no": _("is neither yes nor no; write 是 or 否"),
    "future": _("lies in the future"),
    "after": _("lies after the decision"),
    "twice": _("stands in the file twice and says something else there"),
    "extra": _("has more cells than there are headings"),
    "broken": _("has characters that cannot be read; save the file anew"),
}


def problem(code: str) -> str:
    """A problem as a sentence: "Decided on is not a day; write it as 2026-12-02."."""
    column, reason, *where = code.split(":")
    name = BY_CODE[column].label if column in BY_CODE else _t("The row")
    words = {"column": name, "reason": REASONS.get(reason, reason)}
    if where:
        return _t("%(column)s %(reason)s (row %(row)s).") % (words | {"row": where[0]})
    return _t("%(column)s %(reason)s.") % words


def problems(codes: str) -> list[str]:
    """Every problem of a row."""
    return [problem(code) for code in codes.split()]


class Cell(NamedTuple):
    """A cell of a row to mend: its place and heading in the file, its text, what is wrong with it."""

    place: int
    heading: str
    text: str
    wrong: str


class Line(NamedTuple):
    """A row to mend: its number in the file, its cells, what is wrong with it as a whole."""

    number: int
    cells: list[Cell]
    wrong: list[str]


class Table(NamedTuple):
    """The rows to mend, with the columns in which something is wrong or which tell them apart."""

    headings: list[str]
    lines: list[Line]


def table(upload: PunishmentUpload, rows: Iterable[FaultyRow]) -> Table:
    """The rows as a page shows them: number, party, day, and every column with something wrong."""
    codes = {int(place): code for place, code in upload.columns.items()}
    rows = list(rows)
    wrong = {code.split(":")[0] for row in rows for code in row.problems.split()}
    places = [place for place, code in sorted(codes.items()) if code in wrong | {"number", "party", "decided_on"}]
    headings = upload.layout["headings"]
    lines = [_line(row, [(place, codes[place], headings[place]) for place in places]) for row in rows]
    return Table([headings[place] for place in places], lines)


def _line(row: FaultyRow, places: list[tuple[int, str, str]]) -> Line:
    by_column: dict[str, str] = {}
    for code in row.problems.split():
        by_column.setdefault(code.split(":")[0], problem(code))
    cells = [Cell(place, heading, row.cells[place], by_column.pop(code, "")) for place, code, heading in places]
    return Line(row.number, cells, list(by_column.values()))


def to_mend(count: int) -> str:
    """How many rows are to be mended."""
    return ngettext("%(count)s row to mend", "%(count)s rows to mend", count) % {"count": f"{count:,}"}


def size(number: int) -> str:
    """The size of a file."""
    if number >= 2**20:
        return _t("%(size)s MB") % {"size": f"{number / 2**20:,.1f}"}
    return _t("%(size)s kB") % {"size": f"{max(number // 1024, 1):,}"}


def yuan(value: Decimal | None) -> str:
    """An amount: 1,260,000 yuan, 126万元. Empty for one that is not known."""
    if value is None:
        return ""
    if is_chinese():
        return (
            f"{value / 10_000:,.6f}".rstrip("0").rstrip(".") + "万元"
            if value >= WAN
            else f"{value:,.2f}".removesuffix(".00") + "元"
        )
    return _t("%(amount)s yuan") % {"amount": f"{value:,.2f}".removesuffix(".00")}


def amount(value: Any) -> str:
    """An amount that a row of JSON kept as text."""
    return yuan(Decimal(str(value)))
