"""What a sheet says, as plain values, and what is wrong with it before the database is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
from portal.organisation.models import Level, PostKind
from portal.web import dates
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


class PersonPlan(NamedTuple):
    """A person as the sheet has it."""

    employee_no: str
    name_en: str
    name_zh: str
    phone: str
    email: str
    rank_id: int | None
    official_type_id: int | None


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
    heads_group: bool


@dataclass
class Plan:
    """Everything a sheet says, by key; `rows` tells in which row each unit and person first stands."""

    units: dict[str, UnitPlan] = field(default_factory=dict)
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    persons: dict[str, PersonPlan] = field(default_factory=dict)
    tenures: list[TenurePlan] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


class Catalogues(NamedTuple):
    """The reference catalogues that cells are read by."""

    types: Catalogue
    sectors: Catalogue
    ranks: Catalogue
    official_types: Catalogue


def heading(column: str) -> str:
    """The heading of a column in the active language."""
    return HEADINGS[column][1 if (get_language() or "").startswith("zh") else 0]


class Reader:
    """Reads rows into a plan; each error names row, column and reason."""

    def __init__(self, catalogues: Catalogues) -> None:
        self.catalogues = catalogues
        self.plan = Plan()

    def read(self, rows: Iterable[Row]) -> Plan:
        """The plan of all rows."""
        for row in rows:
            unit = self._unit(row)
            if unit is not None:
                self._agree(self.plan.units, unit.code, unit, row, "unit_code", _UNIT_COLUMNS)
                if row.cells.get("group_name_zh") or row.cells.get("group_name_en"):
                    self._group(row, unit.code)
                self._tenure(row, unit.code)
        return self.plan

    def _wrong(self, row: Row, column: str, reason: str) -> None:
        self.plan.errors.append(RowError(row.number, heading(column), reason))

    def _cell(self, row: Row, column: str) -> str:
        return row.cells.get(column, "")

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
            return one_of({key: value.value for key, value in LEVELS.items()}, text)
        except NotKnown as error:
            self._wrong(row, "level", str(error))
            return None

    def _agree(
        self, known: dict[str, UnitPlan] | dict[str, PersonPlan], key: str, new: NamedTuple, row: Row, column: str,
        columns: Mapping[str, str],
    ) -> None:  # fmt: skip
        """Rows about one unit or person must say the same of it."""
        old = known.setdefault(key, new)  # type: ignore[arg-type]
        first = self.plan.rows.setdefault(f"{column}:{key}", row.number)
        for name, here, there in zip(new._fields, new, old, strict=True):  # type: ignore[call-overload]
            if here != there:
                reason = _("Row %(first)s says otherwise about %(key)s. Make both the same.")
                self._wrong(row, columns[name], reason % {"first": first, "key": key})
                return

    def _group(self, row: Row, unit: str) -> None:
        name_zh = self._cell(row, "group_name_zh") or self._cell(row, "group_name_en")
        names = (self._cell(row, "group_name_en") or name_zh, name_zh)
        if self.plan.groups.setdefault(unit, names) != names:
            self._wrong(row, "group_name_zh", _("Another row names this unit's leading group otherwise."))

    def _tenure(self, row: Row, unit: str) -> None:
        filled = [
            c
            for c in ("post_title_zh", "post_title_en", "employee_no", "person_name_zh", "since")
            if self._cell(row, c)
        ]
        if not filled:
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
        title_en = self._cell(row, "post_title_en") or title_zh
        key = PostKey(unit, kind, title_en, title_zh)
        self.plan.tenures.append(TenurePlan(row.number, key, person.employee_no, starts_on, ends_on, heads))

    def _person(self, row: Row) -> PersonPlan | None:
        found: dict[str, int | None] = {"rank": None, "official_type": None}
        for column, catalogue in (("rank", self.catalogues.ranks), ("official_type", self.catalogues.official_types)):
            if self._cell(row, column):
                found[column] = self._find(row, column, catalogue)
                if found[column] is None:
                    return None
        email = self._cell(row, "email")
        if email and "@" not in email:
            self._wrong(row, "email", _("“%(text)s” is not an e-mail address.") % {"text": email})
            return None
        name_zh = self._cell(row, "person_name_zh")
        name_en = self._cell(row, "person_name_en") or name_zh
        number, phone = self._cell(row, "employee_no"), self._cell(row, "phone")
        return PersonPlan(number, name_en, name_zh, phone, email, found["rank"], found["official_type"])

    def _kind(self, row: Row) -> str | None:
        text = self._cell(row, "post_kind")
        try:
            return one_of({key: value.value for key, value in KINDS.items()}, text) if text else PostKind.OTHER.value
        except NotKnown as error:
            self._wrong(row, "post_kind", str(error))
            return None

    def _date(self, row: Row, column: str) -> date | None:
        text = self._cell(row, column)
        if not text:
            return None
        try:
            return dates.parse(text)
        except ValueError as error:
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


def tree_errors(plan: Plan, parents_in_force: Mapping[str, str]) -> list[RowError]:
    """Parents that do not exist, and cycles; `parents_in_force` is the tree as it stands, "" at the top."""
    parents = dict(parents_in_force) | {unit.code: unit.parent for unit in plan.units.values()}
    errors = []
    for unit in plan.units.values():
        row = plan.rows[f"unit_code:{unit.code}"]
        if unit.parent and unit.parent not in parents:
            reason = _("There is no unit with the code %(code)s, neither here nor in the portal.") % {
                "code": unit.parent
            }
            errors.append(RowError(row, heading("parent_code"), reason))
        elif loop := _loop(unit.code, parents):
            reason = _("These units lie below each other in a circle: %(loop)s.") % {"loop": " → ".join(loop)}
            errors.append(RowError(row, heading("parent_code"), reason))
    return errors


def _loop(code: str, parents: Mapping[str, str]) -> list[str]:
    seen = [code]
    while parent := parents.get(seen[-1], ""):
        seen.append(parent)
        if parent == code:
            return seen
        if len(seen) > len(parents):
            return []
    return []


class Held(NamedTuple):
    """Days on which somebody holds a post; `row` is 0 for what the portal has already."""

    row: int
    who: str
    starts_on: date
    ends_on: date | None


def overlap_errors(held: Mapping[tuple[str, ...], Sequence[Held]]) -> list[RowError]:
    """Two holders of one post on the same day: named at the row that brings the second."""
    errors = []
    for spans in held.values():
        ordered = sorted(spans, key=lambda span: (span.starts_on, span.row))
        for index, later in enumerate(ordered):
            for earlier in ordered[:index]:
                if earlier.ends_on is None or earlier.ends_on >= later.starts_on:
                    row, other = (later, earlier) if later.row >= earlier.row else (earlier, later)
                    if row.row:
                        errors.append(RowError(row.row, heading("since"), _held(other)))
    return errors


def _held(other: Held) -> str:
    from portal.organisation.services import period

    sentence = _("%(holder)s holds the post %(period)s. Begin after that, or end that tenure first.")
    return sentence % {"holder": other.who, "period": period(other.starts_on, other.ends_on)}
