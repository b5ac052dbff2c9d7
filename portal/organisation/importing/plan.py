"""What a sheet says, as plain values, and what is wrong with it before the database is asked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from portal.organisation.importing import cells
from portal.organisation.importing.columns import (
    HEADINGS,
    KINDS,
    LEVEL_OF_TYPE,
    LEVELS,
    Catalogue,
    NotKnown,
    one_of,
    yes_or_no,
)
from portal.organisation.models import Level, Person, PostKind
from portal.web.i18n import is_chinese
from portal.web.imports import Row, RowError


class UnitPlan(NamedTuple):
    """A unit as the sheet has it."""

    code: str
    name_en: str
    name_zh: str
    type_id: int
    sector_id: int
    level: str
    parent: str

    def changes(self, plan: "Plan") -> dict[str, Any]:
        """The values that the sheet has columns for, but for the parent; what it leaves out stays as it is."""
        return {
            name: getattr(self, name) for name in _UNIT_COLUMNS if name != "parent" and plan.says(_UNIT_COLUMNS[name])
        }


class PersonPlan(NamedTuple):
    """A person as the sheet has it."""

    employee_no: str
    name_en: str
    name_zh: str
    phone: str
    email: str
    rank_id: int | None
    official_type_id: int | None

    def changes(self, plan: "Plan") -> dict[str, Any]:
        """The values that the sheet has columns for; what it leaves out stays as it is."""
        return {name: getattr(self, name) for name in _PERSON_COLUMNS if plan.says(_PERSON_COLUMNS[name])}

    def differs_from(self, person: Person, plan: "Plan") -> bool:
        """Whether the sheet says something else than the portal has."""
        return any(getattr(person, name) != value for name, value in self.changes(plan).items())


class PostKey(NamedTuple):
    """A post: the one of its kind for top leaders, by its title for all others."""

    unit: str
    kind: str
    title_en: str
    title_zh: str


class TenurePlan(NamedTuple):
    """A person in a post."""

    row: int
    post: PostKey
    employee_no: str
    starts_on: date
    ends_on: date | None


class SeatPlan(NamedTuple):
    """A person in the leading group of a unit, as long as the post of that row is held."""

    row: int
    unit: str
    employee_no: str
    is_head: bool
    starts_on: date
    ends_on: date | None

    @property
    def column(self) -> str:
        """The column that says so."""
        return "heads_group" if self.is_head else "member_of"


@dataclass
class Plan:
    """Everything a sheet says, by key.

    `rows` tells in which row each unit and person first stands, `headings` how the sheet itself calls its columns.
    """

    units: dict[str, UnitPlan] = field(default_factory=dict)
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    persons: dict[str, PersonPlan] = field(default_factory=dict)
    tenures: list[TenurePlan] = field(default_factory=list)
    seats: list[SeatPlan] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def heading(self, column: str) -> str:
        """A column as the sheet calls it; as the template does where the sheet has none."""
        return self.headings.get(column) or HEADINGS[column][1 if is_chinese() else 0]

    def says(self, column: str) -> bool:
        """Whether the sheet has a column."""
        return column in self.headings

    def wrong(self, row: int, column: str, reason: str) -> RowError:
        """An error at a cell."""
        return RowError(row, self.heading(column), reason)

    def row_of(self, unit: str) -> int:
        """The row in which a unit first stands."""
        return self.rows[f"unit_code:{unit}"]


class Catalogues(NamedTuple):
    """The reference catalogues that cells are read by."""

    types: Catalogue
    sectors: Catalogue
    ranks: Catalogue
    official_types: Catalogue


class Reader:
    """Reads rows into a plan; each error names row, column and reason."""

    def __init__(self, catalogues: Catalogues, headings: Mapping[str, str]) -> None:
        self.catalogues = catalogues
        self.plan = Plan(headings=headings)

    def read(self, rows: Iterable[Row]) -> Plan:
        """The plan of all rows."""
        for row in rows:
            if not self._can_be_stored(row):
                continue
            unit = self._unit(row)
            if unit is not None:
                self._agree(self.plan.units, unit.code, unit, row, "unit_code", _UNIT_COLUMNS)
                if row.cells.get("group_name_zh") or row.cells.get("group_name_en"):
                    self._group(row, unit.code)
                self._office(row, unit.code)
        return self.plan

    def _wrong(self, row: Row, column: str, reason: str) -> None:
        self.plan.errors.append(self.plan.wrong(row.number, column, reason))

    def _cell(self, row: Row, column: str) -> str:
        return row.cells.get(column, "")

    def _can_be_stored(self, row: Row) -> bool:
        """Names what is too long or no code; the row is read on, so that all of its errors are told at once."""
        found = list(cells.not_storable(row.cells))
        for column, reason in found:
            self._wrong(row, column, reason)
        return not any("\x00" in text for text in row.cells.values())

    def _required(self, row: Row, *columns: str) -> bool:
        empty = [column for column in columns if not self._cell(row, column)]
        for column in empty:
            self._wrong(row, column, _("This cell is empty. Fill it in."))
        return not empty

    def _unit(self, row: Row) -> UnitPlan | None:
        if not self._required(row, "unit_code", "unit_name_zh", "unit_type", "sector"):
            return None
        type_id = self._find(row, "unit_type", self.catalogues.types)
        sector_id = self._find(row, "sector", self.catalogues.sectors)
        level = self._level(row, type_id)
        if type_id is None or sector_id is None or level is None:
            return None
        name_zh = self._cell(row, "unit_name_zh")
        name_en = self._cell(row, "unit_name_en") or name_zh
        code = self._cell(row, "unit_code")
        return UnitPlan(code, name_en, name_zh, type_id, sector_id, level, self._cell(row, "parent_code"))

    def _find(self, row: Row, column: str, catalogue: Catalogue) -> int | None:
        try:
            return catalogue.find(self._cell(row, column))
        except NotKnown as error:
            self._wrong(row, column, str(error))
            return None

    def _level(self, row: Row, type_id: int | None) -> str | None:
        text = self._cell(row, "level")
        if not text:
            code = self.catalogues.types.codes.get(type_id or 0, "")
            return LEVEL_OF_TYPE.get(code, Level.DISTRICT)
        try:
            return one_of(LEVELS, text)
        except NotKnown as error:
            self._wrong(row, "level", str(error))
            return None

    def _agree(
        self, known: dict[str, UnitPlan] | dict[str, PersonPlan], key: str, new: NamedTuple, row: Row, column: str,
        columns: Mapping[str, str],
    ) -> None:  # fmt: skip
        """Rows about one unit or person must say the same of it; what differs is named by a column that the sheet has."""
        old = known.setdefault(key, new)  # type: ignore[arg-type]
        first = self.plan.rows.setdefault(f"{column}:{key}", row.number)
        apart = [columns[n] for n, here, there in zip(new._fields, new, old, strict=True) if here != there]  # type: ignore[call-overload]
        if apart:
            named = next((name for name in apart if name in row.cells), column)
            reason = _("Row %(first)s says otherwise about %(key)s. Make both the same.")
            self._wrong(row, named, reason % {"first": first, "key": key})

    def _group(self, row: Row, unit: str) -> None:
        name_zh = self._cell(row, "group_name_zh") or self._cell(row, "group_name_en")
        names = (self._cell(row, "group_name_en") or name_zh, name_zh)
        if self.plan.groups.setdefault(unit, names) != names:
            self._wrong(row, "group_name_zh", _("Another row names this unit's leading group otherwise."))

    def _office(self, row: Row, unit: str) -> None:
        """The person of a row, the post, and the seats in leading groups that go with it."""
        said = ("post_title_zh", "post_title_en", "employee_no", "person_name_zh", "since", "member_of")
        if not any(self._cell(row, column) for column in said):
            return
        if not self._required(row, "employee_no", "person_name_zh", "post_title_zh", "since"):
            return
        person, kind = self._person(row), self._kind(row)
        starts_on, ends_on = self._date(row, "since"), self._date(row, "until")
        heads = self._heads(row)
        if person is None or kind is None or starts_on is None or heads is None:
            return
        if ends_on is not None and ends_on < starts_on:
            self._wrong(row, "until", _("The last day lies before the first one."))
            return
        self._agree(self.plan.persons, person.employee_no, person, row, "employee_no", _PERSON_COLUMNS)
        title_zh = self._cell(row, "post_title_zh")
        key = PostKey(unit, kind, self._cell(row, "post_title_en") or title_zh, title_zh)
        self.plan.tenures.append(TenurePlan(row.number, key, person.employee_no, starts_on, ends_on))
        groups = [(unit, True)] if heads else []
        groups += [(code, False) for code in re.split(r"[\s,;，；、]+", self._cell(row, "member_of")) if code]
        self.plan.seats += [
            SeatPlan(row.number, code, person.employee_no, is_head, starts_on, ends_on) for code, is_head in groups
        ]

    def _person(self, row: Row) -> PersonPlan | None:
        found: dict[str, int | None] = {"rank": None, "official_type": None}
        for column, catalogue in (("rank", self.catalogues.ranks), ("official_type", self.catalogues.official_types)):
            if self._cell(row, column):
                found[column] = self._find(row, column, catalogue)
                if found[column] is None:
                    return None
        email = self._cell(row, "email")
        try:
            cells.email(email)
        except NotKnown as error:
            self._wrong(row, "email", str(error))
        name_zh = self._cell(row, "person_name_zh")
        name_en = self._cell(row, "person_name_en") or name_zh
        number, phone = self._cell(row, "employee_no"), self._cell(row, "phone")
        return PersonPlan(number, name_en, name_zh, phone, email, found["rank"], found["official_type"])

    def _kind(self, row: Row) -> str | None:
        text = self._cell(row, "post_kind")
        try:
            return one_of(KINDS, text) if text else PostKind.OTHER.value
        except NotKnown as error:
            self._wrong(row, "post_kind", str(error))
            return None

    def _date(self, row: Row, column: str) -> date | None:
        try:
            return cells.day(self._cell(row, column), open_ended=column == "until")
        except NotKnown as error:
            self._wrong(row, column, str(error))
            return None

    def _heads(self, row: Row) -> bool | None:
        try:
            return yes_or_no(self._cell(row, "heads_group"))
        except NotKnown as error:
            self._wrong(row, "heads_group", str(error))
            return None


_UNIT_COLUMNS = {
    "code": "unit_code",
    "name_en": "unit_name_en",
    "name_zh": "unit_name_zh",
    "type_id": "unit_type",
    "sector_id": "sector",
    "level": "level",
    "parent": "parent_code",
}
_PERSON_COLUMNS = {
    "employee_no": "employee_no",
    "name_en": "person_name_en",
    "name_zh": "person_name_zh",
    "phone": "phone",
    "email": "email",
    "rank_id": "rank",
    "official_type_id": "official_type",
}
