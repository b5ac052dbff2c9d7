"""Decisions about duties: who may make them, and that they stay as they were made."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from portal.accounts import services as accounts
from portal.accounts.roles import Role
from portal.obligations import services
from portal.obligations.errors import NotAfterToday, OwnRequest
from portal.obligations.models import Decision, Obligation, VacancyQuestion
from portal.organisation import services as organisation
from portal.web.errors import NotAllowed
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from tests.obligations.test_clock import DUE, duty, run
from tests.world import TODAY, World

LATER = DUE + timedelta(days=14)


def asked(world: World, by: str = "leader") -> Decision:
    return services.ask_extension(world.user(by), duty(world).pk, due_on=LATER, reason="Tender.")


def coordinates(world: World, name: str) -> None:
    path = str(world.unit("D").path)
    accounts.grant(None, user=world.user(name), role=Role.COORDINATOR, path=path, reason="test")


@pytest.mark.parametrize("name", ["liaison", "leader"])
def test_who_leads_a_unit_or_speaks_for_it_decides_nothing_in_it(world: World, name: str) -> None:
    request = asked(world)
    coordinates(world, name)
    with pytest.raises(NotAllowed):
        services.decide_extension(world.user(name), request.pk, granted=True, reason="Mine.")
    with pytest.raises(NotAllowed):
        services.waive(world.user(name), request.obligation_id, reason="Mine.")
    assert Decision.objects.get().decided_on is None


def test_who_asked_does_not_decide_though_he_has_left_the_unit_since(world: World) -> None:
    request = asked(world, "liaison")
    with clock.frozen(TODAY + timedelta(days=5)):
        organisation.end_tenure(world.user("coordinator"), world.tenures["liaison"].pk, ends_on=TODAY)
        coordinates(world, "liaison")
        with pytest.raises(OwnRequest):
            services.decide_extension(world.user("liaison"), request.pk, granted=True, reason="Mine.")
        assert world.client("liaison").get(f"/duties/{request.obligation_id}/extension/decide/").status_code == 403
        services.decide_extension(world.user("coordinator"), request.pk, granted=True, reason="Proved.")


CHANGES = (
    {"reason": "other"},
    {"asked_due_on": date(2026, 12, 1)},
    {"due_on": date(2026, 12, 1)},
    {"granted": False},
    {"decision_reason": "other"},
    {"decided_on": None, "granted": None},
)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_decision_is_never_changed(world: World, change: dict[str, object]) -> None:
    request = asked(world)
    services.decide_extension(world.user("coordinator"), request.pk, granted=True, reason="Proved.")
    with pytest.raises(DatabaseError, match="made once"), transaction.atomic():
        Decision.objects.filter(pk=request.pk).update(**change)


def test_resuming_keeps_who_and_when_beside_the_day_that_was_planned(world: World) -> None:
    found = duty(world)
    kept = services.suspend(world.user("coordinator"), found.pk, reason="Flood.", until=date(2026, 3, 30))
    resumed_on = date(2026, 3, 10)
    with clock.frozen(resumed_on):
        services.resume(world.user("coordinator"), found.pk, reason="Over.")
    kept.refresh_from_db()
    found.refresh_from_db()
    calendar = load_calendar()
    assert (kept.ends_on, kept.resumed_on) == (date(2026, 3, 30), resumed_on)
    assert kept.resumed_by == world.users["coordinator"]
    assert found.due_on == calendar.add(DUE, calendar.between(TODAY, resumed_on))
    with pytest.raises(DatabaseError, match="made once"), transaction.atomic():
        Decision.objects.filter(pk=kept.pk).update(resumed_on=date(2026, 3, 11))


def test_a_suspension_ends_after_today(world: World) -> None:
    found = duty(world)
    for until in (TODAY, TODAY - timedelta(days=1)):
        with pytest.raises(NotAfterToday) as refused:
            services.suspend(world.user("coordinator"), found.pk, reason="x", until=until)
    assert refused.value.field == "until"


def test_a_post_that_nobody_ever_held_is_asked_about_once(world: World) -> None:
    for opened_on in (TODAY, TODAY + timedelta(days=3), TODAY + timedelta(days=9)):
        with clock.frozen(opened_on):
            duty(world, "X")
        run(opened_on)
        run(opened_on + timedelta(days=1))
    question = VacancyQuestion.objects.get()
    assert (question.last_held_on, question.vacant_since) == (None, TODAY)


def test_the_next_vacancy_is_asked_about_again(world: World) -> None:
    duty(world)
    coordinator, person = world.user("coordinator"), world.tenures["leader"].person
    with clock.frozen(TODAY):
        organisation.end_tenure(coordinator, world.tenures["leader"].pk, ends_on=date(2026, 3, 3))
    run(date(2026, 3, 5))
    with clock.frozen(date(2026, 3, 9)):
        post = world.tenures["leader"].post
        again = organisation.appoint(coordinator, post=post, person=person, starts_on=date(2026, 3, 9))
    with clock.frozen(date(2026, 3, 12)):
        organisation.end_tenure(coordinator, again.pk, ends_on=date(2026, 3, 12))
    run(date(2026, 3, 16))
    held = VacancyQuestion.objects.order_by("last_held_on").values_list("last_held_on", flat=True)
    assert list(held) == [date(2026, 3, 3), date(2026, 3, 12)]
    assert Obligation.objects.get().vacant_since == date(2026, 3, 13)
