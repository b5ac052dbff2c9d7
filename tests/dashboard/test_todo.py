"""What waits: everything is counted, nothing disappears, and a thousand things cost as many queries as one."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.dashboard import providers, todo
from portal.obligations import clock as ladder_clock
from portal.obligations import services
from portal.obligations.models import Decision, Obligation
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.models import AccountabilityCase, CaseEntry, Measure, Report
from responsibility.services import letters, programme, reports
from tests.dashboard.test_pages import grow
from tests.world import World


@pytest.fixture
def year(world: World) -> World:
    """Letters issued, a period open; a duty of each is owed by every unit."""
    programme.open_year(world.user("coordinator"), year=2026, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(world.user("coordinator"), 2026, path=str(world.unit("D").path))
    reports.open_period(
        world.user("coordinator"),
        year=2026,
        kind="annual",  # type: ignore[arg-type]
        number=1,
        opens_on=clock.today(),
        due_on=date(2026, 7, 10),
    )
    return world


def make_cases(world: World, count: int, state: str, who: str = "leader", **fields: Any) -> None:
    tenure = world.tenures[who]
    first = 1 + AccountabilityCase.objects.count()
    values = {
        "opened_on": date(2026, 2, 1),
        "explain_until": date(2026, 2, 8),
        "decided_on": date(2026, 2, 10),
        "group": world.group,
    } | fields
    AccountabilityCase.objects.bulk_create(
        AccountabilityCase(
            year=2026,
            serial=serial,
            cause="overdue",
            unit=tenure.post.unit,
            person=tenure.person,
            tenure=tenure,
            state=state,
            **values,
        )
        for serial in range(first, first + count)
    )
    if state == "objected":
        decided_by(world.user("coordinator"), first)


def decided_by(author: User, first: int) -> None:
    """The decisions that were objected to, by somebody who does not answer."""
    CaseEntry.objects.bulk_create(
        CaseEntry(case=case, kind="decision", author=author, made_at=clock.now(), group=case.group)
        for case in AccountabilityCase.objects.filter(serial__gte=first, state="objected")
    )


def gathered(world: World, who: str) -> todo.Todo:
    return todo.gather(world.user(who), clock.today(), load_calendar())


def titles(world: World, who: str) -> list[str]:
    return [str(item.title) for item in gathered(world, who).items]


def test_every_report_that_waits_is_counted_and_the_rest_is_a_link_away(world: World) -> None:
    grow(world, 0, 20)
    programme.open_year(world.user("coordinator"), year=2026, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(world.user("coordinator"), 2026, path=str(world.unit("D").path))
    reports.open_period(
        world.user("coordinator"),
        year=2026,
        kind="annual",  # type: ignore[arg-type]
        number=1,
        opens_on=clock.today(),
        due_on=date(2026, 7, 10),
    )
    count = Report.objects.update(state="submitted", submitted_at=clock.now())
    page = world.client("coordinator").get("/today/").content.decode()
    assert count == 25
    assert "25 things wait for you" in page
    assert '<a href="/reports/?state=submitted">18 more: reports to review</a>' in " ".join(page.split()).replace(
        "> ", ">"
    ).replace(" <", "<")


def test_an_objection_behind_many_newer_decisions_still_waits_for_who_answers_it(world: World) -> None:
    make_cases(world, 1, "objected")
    make_cases(world, 45, "decided")
    assert titles(world, "head") == ["Decide an objection: Finance Bureau, Xu Zhixin"]


def test_each_side_of_a_case_sees_its_own_turn_alone(world: World) -> None:
    make_cases(world, 1, "opened", explain_until=date(2026, 3, 9), decided_on=None)
    assert titles(world, "leader") == ["Explain: a case against you is open"]
    assert titles(world, "coordinator") == titles(world, "head") == titles(world, "auditor") == []
    AccountabilityCase.objects.update(state="explained")
    assert titles(world, "coordinator") == ["Propose a measure: Finance Bureau, Xu Zhixin"]
    assert titles(world, "leader") == titles(world, "head") == []
    AccountabilityCase.objects.update(state="proposed")
    assert titles(world, "head") == ["Decide a case: Finance Bureau, Xu Zhixin"]
    assert titles(world, "leader") == titles(world, "coordinator") == titles(world, "town_head") == []


def test_silence_past_the_time_for_it_lets_the_coordinator_propose(world: World) -> None:
    make_cases(world, 1, "opened", explain_until=date(2026, 2, 27), decided_on=None)
    assert titles(world, "coordinator") == ["Propose a measure: Finance Bureau, Xu Zhixin"]
    assert titles(world, "leader") == []


def test_what_was_proposed_for_the_coordinator_waits_for_the_coordinator_too(world: World) -> None:
    make_cases(world, 1, "proposed", decided_on=None)
    case = AccountabilityCase.objects.get()
    measure = Measure.objects.filter(decider="coordinator").first()
    CaseEntry.objects.create(case=case, kind="proposal", made_at=clock.now(), measure=measure)
    assert titles(world, "coordinator") == ["Decide a case: Finance Bureau, Xu Zhixin"]


def test_nobody_decides_in_the_own_case(world: World) -> None:
    make_cases(world, 1, "proposed", who="head", decided_on=None)
    assert titles(world, "head") == []


def test_an_objection_in_a_town_goes_to_the_head_above(world: World) -> None:
    make_cases(world, 1, "objected", who="village_leader", group=world.unit("T").leading_group)  # type: ignore[attr-defined]
    assert titles(world, "head") == ["Decide an objection: Dongwan Village, Zhu Wangshu"]
    assert titles(world, "town_head") == []


@pytest.mark.parametrize("url", ["/today/", "/my/"])
@pytest.mark.parametrize("who", ["head", "coordinator", "leader"])
def test_pages_ask_as_many_queries_for_much_work_as_for_little(year: World, url: str, who: str) -> None:
    if (url, who) == ("/today/", "leader"):
        return
    grow(year, 0, 3)
    client = year.client(who)
    client.get(url)

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    def work(count: int) -> None:
        for state in ("objected", "explained", "proposed"):
            make_cases(year, count, state, **({} if state == "objected" else {"decided_on": None}))
        for n in range(count):
            duty = services.open_duty(
                "report", year.unit("B").pk, date(2026, 6, 30), label_en=f"R{n}", label_zh="r", year=2026
            )
            Decision.objects.create(obligation=duty, kind="extension", asked_on=clock.today(), reason="r")
            report = Report.objects.exclude(unit=year.unit("B")).first()
            if report is not None:
                Report.objects.filter(pk=report.pk).update(state="submitted", submitted_at=clock.now())

    work(9)
    few = queries()
    Obligation.objects.filter(label_en__startswith="R").update(label_en="Some other report")
    Decision.objects.update(granted=False, decided_on=clock.today())
    work(30)
    letters.issue_chunk(year.user("coordinator"), 2026, path=str(year.unit("D").path))
    assert queries() == few


def test_a_request_for_more_time_leads_to_all_of_them(world: World) -> None:
    for n in range(9):
        duty = services.open_duty(
            "report", world.unit("B").pk, date(2026, 6, 30), label_en=f"R{n}", label_zh="r", year=2026
        )
        Decision.objects.create(obligation=duty, kind="extension", asked_on=clock.today(), reason="r")
    services.open_duty("report", world.unit("B").pk, date(2026, 6, 30), label_en="Other", label_zh="o", year=2026)
    found = gathered(world, "coordinator")
    assert (found.count, len(found.items)) == (9, 7)
    assert [(rest.count, rest.url) for rest in found.rest] == [(2, "/duties/?asked=extension")]
    page = world.client("coordinator").get("/duties/?asked=extension").content.decode()
    assert "R8" in page
    assert "Other" not in page


def test_a_report_handed_in_after_midnight_counts_from_the_day_of_the_site(year: World) -> None:
    # Half past midnight on Tuesday in the district, still Monday in UTC.
    at = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    Report.objects.filter(unit=year.unit("B")).update(state="submitted", submitted_at=at)
    item = gathered(year, "coordinator").items[0]
    assert item.due_on == load_calendar().add(date(2026, 3, 3), providers.REVIEW_DAYS)


def test_the_sentence_names_the_formal_steps_that_a_decision_would_stop(world: World) -> None:
    duty = services.open_duty(
        "report", world.unit("B").pk, date(2026, 3, 2), label_en="Report A", label_zh="报告", year=2026
    )
    Decision.objects.create(obligation=duty, kind="extension", asked_on=clock.today(), reason="r")
    page = world.client("coordinator").get("/today/").content.decode()
    assert "1 thing waits for you. 1 of them stops a formal step that the clock would otherwise take tomorrow." in page


def test_a_vacant_post_waits_until_somebody_is_named(world: World) -> None:
    services.open_duty("report", world.unit("X").pk, date(2026, 3, 9), label_en="Report", label_zh="报告", year=2026)
    ladder_clock.run(clock.today())
    assert titles(world, "coordinator") == ["Name an acting leader: Water Company"]
