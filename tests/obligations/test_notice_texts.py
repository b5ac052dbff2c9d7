"""What the notices of a step say: late reminders, provisional days, the coordinator's own words."""

from datetime import date, timedelta

from django.utils.translation import override

from portal.notices.models import Notice
from portal.obligations import services
from portal.obligations.choices import Action
from portal.obligations.models import Ladder
from tests.obligations.test_clock import DUE, LATE, duty, run
from tests.world import World


def said(kind: str, language: str = "en") -> str:
    with override(language):
        return Notice.objects.filter(kind=kind).latest("pk").body


def test_a_reminder_that_comes_after_the_due_day_does_not_count_days_left(world: World) -> None:
    duty(world)
    run(LATE)
    assert "was due on Wed 15 Apr and is still missing" in said("duty_reminder_late")
    assert not Notice.objects.filter(kind="duty_reminder").exists()


def test_a_reminder_in_time_says_how_many_working_days_are_left(world: World) -> None:
    duty(world)
    run(DUE - timedelta(days=14))
    assert "is due on Wed 15 Apr. Working days left until then: 9." in said("duty_reminder")


def test_a_due_day_in_a_provisional_year_is_told_as_provisional_and_stays_so(world: World) -> None:
    duty(world, due_on=date(2027, 1, 8))
    run(date(2026, 12, 29))
    services.enter_notice(world.user("coordinator"), 2027, reference="7", days={date(2027, 1, 1): False})
    assert "is due on Fri 8 Jan 2027 (provisional)." in said("duty_reminder")


def test_more_time_in_a_provisional_year_is_told_as_provisional(world: World) -> None:
    found = duty(world)
    asked = services.ask_extension(world.user("leader"), found.pk, due_on=date(2027, 1, 8), reason="Tender.")
    services.decide_extension(world.user("coordinator"), asked.pk, granted=True, reason="Proved.")
    assert "is now due on Fri 8 Jan 2027 (provisional)." in said("extension_granted")


def test_the_own_text_of_a_rung_stands_under_its_notice(world: World) -> None:
    rungs = [
        services.RungDraft(
            rung.offset, Action(rung.action), rung.audience, rung.points, "Bring the minutes.", "请携带会议记录。"
        )
        if rung.action == "overdue_notice"
        else services.RungDraft(rung.offset, Action(rung.action), rung.audience, rung.points)
        for rung in Ladder.objects.get().rungs.all()
    ]
    services.new_ladder(world.user("coordinator"), "default", rungs)
    duty(world)
    run(DUE + timedelta(days=1))
    assert said("duty_overdue").endswith(" Bring the minutes.")
    assert said("duty_overdue", "zh-hans").endswith("请携带会议记录。")
    assert "Bring" not in said("duty_reminder_late")
