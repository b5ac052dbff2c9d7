"""The coverage: units by required systems, each cell in one of six states; any number of units in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import CONTENT_ROLES
from portal.organisation.models import UnitType
from portal.web.i18n import is_chinese
from systems.models import CatalogueLevel, Requirement
from systems.register_rules import REVIEW_AHEAD_DAYS, Cell

# The worst first; a cell of many units shows the worst and how many are in it.
ORDER = tuple(Cell)
WORDS = {
    Cell.MISSING: _("blank: required, not there"),
    Cell.OVERDUE: _("review overdue"),
    Cell.DRAFT: _("in draft"),
    Cell.DUE: _("review due soon"),
    Cell.IN_FORCE: _("in force and reviewed"),
    Cell.NOT_REQUIRED: _("not required"),
}
ICONS = {
    Cell.MISSING: "square-x",
    Cell.OVERDUE: "alert-square",
    Cell.DRAFT: "pencil",
    Cell.DUE: "hourglass-high",
    Cell.IN_FORCE: "check",
    Cell.NOT_REQUIRED: "",
}
_STATE = """
    CASE WHEN there.state IN ('in_force', 'under_revision') THEN
             CASE WHEN there.review_due_on < %(today)s THEN 'overdue'
                  WHEN there.review_due_on <= %(today)s + %(ahead)s THEN 'due' ELSE 'in_force' END
         WHEN there.id IS NOT NULL THEN 'draft' ELSE 'missing' END
"""
# What a reader sees: parts of the tree, and single units; within the part that was chosen.
_SEEN = """
    unit.dissolved_on IS NULL AND (unit.path <@ %(trees)s::ltree[] OR unit.path = ANY(%(units)s::ltree[]))
    AND unit.path <@ %(part)s::ltree
"""
_BY_TYPE = f"""
    SELECT unit.type_id, requirement.system_id, {_STATE} AS state, count(*)
    FROM systems_requirement requirement
    JOIN systems_requirement_types kind ON kind.requirement_id = requirement.id
    JOIN organisation_unit unit ON unit.type_id = kind.unittype_id
    LEFT JOIN systems_unitsystem there
        ON there.unit_id = unit.id AND there.category_id = requirement.system_id AND there.state <> 'repealed'
    WHERE requirement.id = ANY(%(requirements)s) AND {_SEEN}
    GROUP BY 1, 2, 3
"""  # noqa: S608 - pieces of our own
_OF_UNITS = f"""
    SELECT there.unit_id, there.category_id, {_STATE} AS state, there.id
    FROM systems_unitsystem there
    WHERE there.unit_id = ANY(%(ids)s) AND there.state <> 'repealed' AND there.category_id IS NOT NULL
"""  # noqa: S608 - pieces of our own
# How many required cells were in force at the end of each day, by level: one look at the versions.
_TREND = """
    SELECT day.last_day, system.level, count(DISTINCT (there.unit_id, there.category_id))
    FROM unnest(%(days)s::date[]) AS day (last_day)
    JOIN systems_systemversion version
        ON version.in_force_from <= day.last_day AND (version.ended_on IS NULL OR version.ended_on > day.last_day)
        AND version.state IN ('in_force', 'superseded', 'repealed')
    JOIN systems_unitsystem there ON there.id = version.system_id
    JOIN systems_requiredsystem system ON system.id = there.category_id
    JOIN systems_requirement requirement
        ON requirement.system_id = system.id AND requirement.id = ANY(%(requirements)s)
    JOIN organisation_unit unit ON unit.id = there.unit_id
    JOIN systems_requirement_types kind
        ON kind.requirement_id = requirement.id AND kind.unittype_id = unit.type_id
    WHERE unit.dissolved_on IS NULL AND (unit.path <@ %(trees)s::ltree[] OR unit.path = ANY(%(units)s::ltree[]))
        AND unit.path <@ %(part)s::ltree
    GROUP BY 1, 2
"""


class Category(NamedTuple):
    """A required system as the coverage shows it, with the types of unit that must have it."""

    pk: int
    code: str
    level: str
    name: str
    types: frozenset[int]


@dataclass(frozen=True)
class Scope:
    """Which units are looked at: what a person sees, within a part of the tree."""

    trees: tuple[str, ...]
    units: tuple[str, ...]
    part: str

    def params(self) -> dict[str, Any]:
        """For the statements."""
        return {"trees": list(self.trees), "units": list(self.units), "part": self.part}


def scope_of(user: User, part: str) -> Scope:
    """What a person sees below a path."""
    held = user.standing.scopes(*CONTENT_ROLES)
    trees = tuple(sorted({a.path for a in held if a.subtree}))
    return Scope(trees, tuple(sorted({a.path for a in held if not a.subtree})), part)


def categories(year: int) -> list[Category]:
    """The catalogue of a year, in its order: two queries."""
    suffix = "zh" if is_chinese() else "en"
    known = Requirement.objects.in_force(year).select_related("system")
    rows = list(known.order_by("system__order", "system__code"))
    links = Requirement.types.through.objects.filter(requirement__in=[requirement.pk for requirement in rows])
    types: dict[int, set[int]] = defaultdict(set)
    for requirement_id, type_id in links.values_list("requirement_id", "unittype_id"):
        types[requirement_id].add(type_id)
    return [
        Category(
            r.system_id, r.system.code, r.system.level, getattr(r.system, f"name_{suffix}"), frozenset(types[r.pk])
        )
        for r in rows
    ]


def _in_force(year: int) -> list[int]:
    return list(Requirement.objects.in_force(year).values_list("pk", flat=True))


Counts = dict[tuple[int, int], dict[Cell, int]]


def by_type(scope: Scope, today: date) -> Counts:
    """For each type of unit and category, how many units are in which state."""
    params = scope.params() | {"today": today, "ahead": REVIEW_AHEAD_DAYS, "requirements": _in_force(today.year)}
    found: Counts = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_BY_TYPE, params)
        for type_id, category_id, state, count in cursor.fetchall():
            found[type_id, category_id][Cell(state)] = count
    return found


class UnitCell(NamedTuple):
    """A unit in a category: its state, and its system where there is one."""

    cell: Cell
    system_id: int | None


def of_units(unit_ids: Sequence[int], today: date) -> dict[tuple[int, int], UnitCell]:
    """What these units have, by unit and category; what is not there is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_UNITS, {"ids": list(unit_ids), "today": today, "ahead": REVIEW_AHEAD_DAYS})
        return {(unit, category): UnitCell(Cell(state), pk) for unit, category, state, pk in cursor.fetchall()}


def cell(there: Mapping[tuple[int, int], UnitCell], unit_id: int, type_id: int, category: Category) -> UnitCell:
    """A cell of a unit: what is there, or that it is missing or not required."""
    known = there.get((unit_id, category.pk))
    required = type_id in category.types
    if known is not None and (required or known.cell not in (Cell.DRAFT, Cell.MISSING)):
        return known
    return UnitCell(Cell.MISSING if required else Cell.NOT_REQUIRED, None)


def totals(counts: Counts) -> dict[Cell, int]:
    """How many places are in which state."""
    found: dict[Cell, int] = dict.fromkeys(ORDER, 0)
    for states in counts.values():
        for state, count in states.items():
            found[state] += count
    return found


def worst(states: Mapping[Cell, int]) -> tuple[Cell, int]:
    """The worst state of many units and how many are in it; not required where there is none."""
    for state in ORDER:
        if states.get(state):
            return state, states[state]
    return Cell.NOT_REQUIRED, 0


class Point(NamedTuple):
    """The share of required systems in force at the end of a day, in percent, by level."""

    last_day: date
    shares: dict[str, float]


def trend(scope: Scope, days: Sequence[date], counts: Counts, known: Iterable[Category]) -> list[Point]:
    """How the shares moved, measured against what is required today: so that the line shows what units did."""
    level_of = {category.pk: category.level for category in known}
    required: dict[str, int] = defaultdict(int)
    for (_type, category_id), states in counts.items():
        required[level_of[category_id]] += sum(states.values())
    params = scope.params() | {"days": list(days), "requirements": _in_force(max(days).year)}
    with connection.cursor() as cursor:
        cursor.execute(_TREND, params)
        there = {(day, level): count for day, level, count in cursor.fetchall()}
    levels = [level for level in CatalogueLevel.values if required[level]]
    return [Point(day, {lv: round(100 * there.get((day, lv), 0) / required[lv], 1) for lv in levels}) for day in days]


def types_of(counts: Counts) -> list[UnitType]:
    """The types of unit for which anything is required, in their order."""
    return list(UnitType.objects.filter(pk__in={type_id for type_id, _category in counts}))
