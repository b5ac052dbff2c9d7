"""Holiday notices and single days: what they change, what they leave, and which due days follow."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction

from portal.audit import services as audit
from portal.obligations import services
from portal.obligations.models import Obligation
from portal.workdays import clock
from portal.workdays.calendar import expected_rest_days
from portal.workdays.calendar import load as load_calendar
from portal.workdays.models import CalendarDay, NoticeYear
from tests.obligations.test_clock import DUE, duty
from tests.world import TODAY, World, build

NEW_YEAR = date(2027, 1, 1)


def enter(world: World, **days: bool) -> services.Refreshed:
    found = {date.fromisoformat(day.replace("_", "-").removeprefix("d-")): works for day, works in days.items()}
    return services.enter_notice(world.user("coordinator"), 2027, reference="国办发明电〔2026〕7号", days=found)


def test_a_noticed_year_is_the_week_and_the_notice_and_nothing_of_the_estimate(world: World) -> None:
    expected = list(expected_rest_days(2027))
    assert expected
    enter(world, **{"d_2027-01-01": False, "d_2027-02-06": True})
    calendar = load_calendar()
    assert not calendar.is_workday(NEW_YEAR)
    assert calendar.is_workday(date(2027, 2, 6))
    assert all(calendar.is_workday(day) for day in expected if day != NEW_YEAR)


def test_the_coordinators_own_day_stays_and_wins(world: World) -> None:
    coordinator = world.user("coordinator")
    services.set_day(coordinator, date(2027, 3, 3), is_workday=False, reason="Flood.")
    services.set_day(coordinator, date(2027, 5, 3), is_workday=True, reason="Inspection.")
    enter(world, **{"d_2027-05-03": False, "d_2027-05-04": False})
    calendar = load_calendar()
    assert not calendar.is_workday(date(2027, 3, 3))
    assert calendar.is_workday(date(2027, 5, 3))
    assert not calendar.is_workday(date(2027, 5, 4))


def test_a_notice_entered_again_replaces_its_own_days_only(world: World) -> None:
    services.set_day(world.user("coordinator"), date(2027, 3, 3), is_workday=False, reason="Flood.")
    enter(world, **{"d_2027-05-04": False})
    enter(world, **{"d_2027-05-05": False})
    days = dict(CalendarDay.objects.values_list("date", "notice_id"))
    assert days == {date(2027, 3, 3): None, date(2027, 5, 5): 2027}


def test_a_day_of_the_notice_set_by_hand_is_the_coordinators_from_then_on(world: World) -> None:
    enter(world, **{"d_2027-05-04": False})
    services.set_day(world.user("coordinator"), date(2027, 5, 4), is_workday=True, reason="Inspection.")
    enter(world, **{"d_2027-05-04": False})
    assert load_calendar().is_workday(date(2027, 5, 4))


def test_a_counted_due_day_follows_the_notice_and_a_named_one_does_not(world: World) -> None:
    anchor, days = date(2026, 12, 28), 6
    due_on = load_calendar().add(anchor, days)
    words = {"label_en": "Correction", "label_zh": "更正", "year": 2026}
    unit = world.unit("B").pk
    counted = services.open_duty("report", unit, due_on, anchor_on=anchor, anchor_days=days, **words)
    named = services.open_duty("report", unit, due_on, **words)
    rests = {f"d_2027-01-{day:02}": False for day in (1, 4, 5, 6)}
    refreshed = enter(world, **rests)
    counted.refresh_from_db()
    named.refresh_from_db()
    assert counted.due_on == counted.original_due_on == load_calendar().add(anchor, days) != due_on
    assert named.due_on == due_on
    assert refreshed == (2, 1)
    assert NoticeYear.objects.values_list("counted", "moved").get() == (2, 1)


def test_an_anchor_is_whole_or_absent(world: World) -> None:
    from django.db import IntegrityError

    found = duty(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Obligation.objects.filter(pk=found.pk).update(anchor_on=TODAY)


def test_a_day_inside_a_suspension_long_ago_moves_the_due_day(world: World) -> None:
    coordinator = world.user("coordinator")
    found = duty(world)
    services.suspend(coordinator, found.pk, reason="x")
    with clock.frozen(date(2026, 9, 1)):
        services.resume(coordinator, found.pk, reason="x")
        found.refresh_from_db()
        before = found.due_on
        services.set_day(coordinator, date(2026, 3, 10), is_workday=False, reason="x")
        found.refresh_from_db()
    assert found.due_on < before


def test_a_suspension_that_reaches_into_the_change_counts_though_an_extension_named_an_early_day(world: World) -> None:
    coordinator = world.user("coordinator")
    far, early = duty(world, due_on=date(2026, 12, 30)), duty(world)
    services.suspend(coordinator, early.pk, reason="x")
    touched = services.set_day(coordinator, date(2026, 11, 3), is_workday=False, reason="x")
    assert touched.counted == 2
    far.refresh_from_db()
    assert far.due_on == date(2026, 12, 30)


def test_the_next_step_of_a_duty_due_long_before_the_change_follows_it(world: World) -> None:
    found = duty(world)
    raised = load_calendar().add(DUE, 20)
    with clock.frozen(load_calendar().add(DUE, 11)):
        from portal.obligations import clock as ladder_clock

        ladder_clock.run()
        found.refresh_from_db()
        assert found.next_step_on == raised
        services.set_day(world.user("coordinator"), raised, is_workday=False, reason="x")
        found.refresh_from_db()
    assert found.next_step_on == load_calendar().add(DUE, 20) > raised


@pytest.mark.django_db(transaction=True)
def test_a_day_is_set_while_the_clock_works_and_neither_waits_for_ever(transactional_db: None) -> None:
    with clock.frozen(TODAY):
        world = build()
        found = duty(world)
        coordinator = world.user("coordinator")
    held, waits, errors = threading.Event(), threading.Event(), []

    def clock_like() -> None:
        try:
            with transaction.atomic():
                Obligation.objects.locked(found.pk)
                held.set()
                assert waits.wait(20)
                audit.record(None, "clock.ran")
        except Exception as error:  # noqa: BLE001 - reported to the test
            errors.append(error)
        finally:
            connections.close_all()

    def set_day() -> None:
        held.wait(20)
        try:
            with clock.frozen(TODAY):
                services.set_day(coordinator, DUE - timedelta(days=1), is_workday=False, reason="x")
        except Exception as error:  # noqa: BLE001 - reported to the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clock_like), threading.Thread(target=set_day)]
    for thread in threads:
        thread.start()
    # The other one waits for the duty's lock now, and holds whatever it took before.
    with connection.cursor() as cursor:
        blocked = 0
        while not blocked and threads[1].is_alive():
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            (blocked,) = cursor.fetchone()
    waits.set()
    for thread in threads:
        thread.join()
    assert errors == []
