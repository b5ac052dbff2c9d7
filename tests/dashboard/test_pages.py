"""The dashboard: the same number of queries however many units there are; each role its own page."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.notices import services as notices
from portal.obligations import clock as ladder_clock
from portal.obligations import services
from portal.organisation.importing import UnitsImporter
from portal.organisation.models import Unit
from portal.workdays import clock
from tests.queries import count_queries
from tests.world import BACKEND, World, table


def grow(world: World, first: int, last: int) -> None:
    """More bureaus below the district, each with duties."""
    rows = table()
    bureaus = [
        [f"N{n}", f"Bureau {n}", f"局{n}", "party_gov_organ", "general", "", "D", *[""] * (len(rows[0]) - 7)]
        for n in range(first, last)
    ]
    UnitsImporter().apply(None, [rows[0], *bureaus])
    units = Unit.objects.filter(code__in=[row[0] for row in bureaus]).values_list("pk", flat=True)
    for label in ("Letter 2026", "Report 2026"):
        drafts = [services.DutyDraft(pk, date(2026, 2, 27), label, label, 2026) for pk in units]
        services.open_many("report", drafts)
    # As autovacuum does in a database that lives: planned for the sixty, a page of six thousand takes half a minute.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE organisation_unit, obligations_obligation")


def queries(world: World, url: str) -> tuple[int, int]:
    """The queries of a page that is drawn anew, and of the same page a moment later."""
    client = world.client("coordinator")
    client.get(url)
    cache.clear()
    with CaptureQueriesContext(connection) as anew:
        client.get(url)
    return len(anew), count_queries(client, url)


@pytest.mark.parametrize("url", ["/today/", "/compliance/?show=all", "/duties/", "/units/"])
def test_sixty_units_and_six_thousand_need_the_same_queries(world: World, url: str) -> None:
    grow(world, 0, 60)
    few = queries(world, url)
    grow(world, 60, 6000)
    assert queries(world, url) == few


def test_a_deed_shows_at_once_in_what_was_drawn_before(world: World) -> None:
    duty = services.open_duty(
        "report", world.unit("B").pk, date(2026, 2, 26), label_en="Report A", label_zh="报告", year=2026
    )
    client = world.client("coordinator")
    assert "overdue 3 working days" in client.get("/today/").content.decode()
    services.waive(world.user("coordinator"), duty.pk, reason="The unit was founded in March.")
    assert "overdue 3 working days" not in client.get("/today/").content.decode()


def test_nobody_is_shown_what_was_drawn_for_somebody_else(world: World) -> None:
    services.open_duty("report", world.unit("V").pk, date(2026, 2, 26), label_en="Report A", label_zh="报告", year=2026)
    services.open_duty("report", world.unit("B").pk, date(2026, 2, 26), label_en="Report B", label_zh="报告", year=2026)
    assert "Finance Bureau" in world.client("coordinator").get("/today/").content.decode()
    assert "Finance Bureau" not in world.client("town_head").get("/today/").content.decode()


def test_the_matrix_is_narrowed_by_state_and_part_of_the_tree(world: World) -> None:
    for code, due_on in (("B", date(2026, 2, 26)), ("V", date(2026, 2, 26)), ("O", date(2026, 12, 1))):
        services.open_duty("report", world.unit(code).pk, due_on, label_en="Report A", label_zh="报告", year=2026)
    client = world.client("coordinator")

    def rows(query: str) -> set[str]:
        return set(
            re.findall(r'scope="row"><a href="/units/(\w+)/', client.get(f"/compliance/?{query}").content.decode())
        )

    assert rows("state=overdue") == {"B", "V"}
    assert rows("state=open") == {"O"}
    assert rows("state=overdue&under=T") == {"V"}
    assert rows("state=done") == set()
    assert rows("under=nowhere") == set()


def test_everybody_is_led_to_the_page_of_the_own_office(world: World) -> None:
    assert world.client("coordinator").get("/")["Location"] == "/today/"
    assert world.client("head").get("/")["Location"] == "/today/"
    assert world.client("leader").get("/")["Location"] == "/my/"
    assert world.client("staff").get("/")["Location"] == "/my/"


def test_a_leader_sees_what_is_owed_what_comes_next_and_one_button(world: World) -> None:
    services.open_duty("report", world.unit("B").pk, date(2026, 3, 10), label_en="Report A", label_zh="报告", year=2026)
    page = world.client("leader").get("/my/").content.decode()
    assert "You owe 1 thing" in page
    assert "Due in 6 working days (Tue 10 Mar)" in page
    assert "Next, " in page
    assert "Report A" not in world.client("other_leader").get("/my/").content.decode()


def test_the_matrix_shows_days_overdue_and_leads_to_the_duty(world: World) -> None:
    duty = services.open_duty(
        "report", world.unit("B").pk, date(2026, 2, 26), label_en="Report A", label_zh="报告", year=2026
    )
    page = world.client("coordinator").get("/today/").content.decode()
    assert f"/duties/{duty.pk}/" in page
    assert "Report A: overdue 3 working days" in page


def test_every_figure_leads_to_its_rows(world: World) -> None:
    services.open_duty("report", world.unit("B").pk, date(2026, 2, 26), label_en="Report A", label_zh="报告", year=2026)
    client = world.client("coordinator")
    assert "/duties/?year=2026&amp;state=overdue" in client.get("/today/").content.decode()
    assert "Report A" in client.get("/duties/?year=2026&state=overdue").content.decode()
    assert "Report A" not in client.get("/duties/?year=2026&state=done").content.decode()


def test_what_the_clock_will_do_is_told_before_it_does_it(world: World) -> None:
    services.open_duty("report", world.unit("B").pk, date(2026, 3, 2), label_en="Report A", label_zh="报告", year=2026)
    ladder_clock.run(clock.today())
    assert "Overdue notice: Finance Bureau" in world.client("coordinator").get("/today/").content.decode()


def test_the_matrix_as_a_workbook_has_every_unit(world: World) -> None:
    grow(world, 0, 90)
    answer = world.client("coordinator").get("/compliance/?show=all&export=xlsx")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert len(answer.content) > 4000


def test_a_kept_page_has_the_token_of_who_reads_it_and_what_was_read_since(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.user("coordinator"), backend=BACKEND)
    notices.queue("report_accepted", to=[world.user("coordinator")], period="p", unit_name="B")
    client.get("/today/")
    page = client.get("/today/").content.decode()
    assert "token-of-the-reader" not in page
    (token, *_others) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    answer = client.post("/theme/", {"csrfmiddlewaretoken": token, "theme": "dark", "next": "/today/"})
    assert answer.status_code == 302
    assert 'data-theme="dark"' in client.get("/today/").content.decode()
    assert 'class="p-count">1<' in page
    notices.mark_all_read(world.user("coordinator"))
    assert 'class="p-count"' not in client.get("/today/").content.decode()
