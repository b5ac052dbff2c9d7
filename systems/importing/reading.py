"""What the importers of this room read alike: units one may write for, days, systems of the catalogue."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.organisation.importing.columns import NotKnown, plain
from portal.organisation.models import Unit
from portal.web import dates
from portal.web.i18n import is_chinese
from portal.web.imports import Importer, Preview, Row, RowError, Summary, match_headings
from portal.web.imports.base import rows_of
from portal.web.imports.views import ImportHasErrors
from systems.models import RequiredSystem

T = TypeVar("T")


class RowImporter(Importer, Generic[T]):
    """An import whose rows stand for themselves. Subclasses implement `begin`, `read` and `write`.

    `read` turns a row into a plan or raises NotKnown; `write` carries plans out, or only counts what it would do.
    """

    def begin(self, rows: list[Row], by: User | None) -> None:
        """Read once what rows refer to."""
        raise NotImplementedError

    def read(self, row: Row) -> T:
        """What a row asks for. Raises NotKnown, whose second argument may name the column."""
        raise NotImplementedError

    def count(self, plans: list[T], summary: Summary) -> None:
        """Count what would be written."""
        raise NotImplementedError

    def write(self, by: User | None, plans: list[T], summary: Summary) -> None:
        """Write it."""
        raise NotImplementedError

    def check(self, table: list[list[str]], by: Any = None) -> Preview:
        """Every error by row and column, and what would be written if there were none."""
        preview, plans = self._read(table, by)
        if not preview.errors:
            self.count(plans, preview.summary)
        return preview

    def apply(self, by: Any, table: list[list[str]]) -> Summary:
        """Write all of it. Raises ImportHasErrors; must be called inside a transaction."""
        preview, plans = self._read(table, by)
        if preview.errors:
            raise ImportHasErrors
        self.count(plans, preview.summary)
        self.write(by, plans, preview.summary)
        return preview.summary

    def _read(self, table: list[list[str]], by: User | None) -> tuple[Preview, list[T]]:
        places, errors = match_headings(self.columns, table[0], chinese=is_chinese())
        if errors:
            return Preview([], errors, Summary()), []
        rows = rows_of(table, places)
        headings = {code: table[0][index].strip() for index, code in places.items()}
        self.begin(rows, by)
        plans: list[T] = []
        for row in rows:
            try:
                plans.append(self.read(row))
            except NotKnown as error:
                column = error.args[1] if len(error.args) > 1 else ""
                errors.append(RowError(row.number, headings.get(column, column), str(error.args[0])))
        return Preview(rows, errors, Summary()), plans


def fail(sentence: str, column: str) -> NotKnown:
    """An error at a column."""
    return NotKnown(sentence, column)


def needed(row: Row, column: str) -> str:
    """A cell that must say something."""
    value = row.cells.get(column, "")
    if not value:
        raise fail(_("Fill this in."), column)
    return value


def day_of(row: Row, column: str) -> date | None:
    """A day as people write it; None for an empty cell."""
    value = row.cells.get(column, "")
    if not value:
        return None
    try:
        return dates.parse(value)
    except ValueError as error:
        raise fail(str(error), column) from error


class Units:
    """The units that the rows name, among those one may write for."""

    def __init__(self, rows: list[Row], by: User | None, may: Callable[[User, Unit], bool]) -> None:
        codes = {row.cells.get("unit_code", "") for row in rows}
        self._known = {unit.code: unit for unit in Unit.objects.active().filter(code__in=codes).select_related("type")}
        self._by, self._may = by, may

    def of(self, row: Row) -> Unit:
        """The unit of a row."""
        code = needed(row, "unit_code")
        unit = self._known.get(code)
        if unit is None or (self._by is not None and not self._may(self._by, unit)):
            raise fail(_("No unit with the code “%(code)s” is yours to write for.") % {"code": code}, "unit_code")
        return unit

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._known.values())


class Categories:
    """The systems of the catalogue by code or either name."""

    def __init__(self) -> None:
        self._known = {
            plain(word): system
            for system in RequiredSystem.objects.all()
            for word in (system.code, system.name_en, system.name_zh)
        }

    def of(self, row: Row, *, required: bool = False) -> RequiredSystem | None:
        """The system that a row names."""
        value = row.cells.get("category", "")
        if not value and not required:
            return None
        found = self._known.get(plain(value))
        if found is None:
            raise fail(_("“%(text)s” is not in the catalogue of required systems.") % {"text": value}, "category")
        return found
