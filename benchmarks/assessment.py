"""Scoring a district, beside one bare aggregate query for each measure that the standard names.

Both look at the same duties, letters, systems and cases of the same units, by turns; the floor counts what each measure counts
and gives one row for each unit to Python, no more.
"""

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from django.db import connection

from benchmarks.issue_letters import DAY, YEAR, build
from portal.organisation.models import Unit
from portal.workdays import clock
from responsibility.assessment.figures import Window
from responsibility.assessment.scoring import score
from responsibility.models import Criterion, Standard
from responsibility.services import letters

NAME, UNIT, BUDGET = "assessment", "ms for all units", 3.0
SIZE, ROUNDS = 12_000, 5
UNTIL = date(2026, 12, 31)
# Duties of each kind for each unit, besides the letter.
KINDS = {"report": 4, "system_review": 3, "rectification": 2, "recommendation_reply": 1}

_KEPT = """
    SELECT unit_id, count(*), count(*) FILTER (WHERE state = 'discharged' AND closed_on <= due_on)
    FROM obligations_obligation WHERE year = %s AND kind = '{kind}' AND unit_id = ANY(%s) GROUP BY unit_id
"""
_FLOOR = {
    "responsibility.targets_attainment": """
        SELECT unit_id, jsonb_path_query_array(content, '$.sections[*].targets[*].weight')::text
        FROM responsibility_letter WHERE year = %s AND unit_id = ANY(%s)
    """,
    "responsibility.signing_days_late": """
        SELECT unit_id, max(coalesce(closed_on, '2026-12-31') - due_on) FROM obligations_obligation
        WHERE year = %s AND kind = 'letter' AND unit_id = ANY(%s) GROUP BY unit_id
    """,
    "responsibility.reports_in_time_rate": _KEPT.format(kind="report"),
    "systems.reviews_in_time_rate": _KEPT.format(kind="system_review"),
    "systems.rectified_in_time_rate": _KEPT.format(kind="rectification"),
    "systems.coverage_rate": """
        SELECT unit.id, count(*), count(there.id) FROM systems_requirement requirement
        JOIN systems_requirement_types kind ON kind.requirement_id = requirement.id
        JOIN organisation_unit unit ON unit.type_id = kind.unittype_id
        LEFT JOIN systems_unitsystem there ON there.unit_id = unit.id AND there.category_id = requirement.system_id
        WHERE %s > 0 AND unit.id = ANY(%s) GROUP BY unit.id
    """,
    "systems.power_coverage_rate": """
        SELECT power.unit_id, count(*), count(*) FILTER (WHERE EXISTS (
            SELECT FROM systems_powermeasure measure WHERE measure.power_id = power.id))
        FROM systems_power power WHERE %s > 0 AND power.unit_id = ANY(%s) GROUP BY power.unit_id
    """,
    "cases.recommendation_reply_rate": """
        SELECT unit_id, count(*) FROM cases_recommendation WHERE %s > 0 AND unit_id = ANY(%s) GROUP BY unit_id
    """,
    "cases.major_cases": """
        SELECT unit_id, count(*) FROM cases_crimecase WHERE %s > 0 AND unit_id = ANY(%s) AND major <> '' GROUP BY unit_id
    """,
    "responsibility.formal_steps": """
        SELECT duty.unit_id, count(DISTINCT duty.id) FROM obligations_step step
        JOIN obligations_obligation duty ON duty.id = step.obligation_id
        WHERE duty.year = %s AND duty.unit_id = ANY(%s) GROUP BY duty.unit_id
    """,
    "responsibility.criticisms": """
        SELECT unit_id, count(*) FROM responsibility_accountabilitycase
        WHERE year = %s AND unit_id = ANY(%s) AND measure_id IS NOT NULL GROUP BY unit_id
    """,
}
_FLOOR["responsibility.vetoes"] = _FLOOR["responsibility.criticisms"]


def measure(size: int = SIZE, rounds: int = ROUNDS) -> dict[str, object]:
    """Milliseconds to score all units, and how they stand to the floor."""
    with clock.frozen(DAY):
        ids = _prepare(size)
    criteria = list(Standard.objects.order_by("number")[0].criteria.all())
    figures, floors = [], []
    _floor(criteria, ids)
    for _round in range(rounds):
        floors.append(_timed(lambda: _floor(criteria, ids)))
        figures.append(_timed(lambda: score(criteria, Window(ids, YEAR, UNTIL), {})))
    figure, floor = 1000 * median(figures), 1000 * median(floors)
    ratio = figure / floor
    return {
        "name": NAME, "figure": round(figure, 1), "floor": round(floor, 1), "unit": UNIT, "ratio": round(ratio, 2),
        "budget": BUDGET, "met": ratio <= BUDGET,
    }  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _floor(criteria: list[Criterion], ids: tuple[int, ...]) -> None:
    named = sorted(name for name in _FLOOR if any(name in row.formula for row in criteria))
    with connection.cursor() as cursor:
        for name in named:
            cursor.execute(_FLOOR[name], [YEAR, list(ids)])
            cursor.fetchall()


def _prepare(size: int) -> tuple[int, ...]:
    """Letters for all units, and duties of every kind, two of three kept by their day."""
    coordinator = build(size)
    while letters.issue_chunk(coordinator, YEAR):
        pass
    with connection.cursor() as cursor:
        for kind, count in KINDS.items():
            cursor.execute(_DUTIES, [kind, DAY, DAY + timedelta(60), DAY + timedelta(60), count, YEAR])
        cursor.execute("ANALYZE")
    return tuple(Unit.objects.filter(letters__year=YEAR).order_by("path").values_list("pk", flat=True))


_DUTIES = """
    INSERT INTO obligations_obligation (kind, unit_id, label_en, label_zh, year, ladder_id, opened_on, original_due_on,
        due_on, state, closed_on, clock_error, version)
    SELECT %s, letter.unit_id, 'x', 'x', letter.year, duty.ladder_id, %s, %s, %s,
        'discharged', duty.opened_on + 40 + (letter.serial + n) %% 30, '', 0
    FROM responsibility_letter letter JOIN obligations_obligation duty ON duty.id = letter.obligation_id,
        generate_series(1, %s) n
    WHERE letter.year = %s
"""
