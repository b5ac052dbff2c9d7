"""What a person owes: three cards and the rest behind "All", and the way there for who also holds an office."""

import re
from datetime import date

import pytest

from portal.accounts.models import Grant
from portal.obligations import services
from portal.obligations.models import Obligation
from portal.organisation.models import Unit
from portal.workdays import clock
from tests.queries import count_queries
from tests.world import World

LATE, SOON, LATER = date(2026, 2, 26), date(2026, 3, 10), date(2026, 6, 30)


def owe(unit: Unit, due_on: date, label: str) -> Obligation:
    return services.open_duty("report", unit.pk, due_on, label_en=label, label_zh=f"{label}（中）", year=2026)


def text(world: World, name: str, url: str = "/my/") -> str:
    return " ".join(world.client(name).get(url).content.decode().split())


def labels(page: str) -> list[str]:
    return re.findall(r'<h2><a class="p-quiet" href="/duties/\d+/">([^<]+)</a>', page)


def test_three_cards_stand_open_and_the_others_open_on_the_same_page(world: World) -> None:
    for n in range(5):
        owe(world.unit("B"), SOON, f"Report {n}")
    page = text(world, "leader")
    shown, folded = page.split('<details class="p-owe-more">')
    assert labels(shown) == ["Report 0", "Report 1", "Report 2"]
    assert labels(folded) == ["Report 3", "Report 4"]
    assert "<summary>All (5)</summary>" in folded


def test_up_to_three_duties_need_no_all(world: World) -> None:
    for n in range(3):
        owe(world.unit("B"), SOON, f"Report {n}")
    assert "p-owe-more" not in text(world, "leader")


def test_what_is_overdue_comes_first_and_what_stands_still_last(world: World) -> None:
    still = owe(world.unit("B"), date(2026, 2, 24), "Suspended")
    owe(world.unit("B"), LATER, "Later")
    owe(world.unit("B"), LATE, "Late")
    services.suspend(world.user("coordinator"), still.pk, reason="Flood.")
    assert labels(text(world, "leader")) == ["Late", "Later", "Suspended"]


def test_the_page_costs_the_same_for_many_duties(world: World) -> None:
    owe(world.unit("B"), SOON, "Report")
    few = count_queries(world.client("leader"), "/my/")
    for n in range(12):
        owe(world.unit("B"), SOON, f"Report {n}")
    assert count_queries(world.client("leader"), "/my/") == few


@pytest.mark.parametrize(("who", "unit"), [("head", "D"), ("town_head", "T")])
def test_who_heads_a_group_and_leads_a_unit_finds_the_own_duties(world: World, who: str, unit: str) -> None:
    owe(world.unit(unit), LATER, "Report A")
    owe(world.unit(unit), LATE, "Report B")
    page = text(world, who, "/today/")
    assert "My duties (2)" in page
    assert "1 duty of your own is overdue." in page
    assert text(world, who).count("Report A") >= 1


def test_a_coordinator_who_leads_a_unit_has_the_own_duties_in_the_rail(world: World) -> None:
    Grant.objects.create(
        user=world.user("leader"), role="coordinator", path=world.unit("D").path, granted_at=clock.now()
    )
    owe(world.unit("B"), LATE, "Report B")
    page = text(world, "leader", "/today/")
    assert re.search(r'<a href="/my/"> <svg[^>]*>.*?</svg> ?My duties<span class="p-n">1</span>', page)
    assert "1 duty of your own is overdue." in page


def test_who_owes_nothing_is_told_of_no_own_duties(world: World) -> None:
    owe(world.unit("B"), LATE, "Report B")
    page = text(world, "coordinator", "/today/")
    assert "My duties" not in page
    assert "of your own" not in page


def test_a_leader_without_another_office_needs_no_link_to_the_page_he_begins_on(world: World) -> None:
    owe(world.unit("B"), LATE, "Report B")
    assert "My duties" not in text(world, "leader")


def test_a_suspended_duty_of_ones_own_is_not_called_overdue(world: World) -> None:
    duty = owe(world.unit("T"), LATE, "Report B")
    services.suspend(world.user("coordinator"), duty.pk, reason="Flood.")
    assert "of your own" not in text(world, "town_head", "/today/")
