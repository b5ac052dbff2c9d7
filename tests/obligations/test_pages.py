"""The pages of a duty, the calendar and the ladders."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from portal.notices import services as notices
from portal.obligations import services
from portal.obligations.models import Decision, Ladder
from portal.workdays import clock
from portal.workdays.models import CalendarDay, NoticeYear
from tests.obligations.test_clock import DUE, LATE, duty, run
from tests.queries import count_queries
from tests.world import World


def shown(world: World, who: str, url: str) -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def post(world: World, who: str, url: str, data: dict[str, Any]) -> Any:
    return world.client(who).post(url, {"idempotency_key": str(uuid.uuid4()), **data})


class TestDuty:
    def test_the_leader_does_the_work_and_the_coordinator_opens_it(self, world: World) -> None:
        url = f"/duties/{duty(world).pk}/"
        assert "Write the report" in shown(world, "leader", url)
        page = shown(world, "coordinator", url)
        assert "Open the report" in page
        assert "Write the report" not in page

    def test_the_next_line_is_red_for_formal_steps_only(self, world: World) -> None:
        url = f"/duties/{duty(world).pk}/"
        assert 'class="p-nx"' in shown(world, "leader", url)
        run(DUE)
        assert 'class="p-nx p-formal"' in shown(world, "leader", url)

    def test_who_asked_for_more_time_sees_that_it_waits(self, world: World) -> None:
        found = duty(world)
        url = f"/duties/{found.pk}/"
        assert f"{url}extension/" in shown(world, "leader", url)
        services.ask_extension(world.user("leader"), found.pk, due_on=date(2026, 4, 29), reason="Tender.")
        page = shown(world, "leader", url)
        assert "Asked on Mon 2 Mar for Wed 29 Apr; waits for the coordinator." in page
        assert f"{url}extension/" not in page
        assert f"{url}extension/decide/" in shown(world, "coordinator", url)

    def test_the_newest_formal_notice_stands_open_and_the_others_are_folded(self, world: World) -> None:
        found = duty(world)
        run(LATE)
        page = shown(world, "coordinator", f"/duties/{found.pk}/")
        before, after = page.split("<details>")
        assert before.count('class="p-proof p-mb"') == 1
        formal = [notice.subject for notice in notices.proof(found) if notice.is_formal]
        assert formal[-1] in before[before.index('class="p-proof') :]
        rest = after.count('class="p-proof p-mb"')
        assert f"The {rest} notices before it" in " ".join(after.split())

    def test_a_provisional_due_day_is_marked(self, world: World) -> None:
        found = duty(world, due_on=date(2027, 1, 8))
        page = shown(world, "leader", f"/duties/{found.pk}/")
        assert "Fri 8 Jan 2027, provisional" in page
        services.enter_notice(world.user("coordinator"), 2027, reference="7", days={date(2027, 1, 1): False})
        assert "provisional" not in shown(world, "leader", f"/duties/{found.pk}/")


class TestSettledForms:
    def test_a_suspended_duty_is_not_suspended_again_and_a_running_one_not_resumed(self, world: World) -> None:
        found = duty(world)
        url = f"/duties/{found.pk}/"
        assert world.client("coordinator").get(f"{url}resume/")["Location"] == f"{url}?said=not-suspended"
        services.suspend(world.user("coordinator"), found.pk, reason="x")
        assert world.client("coordinator").get(f"{url}resume/").status_code == 200
        assert world.client("coordinator").get(f"{url}suspend/")["Location"] == f"{url}?said=already-suspended"
        assert "This duty is suspended already." in shown(world, "coordinator", f"{url}?said=already-suspended")

    def test_a_decided_request_is_not_decided_again(self, world: World) -> None:
        found = duty(world)
        url = f"/duties/{found.pk}/"
        assert world.client("coordinator").get(f"{url}extension/decide/").status_code == 404
        asked = services.ask_extension(world.user("leader"), found.pk, due_on=date(2026, 4, 29), reason="x")
        assert world.client("leader").get(f"{url}extension/")["Location"] == f"{url}?said=already-asked"
        assert world.client("coordinator").get(f"{url}extension/decide/").status_code == 200
        services.decide_extension(world.user("coordinator"), asked.pk, granted=False, reason="x")
        answer = world.client("coordinator").get(f"{url}extension/decide/")
        assert answer["Location"] == f"{url}?said=already-decided"
        assert (
            post(world, "coordinator", f"{url}extension/decide/", {"granted": "yes", "reason": "x"}).status_code == 409
        )

    def test_nothing_is_asked_of_a_duty_that_is_closed_or_due(self, world: World) -> None:
        found = duty(world)
        url = f"/duties/{found.pk}/"
        with clock.frozen(DUE):
            assert world.client("leader").get(f"{url}extension/")["Location"] == f"{url}?said=asked-too-late"
        services.waive(world.user("coordinator"), found.pk, reason="x")
        assert world.client("coordinator").get(f"{url}exempt/")["Location"] == f"{url}?said=duty-closed"

    def test_an_unknown_word_in_the_address_says_nothing(self, world: World) -> None:
        assert 'class="p-ban"' not in shown(world, "coordinator", f"/duties/{duty(world).pk}/?said=<b>x")


class TestTypedDays:
    @pytest.mark.parametrize("typed", ["2026-03-02", "2026-02-27"])
    def test_a_suspension_until_a_past_day_is_answered_at_the_field(self, world: World, typed: str) -> None:
        found = duty(world)
        answer = post(world, "coordinator", f"/duties/{found.pk}/suspend/", {"until": typed, "reason": "x"})
        assert answer.context["form"].errors == {"until": ["Name a day after today."]}
        assert not Decision.objects.exists()

    def test_a_day_past_all_calendars_is_answered_at_the_field(self, world: World) -> None:
        found = duty(world)
        ask, day = f"/duties/{found.pk}/extension/", "/calendar/day/"
        asked = post(world, "leader", ask, {"due_on": "9999-12-31", "reason": "x"})
        assert asked.status_code == 422
        assert "due_on" in asked.context["form"].errors
        late = post(world, "leader", ask, {"due_on": "2032-12-30", "reason": "x"})
        assert late.status_code == 400
        assert "Name an earlier day" in late.context["form"].errors["due_on"][0]
        data = {"day": "9999-12-31", "is_workday": "yes", "reason": "x"}
        assert post(world, "coordinator", day, data).status_code == 422

    def test_a_month_that_is_none_is_named(self, world: World) -> None:
        answer = post(world, "leader", f"/duties/{duty(world).pk}/extension/", {"due_on": "2026-13-02", "reason": "x"})
        assert answer.context["form"].errors["due_on"] == ["There is no month 13. Write it as 2026-12-02."]


class TestCalendar:
    def test_the_form_begins_with_the_days_expected(self, world: World) -> None:
        form = world.client("coordinator").get("/calendar/notice/").context["form"]
        assert form["year"].value() == 2027
        assert "2027-01-01" in form["rest"].value().splitlines()
        assert form["work"].value() == ""

    def test_a_notice_entered_is_what_its_form_begins_with(self, world: World) -> None:
        services.enter_notice(
            world.user("coordinator"), 2027, reference="No. 7", days={date(2027, 1, 4): False, date(2027, 1, 9): True}
        )
        form = world.client("coordinator").get("/calendar/notice/?year=2027").context["form"]
        assert (form["reference"].value(), form["rest"].value(), form["work"].value()) == (
            "No. 7",
            "2027-01-04",
            "2027-01-09",
        )

    def test_days_that_change_nothing_are_refused_by_name(self, world: World) -> None:
        data = {"year": "2027", "reference": "7", "rest": "2027-01-01\n2027-01-09", "work": "2027-01-05"}
        errors = post(world, "coordinator", "/calendar/notice/", data).context["form"].errors
        assert errors["work"] == ["Tue 5 Jan 2027 is a working day anyway; only Saturdays and Sundays belong here."]
        assert errors["rest"] == ["Sat 9 Jan 2027 is a rest day anyway; only days from Monday to Friday belong here."]
        assert not NoticeYear.objects.exists()

    def test_a_day_of_another_year_is_refused_by_name(self, world: World) -> None:
        data = {"year": "2027", "reference": "7", "rest": "2028-01-03", "work": ""}
        errors = post(world, "coordinator", "/calendar/notice/", data).context["form"].errors
        assert errors["rest"] == ["Mon 3 Jan 2028 does not lie in 2027."]

    def test_a_receipt_says_what_came_of_the_notice(self, world: World) -> None:
        words = {"label_en": "x", "label_zh": "x", "year": 2026}
        services.open_duty(
            "report", world.unit("B").pk, date(2027, 1, 6), anchor_on=date(2026, 12, 30), anchor_days=4, **words
        )
        duty(world, due_on=date(2027, 2, 1))
        key = {"idempotency_key": str(uuid.uuid4())}
        data = {"year": "2027", "reference": "No. 7", "rest": "2027-01-01\n2027-01-04\n2027-01-05", "work": "", **key}
        answer = post(world, "coordinator", "/calendar/notice/", data)
        again = post(world, "coordinator", "/calendar/notice/", data)
        assert answer["Location"] == again["Location"] == "/calendar/?entered=2027"
        page = " ".join(shown(world, "coordinator", answer["Location"]).split())
        assert "2027 entered: 2 due days counted anew, 1 moved." in page
        assert 'href="/duties/"' in page

    def test_the_page_lists_rest_and_make_up_days_of_each_month(self, world: World) -> None:
        context = world.client("staff").get("/calendar/").context
        years = {item["year"]: item for item in context["years"]}
        assert years[2027]["provisional"]
        assert not years[2026]["provisional"]
        october = years[2026]["months"][9]
        assert october.name == "October"
        assert "Thu 1" in october.rest
        assert any(day.startswith(("Sat", "Sun")) for month in years[2026]["months"] for day in month.work)
        assert all(len(item["months"]) == 12 for item in years.values())

    def test_a_day_that_was_set_is_said_back(self, world: World) -> None:
        data = {"day": "2026-04-14", "is_workday": "no", "reason": "Flood."}
        answer = post(world, "coordinator", "/calendar/day/", data)
        assert CalendarDay.objects.get().notice_id is None
        assert "Tue 14 Apr is a rest day now." in " ".join(shown(world, "coordinator", answer["Location"]).split())

    def test_an_address_that_names_nothing_says_nothing(self, world: World) -> None:
        for query in ("?entered=2027", "?entered=x", "?set=2026-13-01", "?set=2026-03-03"):
            assert 'role="status"' not in shown(world, "coordinator", f"/calendar/{query}")


class TestLadders:
    def test_who_is_told_and_when_is_said_in_words(self, world: World) -> None:
        page = " ".join(shown(world, "staff", "/ladders/").split())
        for words in (
            "10 working days before the due day",
            "on the due day",
            "1 working day after the due day",
            "5 working days after the due day",
            "Who is told",
            "top leader, head of the responsible leading group",
        ):
            assert words in page

    def test_a_new_version_carries_its_own_text(self, world: World) -> None:
        form = world.client("coordinator").get("/ladders/default/new/").context["form"]
        data = {name: form[name].value() for name in form.fields} | {"rung-4-text_en": "Bring the minutes."}
        assert post(world, "coordinator", "/ladders/default/new/", data).status_code == 302
        newest = Ladder.objects.latest("version")
        assert newest.version == 2
        assert newest.rungs.get(position=4).text_en == "Bring the minutes."
        assert "Bring the minutes." in shown(world, "staff", "/ladders/")


def test_the_forecast_marks_provisional_days_and_asks_for_the_notices_once(world: World) -> None:
    duty(world, due_on=date(2027, 1, 8))
    with clock.frozen(date(2026, 12, 20)):
        one = count_queries(world.client("coordinator"), "/clock/")
        for days in range(6):
            duty(world, "O", date(2027, 1, 8) + timedelta(days=days))
        assert count_queries(world.client("coordinator"), "/clock/") <= one + 1
        assert "Fri 8 Jan 2027 (provisional)" in shown(world, "coordinator", "/clock/")


def test_a_period_due_past_the_calendar_is_answered_in_a_sentence(world: World) -> None:
    from responsibility.services import letters, programme

    coordinator = world.user("coordinator")
    programme.open_year(coordinator, year=2026, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(coordinator, 2026, path=str(world.unit("D").path))
    form = world.client("coordinator").get("/reports/open/").context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"year": "2026", "kind": "annual", "number": "1", "opens_on": "2026-03-02", "due_on": "2040-01-02"}
    answer = post(world, "coordinator", "/reports/open/", data)
    assert answer.status_code in (400, 422)
    assert answer.context["form"].errors
