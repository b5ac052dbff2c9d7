"""What an importer declares, and what checking a file finds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise


class Column(NamedTuple):
    """A column: its code, its headings (English, Chinese, then others in use), whether it must be there."""

    code: str
    headings: tuple[str, ...]
    required: bool = False


class Row(NamedTuple):
    """A row of the file: its number as a spreadsheet shows it, and its cells by column code."""

    number: int
    cells: dict[str, str]


class RowError(NamedTuple):
    """What is wrong with a row: its number, the column's heading, the reason as a sentence."""

    row: int
    column: str
    reason: str


@dataclass
class Summary:
    """What an import would write, or wrote. `made`: address and name (in both languages) of some of what is new."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    made: list[dict[str, Any]] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """How many things are new or changed."""
        return sum(self.new.values()) + sum(self.changed.values())

    def as_dict(self) -> dict[str, Any]:
        """The figures, for a row of JSON."""
        return {"new": dict(self.new), "changed": dict(self.changed), "unchanged": self.unchanged}


@dataclass
class Preview:
    """What checking found: the rows, every error, and what would be written if there is none."""

    rows: list[Row]
    errors: list[RowError]
    summary: Summary

    @property
    def bad_rows(self) -> list[int]:
        """The numbers of rows with an error, in order."""
        return sorted({error.row for error in self.errors})


class Importer:
    """An import. Subclasses set `code`, `title`, `columns`, `nouns` and implement `check` and `apply`.

    `nouns` has for each thing that a summary counts its lazy plural with `%(count)s`: "%(count)s unit", "%(count)s units".
    """

    code: ClassVar[str]
    title: ClassVar[Text]
    columns: ClassVar[Sequence[Column]]
    nouns: ClassVar[Mapping[str, Any]] = {}

    def check(self, table: list[list[str]], by: Any = None) -> Preview:
        """Check the rows of a file, headings first, for the user who would import it; nothing is written."""
        raise NotImplementedError

    def apply(self, by: Any, table: list[list[str]]) -> Summary:
        """Check again and write all of it, or raise ImportRefused; must be called inside a transaction."""
        raise NotImplementedError


def match_headings(
    columns: Sequence[Column], first_row: Sequence[str], *, chinese: bool
) -> tuple[dict[int, str], list[RowError]]:
    """The column code of each cell of the first row, and what is wrong with the headings."""
    by_heading = {_plain(heading): column.code for column in columns for heading in column.headings}
    places: dict[int, str] = {}
    errors: list[RowError] = []
    for index, heading in enumerate(first_row):
        if not heading.strip():
            continue
        code = by_heading.get(_plain(heading))
        if code is None:
            errors.append(RowError(1, heading, _("This heading is not known. Take the headings of the template.")))
        elif code in places.values():
            errors.append(RowError(1, heading, _("This column is there twice. Remove one of the two.")))
        else:
            places[index] = code
    for column in columns:
        if column.required and column.code not in places.values():
            name = column.headings[1 if chinese else 0]
            errors.append(RowError(1, name, _("This column is missing. Add it, with this heading.")))
    return places, errors


def rows_of(table: list[list[str]], places: dict[int, str]) -> list[Row]:
    """The rows below the headings, empty ones left out."""
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        values = {code: cells[index].strip() if index < len(cells) else "" for index, code in places.items()}
        if any(values.values()):
            rows.append(Row(number, values))
    return rows


def _plain(heading: str) -> str:
    return "".join(heading.split()).casefold().replace("（", "(").replace("）", ")").strip("*:：")
