"""A run of the clock over a million open duties of which one in a hundred is due, beside one bare statement.

The floor inserts as many steps and notices, with the same columns, in one INSERT each from a table at hand.
"""

from datetime import date, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection

from benchmarks.issue_letters import build
from portal.accounts.models import User
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Ladder, Rung, Step
from portal.organisation.models import Person
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar

NAME, UNIT, BUDGET = "clock", "s per run", 3.0
DUTIES, SHARE, UNITS, ROUNDS = 1_000_000, 100, 2_000, 3
DAY = date(2026, 3, 2)


def _fill() -> None:
    """Duties far from any rung, and one in a hundred whose reminder is due on one of the days of the rounds."""
    ladder = Ladder.objects.get(code="default")
    calendar = load_calendar()
    first_rung = Rung.objects.filter(ladder=ladder).earliest("position")
    with connection.cursor() as cursor:
        for number in range(ROUNDS):
            day = calendar.add(DAY, number)
            due_on = calendar.add(day, -first_rung.offset)
            cursor.execute(_DUTIES, {"ladder": ladder.pk, "due": due_on, "next": day, "n": DUTIES // SHARE, "day": DAY})
        far = DAY + timedelta(days=200)
        values: dict[str, Any] = {
            "ladder": ladder.pk,
            "due": far,
            "next": far - timedelta(days=20),
            "n": DUTIES,
            "day": DAY,
        }
        cursor.execute(_DUTIES, values)
        cursor.execute("VACUUM ANALYZE obligations_obligation")
        cursor.execute("ANALYZE")


_DUTIES = """
    INSERT INTO obligations_obligation (kind, unit_id, tenure_id, label_en, label_zh, year, ladder_id, opened_on,
        original_due_on, due_on, state, next_step_on, clock_error, version)
    SELECT 'report', p.unit_id, t.id, 'Report', '报告', 2026, %(ladder)s, %(day)s, %(due)s, %(due)s, 'open', %(next)s, '', 0
    FROM generate_series(1, %(n)s) AS n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM organisation_tenure) t
        ON t.place = n %% (SELECT count(*) FROM organisation_tenure)
    JOIN organisation_tenure h ON h.id = t.id JOIN organisation_post p ON p.id = h.post_id
"""
_BARE_STEPS = """
    INSERT INTO obligations_step (obligation_id, rung_id, action, outcome, taken_on, due_on, tenure_id, recorded_at)
    SELECT obligation_id, rung_id, action, outcome, taken_on, due_on, tenure_id, recorded_at FROM kept_step
"""
_BARE_NOTICES = """
    INSERT INTO notices_notice (recipient_id, kind, data, url, about, unit_id, written_at, unsendable)
    SELECT recipient_id, kind, data, url, about, unit_id, written_at, unsendable FROM kept_notice
"""


def _accounts() -> None:
    """Everybody who leads a unit has an account, so that each reminder is a notice."""
    for person in Person.objects.filter(user__isnull=True):
        person.user = User.objects.create_user(f"u-{person.employee_no}", None)
        person.save(update_fields=["user"])


def measure() -> dict[str, object]:
    """The median of the rounds: seconds of a run, and of the bare inserts of the same rows."""
    figures, floors = [], []
    with clock.frozen(DAY):
        build(UNITS)
        _accounts()
        _fill()
    calendar = load_calendar()
    for number in range(ROUNDS):
        day = calendar.add(DAY, number)
        with clock.frozen(day):
            start = perf_counter()
            report = ladder_clock.run(day)
            figures.append(perf_counter() - start)
        if report.steps != DUTIES // SHARE:
            raise RuntimeError(f"{report.steps} steps instead of {DUTIES // SHARE}")
        floors.append(_floor(day))
    figure, floor = median(figures), median(floors)
    return {
        "name": NAME,
        "figure": round(figure, 3),
        "floor": round(floor, 3),
        "unit": UNIT,
        "ratio": round(figure / floor, 2),
        "budget": BUDGET,
        "met": figure / floor <= BUDGET,
    }


def _floor(day: date) -> float:
    """Insert the rows of the run once more, bare; then the tables are as they were."""
    steps = Step.objects.filter(taken_on=day).count()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS kept_step, kept_notice")
        cursor.execute("CREATE TEMP TABLE kept_step AS SELECT * FROM obligations_step WHERE taken_on = %s", [day])
        cursor.execute(
            "CREATE TEMP TABLE kept_notice AS SELECT * FROM notices_notice ORDER BY id DESC LIMIT %s", [steps]
        )
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM obligations_step WHERE taken_on = %s", [day])
        cursor.execute("SET session_replication_role = origin")
        start = perf_counter()
        cursor.execute(_BARE_STEPS)
        cursor.execute(_BARE_NOTICES)
        return perf_counter() - start
