"""The clock on a real database: every step exactly once, however often, late and torn its runs are."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from portal.notices.models import Notice
from portal.obligations import clock as ladder_clock
from portal.obligations import services, signals
from portal.obligations.choices import Outcome
from portal.obligations.errors import AlreadyAsked, AskedTooLate, DutyClosed, NotLater
from portal.obligations.models import ClockRun, Obligation, Step, VacancyQuestion
from portal.organisation import services as organisation
from portal.web.errors import NotAllowed
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from tests.audit.test_chain import in_threads
from tests.world import TODAY, World, build, seed

DUE = date(2026, 4, 15)
LATE = date(2026, 6, 30)


def duty(world: World, code: str = "B", due_on: date = DUE) -> Obligation:
    return services.open_duty("report", world.unit(code).pk, due_on, label_en="Report", label_zh="报告", year=2026)


def actions(found: Obligation) -> list[str]:
    return list(found.steps.filter(outcome=Outcome.TAKEN).values_list("action", flat=True))


def run(on: date) -> ladder_clock.Report:
    with clock.frozen(on):
        return ladder_clock.run(on)


class TestClimb:
    def test_a_daily_run_takes_each_rung_on_its_day(self, world: World) -> None:
        found = duty(world)
        for offset in range(80):
            run(TODAY + timedelta(days=offset))
        days = dict(found.steps.values_list("rung__offset", "taken_on"))
        calendar = load_calendar()
        assert days == {n: calendar.add(DUE, n) for n in (-10, -3, 0, 1, 5, 10, 20)}

    def test_after_downtime_reminders_collapse_and_formal_rungs_do_not(self, world: World) -> None:
        found = duty(world)
        run(LATE)
        assert actions(found) == [
            "remind",
            "overdue_notice",
            "supervision_notice",
            "open_accountability",
            "raise_level",
        ]
        assert found.steps.filter(outcome=Outcome.SETTLED).count() == 2

    def test_running_again_or_for_an_earlier_day_adds_nothing(self, world: World) -> None:
        duty(world)
        run(LATE)
        before = (Step.objects.count(), Notice.objects.count())
        run(LATE)
        run(DUE)
        assert (Step.objects.count(), Notice.objects.count()) == before

    def test_what_is_done_is_left_in_peace(self, world: World) -> None:
        found = duty(world)
        services.discharge(found.pk)
        run(LATE)
        assert not found.steps.exists()

    def test_each_step_tells_those_whom_the_rung_names(self, world: World) -> None:
        found = duty(world)
        run(DUE + timedelta(days=1))
        told = set(Notice.objects.filter(about=f"obligation:{found.pk}").values_list("recipient__username", "kind"))
        assert ("leader", "duty_overdue") in told
        assert ("coordinator", "duty_overdue") in told
        assert not any(name == "other_leader" for name, _kind in told)

    def test_the_forecast_says_what_daily_runs_then_do(self, world: World) -> None:
        duty(world)
        duty(world, "O", date(2026, 4, 18))
        duty(world, "V", date(2026, 5, 6))
        coming = [(c.on, c.obligation_id, c.action.value) for c in ladder_clock.forecast(LATE)]
        for offset in range((LATE - TODAY).days + 1):
            run(TODAY + timedelta(days=offset))
        done = Step.objects.filter(outcome=Outcome.TAKEN).order_by("taken_on", "obligation_id", "rung__position")
        assert sorted(coming) == sorted(done.values_list("taken_on", "obligation_id", "action"))

    def test_formal_steps_are_told_to_the_floors_above(self, world: World) -> None:
        heard: list[str] = []

        def listen(sender: object, steps: list[Step], **kwargs: Any) -> None:
            heard.extend(step.action for step in steps)

        signals.steps_taken.connect(listen)
        try:
            duty(world)
            run(DUE + timedelta(days=7))
        finally:
            signals.steps_taken.disconnect(listen)
        assert heard == ["overdue_notice", "supervision_notice"]

    def test_the_same_step_twice_is_refused_by_the_database(self, world: World) -> None:
        found = duty(world)
        run(DUE)
        step = found.steps.filter(outcome=Outcome.TAKEN).get()
        step.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            step.save(force_insert=True)

    def test_one_duty_that_cannot_be_performed_does_not_stop_the_others(self, world: World) -> None:
        good, bad = duty(world), duty(world, "O")

        def refuse(sender: object, steps: list[Step], **kwargs: Any) -> None:
            if any(step.obligation_id == bad.pk for step in steps):
                raise LookupError("broken on purpose")

        signals.steps_taken.connect(refuse)
        try:
            report = run(DUE + timedelta(days=1))
        finally:
            signals.steps_taken.disconnect(refuse)
        bad.refresh_from_db()
        assert report.errors == 1
        assert "overdue_notice" in actions(good)
        assert actions(bad) == []
        assert bad.clock_error == "broken on purpose"

    def test_a_run_is_kept_and_idle_ones_do_not_pile_up(self, world: World) -> None:
        duty(world)
        for _n in range(5):
            run(TODAY)
        assert ClockRun.objects.count() == 1


class TestDecisions:
    def test_more_time_is_asked_before_the_due_day_and_granted_with_a_reason(self, world: World) -> None:
        found = duty(world)
        asked = services.ask_extension(world.user("leader"), found.pk, due_on=date(2026, 4, 29), reason="Tender.")
        with pytest.raises(AlreadyAsked):
            services.ask_extension(world.user("leader"), found.pk, due_on=date(2026, 4, 30), reason="Again.")
        services.decide_extension(world.user("coordinator"), asked.pk, granted=True, reason="Proved.")
        found.refresh_from_db()
        assert found.due_on == date(2026, 4, 29)
        assert found.original_due_on == DUE

    def test_on_the_due_day_it_is_too_late_to_ask(self, world: World) -> None:
        found = duty(world)
        with clock.frozen(DUE), pytest.raises(AskedTooLate):
            services.ask_extension(world.user("leader"), found.pk, due_on=date(2026, 4, 29), reason="Tender.")

    def test_a_new_due_day_lies_later(self, world: World) -> None:
        with pytest.raises(NotLater):
            services.ask_extension(world.user("leader"), duty(world).pk, due_on=DUE, reason="x")

    def test_only_the_coordinator_decides(self, world: World) -> None:
        found = duty(world)
        asked = services.ask_extension(world.user("leader"), found.pk, due_on=date(2026, 4, 29), reason="Tender.")
        with pytest.raises(NotAllowed):
            services.decide_extension(world.user("leader"), asked.pk, granted=True, reason="Me.")

    def test_a_suspension_stops_the_clock_and_moves_the_due_day(self, world: World) -> None:
        found = duty(world)
        with clock.frozen(date(2026, 4, 8)):
            services.suspend(world.user("coordinator"), found.pk, reason="Flood.")
        run(date(2026, 4, 21))
        assert "overdue_notice" not in actions(found)
        with clock.frozen(date(2026, 4, 22)):
            services.resume(world.user("coordinator"), found.pk, reason="Over.")
        found.refresh_from_db()
        assert found.due_on == load_calendar().add(DUE, load_calendar().between(date(2026, 4, 8), date(2026, 4, 22)))

    def test_an_exempt_unit_is_left_in_peace_and_cannot_be_exempted_twice(self, world: World) -> None:
        found = duty(world)
        services.waive(world.user("coordinator"), found.pk, reason="New unit.")
        with pytest.raises(DutyClosed):
            services.waive(world.user("coordinator"), found.pk, reason="Again.")
        run(LATE)
        assert actions(found) == []


class TestOffices:
    def test_a_vacant_post_stops_the_climb_and_the_leading_group_is_asked_once(self, world: World) -> None:
        found = duty(world)
        with clock.frozen(date(2026, 4, 2)):
            organisation.end_tenure(world.user("coordinator"), world.tenures["leader"].pk, ends_on=date(2026, 4, 3))
        for offset in range(30):
            run(date(2026, 4, 4) + timedelta(days=offset))
        found.refresh_from_db()
        assert found.vacant_since == date(2026, 4, 4)
        assert "overdue_notice" not in actions(found)
        assert VacancyQuestion.objects.count() == 1
        assert Notice.objects.filter(kind="vacancy_question", recipient=world.users["head"]).count() == 1

    def test_who_was_in_office_on_the_due_day_answers(self, world: World) -> None:
        found = duty(world)
        with clock.frozen(DUE):
            organisation.end_tenure(world.user("coordinator"), world.tenures["leader"].pk, ends_on=DUE)
        run(date(2026, 5, 20))
        assert found.steps.get(action="open_accountability").tenure_id == world.tenures["leader"].pk

    def test_an_entered_holiday_notice_moves_what_depends_on_it(self, world: World) -> None:
        found = duty(world, due_on=date(2027, 1, 4))
        assert load_calendar().is_provisional(found.due_on)
        rests = {date(2027, 1, day): False for day in (5, 6, 7)}
        services.enter_notice(world.user("coordinator"), 2027, reference="国办发明电〔2026〕7号", days=rests)
        assert not load_calendar().is_provisional(found.due_on)
        assert load_calendar().add(date(2027, 1, 4), 1) == date(2027, 1, 8)


# --- Several clocks, and clocks that are killed ------------------------------------------------------------------------

MANY = 1500


@pytest.fixture
def many(transactional_db: None) -> Iterator[World]:
    """Many duties that have every rung before them."""
    with clock.frozen(TODAY):
        seed()
        world = build()
        drafts = [
            services.DutyDraft(world.unit("B").pk, DUE + timedelta(days=n % 3), "Report", "报告", 2026)
            for n in range(MANY)
        ]
        services.open_many("report", drafts)
    yield world


def command() -> list[str]:
    return [sys.executable, "manage.py", "run_clock", "--on", LATE.isoformat()]


def environment() -> dict[str, str]:
    """The process works on the database of this test."""
    name = connection.settings_dict["NAME"]
    return os.environ | {"PORTAL_DATABASE": name, "DJANGO_SETTINGS_MODULE": "tests.settings"}


def whole(world: World) -> bool:
    """Every duty has each of the seven rungs exactly once, and the notices that go with them."""
    per_duty = set(Step.objects.values_list("obligation_id").annotate(n=connection_count()).values_list("n", flat=True))
    notices = Notice.objects.filter(about__startswith="obligation:", recipient=world.users["leader"]).count()
    return per_duty == {7} and Step.objects.count() == 7 * MANY and notices == 5 * MANY


def connection_count() -> Any:
    from django.db.models import Count

    return Count("pk")


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_one_killed_half_way_and_a_third_leave_nothing_out_and_nothing_doubled(
    many: World,
) -> None:
    first = subprocess.Popen(command(), cwd=settings.BASE_DIR, env=environment(), stdout=subprocess.DEVNULL)
    second = subprocess.Popen(command(), cwd=settings.BASE_DIR, env=environment(), stdout=subprocess.DEVNULL)
    while not 500 <= Step.objects.count() < 7 * MANY and first.poll() is None:
        pass
    first.send_signal(signal.SIGKILL)
    first.wait()
    second.wait(60)
    subprocess.run(command(), cwd=settings.BASE_DIR, env=environment(), check=True, stdout=subprocess.DEVNULL)
    assert whole(many)


@pytest.mark.django_db(transaction=True)
def test_only_one_of_several_clocks_works_at_a_time(many: World) -> None:
    ran: list[bool] = []
    assert in_threads(4, lambda: ran.append(run(LATE).ran)) == []
    assert True in ran
    assert whole(many)


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_a_second_clock_would_double_the_steps(many: World) -> None:
    """The control: it is the constraint, and the lock on the rows, that keep the steps single."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE obligations_step DROP CONSTRAINT step_once")
    try:
        run(LATE)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO obligations_step (obligation_id, rung_id, action, outcome, taken_on, due_on, recorded_at)"
                " SELECT obligation_id, rung_id, action, outcome, taken_on, due_on, now() FROM obligations_step LIMIT 5"
            )
        assert not whole(many)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE obligations_step CASCADE")
            cursor.execute("ALTER TABLE obligations_step ADD CONSTRAINT step_once UNIQUE (obligation_id, rung_id)")
