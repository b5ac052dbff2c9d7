"""The coordinator's page over six thousand units, beside a bare view with one indexed query and a small template.

Both are asked for by the same signed-in client, through the same middleware, in turns. A deed is written to the log before
every twenty-fifth round, so that the page is also measured drawn anew. At that rate the 95th percentile is one of a kept
page; how long drawing anew takes is therefore printed beside it, and so is the first page of a minute, which also looks over
the days behind and ahead.
"""

import sys
from datetime import date
from statistics import median, quantiles
from time import perf_counter

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import include, path

from benchmarks.issue_letters import build
from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import services
from portal.organisation.models import Unit
from portal.workdays import clock

NAME, UNIT, BUDGET = "dashboard", "ms (p95)", 5.0
UNITS, ROUNDS, DEED_EVERY, FIRST_ROUNDS = 6_000, 200, 25, 8
DAY = date(2026, 4, 20)
KINDS = (("letter", "Letter 2026"), ("report", "Report 1"), ("report", "Report 2"), ("report_correction", "Correction"))
SMALL = engines["django"].from_string(
    "<!doctype html><html lang='en'><title>Units</title><h1>Units</h1><ul>{% for u in units %}<li>{{ u.name_en }}"
    "</li>{% endfor %}</ul></html>"
)


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """The floor: forty units by an index, as a list."""
    units = Unit.objects.order_by("path").values("name_en")[:40]
    return HttpResponse(SMALL.render({"units": units}, request))


urlpatterns = [path("bare/", bare), path("", include("portal.urls"))]


def _fill() -> User:
    """Units with four duties each, of which some are late, near or done; static files under the names that pages use."""
    call_command("collectstatic", verbosity=0, interactive=False)
    coordinator = build(UNITS)
    ids = list(Unit.objects.values_list("pk", flat=True))
    for number, (kind, label) in enumerate(KINDS):
        due = [date(2026, 4, 10), date(2026, 4, 24), date(2026, 6, 30), date(2026, 12, 1)][number]
        drafts = [services.DutyDraft(pk, due, label, label, 2026) for pk in ids]
        services.open_many(kind, drafts)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE obligations_obligation SET state = 'discharged', closed_on = due_on, next_step_on = NULL"
            " WHERE id % 10 <> 0"
        )
        cursor.execute("VACUUM ANALYZE")
    return coordinator


def _seconds(client: Client, url: str) -> float:
    start = perf_counter()
    answer = client.get(url)
    took = perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}")
    return took


def _tell(name: str, seconds: list[float], floor: float) -> None:
    """A line on the way a page was drawn: median of it, and how many medians of the floor that is."""
    figure = 1000 * median(seconds)
    sys.stderr.write(f"bench: dashboard, {name}: median {figure:.1f} ms, {figure / floor:.1f} times the floor's\n")


def measure() -> dict[str, object]:
    """The 95th percentile of the page and of the floor, in milliseconds, taken in turns."""
    with clock.frozen(DAY), override_settings(ROOT_URLCONF=__name__):
        coordinator = _fill()
        client = Client(SERVER_NAME="localhost")
        client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
        for url in ("/today/", "/bare/"):
            _seconds(client, url)
        pages, floors, redrawn, first = [], [], [], []
        for number in range(1, ROUNDS + 1):
            is_anew = number % DEED_EVERY == 0
            if is_anew:
                audit.record(coordinator, "bench.deed")
            pages.append(_seconds(client, "/today/"))
            floors.append(_seconds(client, "/bare/"))
            if is_anew:
                redrawn.append(pages[-1])
        for _round in range(FIRST_ROUNDS):
            cache.clear()
            first.append(_seconds(client, "/today/"))
    figure, floor = (1000 * quantiles(times, n=20)[18] for times in (pages, floors))
    typical = 1000 * median(floors)
    _tell("kept", pages, typical)
    _tell("drawn anew after a deed", redrawn, typical)
    _tell("the first of a minute", first, typical)
    return {
        "name": NAME,
        "figure": round(figure, 2),
        "floor": round(floor, 2),
        "unit": UNIT,
        "ratio": round(figure / floor, 2),
        "budget": BUDGET,
        "met": figure / floor <= BUDGET,
    }
