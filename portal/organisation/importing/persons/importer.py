"""Reading persons in chunks: what each row says, what the portal knows of them, what the row would do."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.organisation import policies
from portal.organisation.importing import cells
from portal.organisation.importing.columns import COLUMNS as UNIT_COLUMNS
from portal.organisation.importing.columns import NotKnown
from portal.organisation.importing.importer import catalogue
from portal.organisation.importing.persons import rules, writing
from portal.organisation.importing.persons.knowledge import known_of
from portal.organisation.importing.persons.rules import Draft, Known, Wrong
from portal.organisation.models import OfficialType, PersonRow, Rank, Unit
from portal.organisation.pinyin import keys
from portal.web.dates import full_day
from portal.web.imports import Column, Row
from portal.web.imports.staged import Problem, Staged, StagedImporter

_OF_UNITS = {column.code: column for column in UNIT_COLUMNS}


# Name in the draft, and column, of the cells that are plain texts.
TEXTS = (
    ("name_zh", "person_name_zh"),
    ("name_en", "person_name_en"),
    ("phone", "phone"),
    ("title_zh", "post_title_zh"),
    ("title_en", "post_title_en"),
)


class Place(NamedTuple):
    """A unit as rows name it by its code; `refused` says why nobody is put there."""

    id: int
    refused: str


class PersonsImporter(StagedImporter):
    """Persons, where they work since when, transfers and leavers; a person is known by the employee number."""

    code = "persons"
    title = _("Persons")
    columns = (
        _OF_UNITS["employee_no"]._replace(required=True),
        _OF_UNITS["person_name_zh"],
        _OF_UNITS["person_name_en"],
        _OF_UNITS["phone"],
        _OF_UNITS["email"],
        _OF_UNITS["rank"],
        _OF_UNITS["official_type"],
        _OF_UNITS["unit_code"]._replace(required=False),
        _OF_UNITS["post_title_zh"],
        _OF_UNITS["post_title_en"],
        Column("since", ("There since", "到岗时间", "任职时间", "入职时间")),
        Column("until", ("Until", "离任时间", "离职时间")),
    )
    nouns: ClassVar = {
        "new": ngettext_lazy("%(count)s new person", "%(count)s new persons", "count"),
        "changed": ngettext_lazy("%(count)s person changed", "%(count)s persons changed", "count"),
        "joined": ngettext_lazy("%(count)s joins a unit", "%(count)s join a unit", "count"),
        "moved": ngettext_lazy("%(count)s transfer", "%(count)s transfers", "count"),
        "left": ngettext_lazy("%(count)s leaver", "%(count)s leavers", "count"),
        "corrected": ngettext_lazy("%(count)s correction", "%(count)s corrections", "count"),
    }
    rows = PersonRow
    own_columns = (
        *("employee_no", "name_en", "name_zh", "sort_key", "initials", "phone", "email"),
        *("rank_id", "official_type_id", "unit_id", "title_en", "title_zh", "since", "until"),
    )
    texts = ("employee_no", "name_en", "name_zh", "sort_key", "initials", "phone", "email", "title_en", "title_zh")

    @cached_property
    def _places(self) -> Mapping[str, Place]:
        """Every unit by its code, with why it is closed to whoever imports."""
        found = {}
        for pk, code, path, dissolved_on in Unit.objects.values_list("pk", "code", "path", "dissolved_on"):
            refused = ""
            if dissolved_on:
                refused = _t("This unit was dissolved on %(day)s.") % {"day": full_day(dissolved_on)}
            elif not policies.may_edit_at(self.by, str(path)):
                refused = _t("This unit lies outside your part of the tree.")
            found[code] = Place(pk, refused)
        return found

    def read(self, rows: Sequence[Row]) -> Iterable[Staged]:
        """Each row with what is wrong, what it would do, and its values."""
        drafts = [self._draft(row) for row in rows]
        known = known_of(self.by, [draft.employee_no for draft, _problems in drafts])
        for row, (draft, problems) in zip(rows, drafts, strict=True):
            found: tuple[str, ...] = ()
            wrong = list(problems)
            if not wrong:
                try:
                    found = _effects(draft, *known.get(draft.employee_no, (None, "")))
                except Wrong as error:
                    wrong.append((self.heading(error.column), error.reason))
            yield Staged(row, wrong, found, _values(draft, found))

    def settle(self) -> None:
        """A number that stands in the file twice is wrong the second time: which of the two holds is not for us to say."""
        writing.mark_twice(self.run.pk, self.heading("employee_no"))

    def write(self, first: int, last: int) -> None:
        """Persons first, then where they work."""
        writing.write(self.run.pk, first, last, self.heading("employee_no"))

    def _draft(self, row: Row) -> tuple[Draft, list[Problem]]:
        """What a row says, and what cannot be understood."""
        cell = row.cells.get
        problems = list(cells.not_storable(row.cells))
        number = cell("employee_no", "")
        if not number:
            problems.append(("employee_no", _t("This cell is empty. Fill it in.")))
        found: dict[str, Any] = {name: cell(column, "") for name, column in TEXTS}
        for name, column, read in self._readers:
            try:
                found[name] = read(cell(column, ""))
            except NotKnown as error:
                problems.append((column, str(error)))
        draft = Draft(number[:40]) if problems else Draft(number, **found)
        return draft, [(self.heading(column), reason) for column, reason in problems]

    @cached_property
    def _readers(self) -> Sequence[tuple[str, str, Callable[[str], Any]]]:
        """Name in the draft, column and reader of each cell that is no plain text."""
        ranks, types = catalogue(Rank), catalogue(OfficialType)
        return (
            ("email", "email", cells.email),
            ("rank_id", "rank", lambda text: ranks.find(text) if text else None),
            ("official_type_id", "official_type", lambda text: types.find(text) if text else None),
            ("unit_id", "unit_code", self._unit),
            ("since", "since", cells.day),
            ("until", "until", lambda text: cells.day(text, open_ended=True)),
        )

    def _unit(self, code: str) -> int | None:
        """The unit of a code. Raises NotKnown."""
        if not code:
            return None
        place = self._places.get(code)
        if place is None:
            raise NotKnown(_t("There is no unit with the code %(code)s.") % {"code": code})
        if place.refused:
            raise NotKnown(place.refused)
        return place.id


def _effects(draft: Draft, known: Known | None, outside: str) -> tuple[str, ...]:
    """What a row does. Raises Wrong, also for a person of a unit `outside` the reach of whoever imports."""
    if outside:
        reason = _t("This person belongs to %(unit)s, outside your part of the tree. Who coordinates there enters it.")
        raise Wrong("employee_no", reason % {"unit": outside})
    return rules.effects(draft, known)


def _values(draft: Draft, effects: Sequence[str]) -> Sequence[Any]:
    """The values of a row in the order of `own_columns`; names are spelled in pinyin only where they are written."""
    sort_key, initials = keys(draft.name_zh, draft.name_en, person=True) if _names(effects) else ("", "")
    name_en = draft.name_en or (draft.name_zh if "new" in effects else "")
    return (
        *(draft.employee_no, name_en, draft.name_zh, sort_key, initials, draft.phone, draft.email),
        *(
            draft.rank_id,
            draft.official_type_id,
            draft.unit_id,
            draft.title_en,
            draft.title_zh,
            draft.since,
            draft.until,
        ),
    )


def _names(effects: Sequence[str]) -> bool:
    return "new" in effects or "changed" in effects
