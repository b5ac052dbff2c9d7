"""One duty, one far day, one fault: the clock goes on with the others."""

from datetime import date, timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, IntegrityError, connection, transaction

from portal.obligations import clock as ladder_clock
from portal.obligations import services, signals
from portal.obligations.choices import State
from portal.obligations.errors import DayTooFar, NotYet, SuspensionTooFar
from portal.obligations.models import Decision, Ladder, Obligation, Rung
from portal.organisation.models import Tenure
from portal.workdays.calendar import load as load_calendar
from portal.workdays.rules import OutOfCalendar
from tests.obligations.test_clock import DUE, LATE, actions, duty, run
from tests.world import World

FOR_EVER = date(9999, 12, 31)


def failing(pk: int, error: BaseException) -> Any:
    def fail(sender: object, steps: list[Any], **kwargs: Any) -> None:
        if any(step.obligation_id == pk for step in steps):
            raise error

    return fail


def test_a_tenure_for_ever_stops_nothing(world: World) -> None:
    """The database refuses such a day; the clock does not depend on that."""
    found, other = duty(world), duty(world, "O")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE organisation_tenure DROP CONSTRAINT tenure_days_within_reach")
    Tenure.objects.filter(pk=world.tenures["leader"].pk).update(ends_on=FOR_EVER)
    report = run(LATE)
    assert report.errors == 0
    assert "raise_level" in actions(found)
    assert "raise_level" in actions(other)


@pytest.mark.parametrize("error", [ValueError("x"), TypeError("x"), KeyError("x"), ZeroDivisionError("x")])
def test_whatever_a_duty_brings_up_the_others_are_performed(world: World, error: Exception) -> None:
    bad, good = duty(world), duty(world, "O")
    fail = failing(bad.pk, error)
    signals.steps_taken.connect(fail)
    try:
        report = run(LATE)
    finally:
        signals.steps_taken.disconnect(fail)
    bad.refresh_from_db()
    assert report.errors == 1
    assert "raise_level" in actions(good)
    assert actions(bad) == []
    assert bad.clock_error
    assert bad.next_step_on == LATE + timedelta(days=1)


def test_a_time_limit_ends_the_run(world: World) -> None:
    found = duty(world)
    fail = failing(found.pk, SoftTimeLimitExceeded())
    signals.steps_taken.connect(fail)
    try:
        with pytest.raises(SoftTimeLimitExceeded):
            run(LATE)
    finally:
        signals.steps_taken.disconnect(fail)
    assert actions(found) == []


def test_a_duty_past_the_calendar_is_left_out_of_forecast_and_recount(world: World) -> None:
    good, bad = duty(world), duty(world, "O")
    last = load_calendar().last
    Obligation.objects.filter(pk=bad.pk).update(original_due_on=last, due_on=last, next_step_on=DUE)
    coming = ladder_clock.forecast(LATE)
    assert {step.obligation_id for step in coming} == {good.pk}
    assert services.refresh(Obligation.objects.all()) == 2
    assert run(DUE).errors == 1


def test_the_page_of_a_duty_past_the_calendar_opens(world: World) -> None:
    found = duty(world)
    last = load_calendar().last
    Obligation.objects.filter(pk=found.pk).update(original_due_on=last, due_on=last)
    assert world.client("coordinator").get(f"/duties/{found.pk}/").status_code == 200


def test_a_duty_whose_steps_lie_past_the_calendar_is_not_opened(world: World) -> None:
    with pytest.raises(OutOfCalendar):
        duty(world, due_on=load_calendar().last)
    assert not Obligation.objects.exists()


def test_more_time_than_the_calendar_has_is_not_asked_for(world: World) -> None:
    found = duty(world)
    with pytest.raises(DayTooFar):
        services.ask_extension(world.user("leader"), found.pk, due_on=FOR_EVER, reason="x")
    assert not Decision.objects.exists()


def test_nor_granted(world: World) -> None:
    found = duty(world)
    asked = services.ask_extension(world.user("leader"), found.pk, due_on=date(2026, 4, 29), reason="x")
    with pytest.raises(DayTooFar):
        services.decide_extension(world.user("coordinator"), asked.pk, granted=True, reason="x", due_on=FOR_EVER)
    asked.refresh_from_db()
    assert asked.decided_on is None


def test_a_suspension_ends_while_the_calendar_lasts(world: World) -> None:
    found = duty(world)
    for until in (FOR_EVER, load_calendar().last):
        with pytest.raises(SuspensionTooFar):
            services.suspend(world.user("coordinator"), found.pk, reason="x", until=until)
    assert not Decision.objects.exists()


def test_a_day_outside_the_calendar_is_not_set(world: World) -> None:
    with pytest.raises(OutOfCalendar):
        services.set_day(world.user("coordinator"), FOR_EVER, is_workday=True, reason="x")


def test_the_first_and_last_day_of_the_calendar_may_be_set(world: World) -> None:
    duty(world)
    calendar = load_calendar()
    for day in (calendar.first, calendar.last):
        services.set_day(world.user("coordinator"), day, is_workday=True, reason="x")


def test_nothing_is_done_on_a_day_to_come(world: World) -> None:
    found = duty(world)
    with pytest.raises(NotYet):
        services.discharge(found.pk, on=date(2026, 5, 29))
    found.refresh_from_db()
    assert found.state == State.OPEN


def test_no_rung_is_added_to_a_version_that_duties_climb(world: World) -> None:
    duty(world)
    rung = Rung(ladder=Ladder.objects.get(), position=9, offset=30, action="raise_level", audience=["upper_head"])
    with pytest.raises(DatabaseError, match="make a new version"), transaction.atomic():
        rung.save()


def test_a_version_that_nobody_climbs_takes_rungs(world: World) -> None:
    Rung.objects.create(ladder=Ladder.objects.get(), position=9, offset=30, action="raise_level", audience=["liaison"])


@pytest.mark.parametrize("audience", [["nobody"], ["liaison", "x"], "liaison", {"liaison": 1}])
def test_an_audience_that_the_clock_does_not_know_is_refused(world: World, audience: Any) -> None:
    rung = Rung(ladder=Ladder.objects.get(), position=9, offset=30, action="raise_level", audience=audience)
    with pytest.raises(IntegrityError, match="rung_audience_known"), transaction.atomic():
        rung.save()
