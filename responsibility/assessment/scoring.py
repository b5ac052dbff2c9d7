"""The scores of units by a standard, as of a day: each measure is asked once, then every formula is computed for every unit.

    total = Σ weight × formula (0 to 100) / 100 − Σ points × formula of each deduction, never below 0; a veto fails the unit.

Points are kept to two places, halves away from zero, by criterion; the total is the sum of what is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from responsibility.assessment import formula
from responsibility.assessment.figures import WHOLE, ZERO, Figure, Measure, Window
from responsibility.assessment.measures import known
from responsibility.models import Criterion, CriterionKind

CENTS = Decimal("0.01")
# From how many points a grade is given, the best first.
GRADES = (("excellent", Decimal(90)), ("good", Decimal(80)), ("pass", Decimal(60)), ("fail", Decimal(0)))
FAIL = "fail"
Marks = Mapping[tuple[int, str], Decimal]


class Line(NamedTuple):
    """What a criterion gave a unit: the value of its formula, the points, and the figures that went in."""

    criterion: Criterion
    value: Decimal
    points: Decimal
    figures: tuple[tuple[str, Figure], ...]


class Result(NamedTuple):
    """What a unit is given."""

    unit_id: int
    total: Decimal
    grade: str
    vetoed: bool
    lines: tuple[Line, ...]


class Prepared(NamedTuple):
    """A criterion with its formula read and what its measures give where nothing was due."""

    criterion: Criterion
    formula: formula.Formula
    names: tuple[str, ...]


def score(criteria: Sequence[Criterion], window: Window, marks: Marks) -> list[Result]:
    """The scores of the units, in the order of the window; as many queries as measures are named, however many units.

    Raises FormulaWrong, UnknownMeasure, DividesByZero.
    """
    measures = known()
    columns = [_column(_prepared(criterion, measures), measures, window, marks) for criterion in criteria]
    return [_result(unit, lines) for unit, lines in zip(window.unit_ids, zip(*columns, strict=True), strict=True)]


def _column(prepared: Prepared, measures: Mapping[str, Measure], window: Window, marks: Marks) -> list[Line]:
    """The lines of a criterion for all units; units with the same figures share one."""
    criterion, _read, names = prepared
    asked = [_asked(name, criterion.code, measures, window, marks) for name in names]
    made: dict[tuple[Figure, ...], Line] = {}
    column = []
    for unit in window.unit_ids:
        used = tuple([figures.get(unit, empty) for figures, empty in asked])
        line = made.get(used)
        if line is None:
            line = made[used] = _line(prepared, used)
        column.append(line)
    return column


def _asked(
    name: str, code: str, measures: Mapping[str, Measure], window: Window, marks: Marks
) -> tuple[Mapping[int, Figure], Figure]:
    """The figures that a name stands for, and that of a unit that has none."""
    if name == formula.MARK:
        return {unit: Figure(value) for (unit, marked), value in marks.items() if marked == code}, Figure(ZERO)
    return window.figures(measures[name]), Figure(measures[name].empty)


def _line(prepared: Prepared, used: tuple[Figure, ...]) -> Line:
    criterion, read, names = prepared
    value = read.of({name: figure.value for name, figure in zip(names, used, strict=True)})
    return Line(criterion, value, points_of(criterion, value), tuple(zip(names, used, strict=True)))


def _result(unit: int, lines: tuple[Line, ...]) -> Result:
    total = max(ZERO, sum([line.points for line in lines], ZERO))
    vetoed = any(line.value > 0 for line in lines if line.criterion.kind == CriterionKind.VETO)
    return Result(unit, total, grade_of(total, vetoed=vetoed), vetoed, lines)


def _prepared(criterion: Criterion, measures: Mapping[str, Measure]) -> Prepared:
    found = formula.read(criterion.formula)
    for name in sorted(found.names - {formula.MARK}):
        if name not in measures:
            raise formula.UnknownMeasure(name=name)
    return Prepared(criterion, found, tuple(sorted(found.names)))


def points_of(criterion: Criterion, value: Decimal) -> Decimal:
    """What a criterion adds to the total, or takes from it."""
    match criterion.kind:
        case CriterionKind.INDICATOR:
            return (criterion.points * min(WHOLE, max(ZERO, value)) / WHOLE).quantize(CENTS, ROUND_HALF_UP)
        case CriterionKind.DEDUCTION:
            return -(criterion.points * max(ZERO, value)).quantize(CENTS, ROUND_HALF_UP)
        case _:
            return ZERO


def grade_of(total: Decimal, *, vetoed: bool) -> str:
    """The grade of a total; a veto leaves none but the last."""
    return FAIL if vetoed else next(grade for grade, least in GRADES if total >= least)


def ranked(results: Iterable[Result]) -> list[tuple[int, Result]]:
    """With each its place: vetoed ones after all others; equal totals share a place."""
    ordered = sorted(results, key=lambda result: (result.vetoed, -result.total, result.unit_id))
    placed: list[tuple[int, Result]] = []
    for number, result in enumerate(ordered, start=1):
        same = placed and (placed[-1][1].vetoed, placed[-1][1].total) == (result.vetoed, result.total)
        placed.append((placed[-1][0] if same else number, result))
    return placed


def as_lines(result: Result) -> list[dict[str, Any]]:
    """The lines as they are kept in a row, with the names in both languages as they are now."""
    return [
        {
            "code": line.criterion.code,
            "kind": str(line.criterion.kind),
            "name": {"en": line.criterion.name_en, "zh-hans": line.criterion.name_zh},
            "weight": str(line.criterion.points),
            "formula": line.criterion.formula,
            "value": str(line.value.quantize(CENTS, ROUND_HALF_UP)),
            "points": str(line.points),
            "figures": [
                {"measure": name, "value": str(figure.value), "kept": figure.kept, "owed": figure.owed}
                for name, figure in line.figures
            ],
        }
        for line in result.lines
    ]
