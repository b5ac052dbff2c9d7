"""A page of the coverage over twelve thousand units and the whole catalogue, beside a bare view of forty units.

Both are asked for by the same signed-in client, in turns, for several parts of the tree. A deed is written to the log before
every twenty-fifth round, so that the page is also drawn anew; how long that takes is printed beside it.
"""

import sys
from datetime import date
from statistics import median, quantiles

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from benchmarks import dashboard
from benchmarks.issue_letters import build
from portal.audit import services as audit
from portal.organisation.models import Unit
from portal.workdays import clock

NAME, UNIT, BUDGET = "coverage_matrix", "ms (p95)", 5.0
UNITS, ROUNDS, DEED_EVERY = 12_000, 200, 25
DAY = date(2026, 4, 20)
# Four cells in five are in force, some of them due for review; one in ten is in draft; the rest is blank.
_SYSTEMS = """
    INSERT INTO systems_unitsystem (unit_id, category_id, name_en, name_zh, scope, state, in_force_from, review_due_on,
        repeal_reason, version)
    SELECT unit.id, requirement.system_id, 'System', '制度', '', state, from_day, due_day, '', 0
    FROM systems_requirement requirement
    JOIN systems_requirement_types kind ON kind.requirement_id = requirement.id
    JOIN organisation_unit unit ON unit.type_id = kind.unittype_id,
    LATERAL (SELECT (unit.id * 7 + requirement.id * 13) % 100 AS n) dice,
    LATERAL (
        SELECT CASE WHEN n < 80 THEN 'in_force' ELSE 'draft' END AS state,
        CASE WHEN n < 80 THEN DATE '2025-06-01' END AS from_day,
        CASE WHEN n < 5 THEN DATE '2026-04-01' WHEN n < 12 THEN DATE '2026-05-10' WHEN n < 80 THEN DATE '2027-01-01' END
            AS due_day
    ) made
    WHERE n < 90
"""


def measure() -> dict[str, object]:
    """The 95th percentile of the page and of the floor, in milliseconds, taken in turns."""
    with clock.frozen(DAY), override_settings(ROOT_URLCONF="benchmarks.dashboard"):
        coordinator = build(UNITS)
        with connection.cursor() as cursor:
            cursor.execute(_SYSTEMS)
            cursor.execute("ANALYZE")
        dashboard.call_command("collectstatic", verbosity=0, interactive=False)
        client = Client(SERVER_NAME="localhost")
        client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
        codes = list(
            Unit.objects.filter(children__isnull=False).distinct().order_by("path").values_list("code", flat=True)
        )
        urls = [f"/systems/?view=units&under={code}" for code in codes[:4]] + ["/systems/?view=kinds"]
        _queries(client, urls)
        pages, floors, redrawn = [], [], []
        for number in range(1, ROUNDS + 1):
            is_anew = number % DEED_EVERY == 0
            if is_anew:
                audit.record(coordinator, "bench.deed")
            url = urls[(number // DEED_EVERY) % len(urls)]
            pages.append(dashboard._seconds(client, url))
            floors.append(dashboard._seconds(client, "/bare/"))
            if is_anew:
                redrawn.append(pages[-1])
    figure, floor = (1000 * quantiles(times, n=20)[18] for times in (pages, floors))
    anew = 1000 * median(redrawn)
    sys.stderr.write(
        f"bench: {NAME}, drawn anew: median {anew:.1f} ms, {anew / (1000 * median(floors)):.1f} times the floor's\n"
    )
    return {
        "name": NAME,
        "figure": round(figure, 2),
        "floor": round(floor, 2),
        "unit": UNIT,
        "ratio": round(figure / floor, 2),
        "budget": BUDGET,
        "met": figure / floor <= BUDGET,
    }


def _queries(client: Client, urls: list[str]) -> None:
    """Each address once, and how many queries it takes drawn anew: the same for any part of the tree."""
    counts = []
    for url in urls:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    sys.stderr.write(f"bench: {NAME}, queries of a page drawn anew, by part of the tree: {counts}\n")
