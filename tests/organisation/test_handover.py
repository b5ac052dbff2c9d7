"""A change of top leader in one act: never two at once, never before the predecessor."""

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from portal.audit.models import Entry
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Obligation
from portal.organisation import services
from portal.organisation.change_errors import BeforeTheHolder, HandoverToHolder
from portal.organisation.errors import OwnAppointment, PostHeld
from portal.organisation.models import Person, Tenure
from portal.web.errors import NotAllowed
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from tests.obligations.test_clock import duty
from tests.responsibility.reports import new_person
from tests.world import TODAY, World

ON = date(2026, 3, 10)
URL = "/units/B/handover/"


@pytest.fixture
def successor(world: World) -> Person:
    return new_person("E10")[0]


def hand_over(world: World, person: Person, on: date = ON, by: str = "coordinator") -> Tenure:
    return services.hand_over(world.user(by), post=world.tenures["leader"].post, person=person, starts_on=on)


def posted(world: World, **typed: str) -> Any:
    return world.client("coordinator").post(URL, {"person": "E10", "starts_on": ON.isoformat()} | typed)


def seen(answer: Any) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', answer.content.decode())
    assert found
    return found[1]


class TestVerb:
    def test_one_holds_it_until_the_day_before_and_the_other_from_then_on(
        self, world: World, successor: Person
    ) -> None:
        made = hand_over(world, successor)
        before = Tenure.objects.get(pk=world.tenures["leader"].pk)
        assert (before.ends_on, made.starts_on, made.ends_on) == (ON - timedelta(days=1), ON, None)
        assert Entry.objects.filter(action__in=("tenure.begun", "tenure.ended")).count() == 2

    def test_not_before_or_on_the_first_day_of_who_holds_it(self, world: World, successor: Person) -> None:
        for day in (date(2023, 12, 1), date(2024, 1, 1)):
            with pytest.raises(BeforeTheHolder, match="Xu Zhixin holds the post from 1 January 2024 on"):
                hand_over(world, successor, day)
        assert Tenure.objects.get(pk=world.tenures["leader"].pk).ends_on is None

    def test_never_two_open_top_leaders(self, world: World, successor: Person) -> None:
        hand_over(world, successor)
        with pytest.raises(BeforeTheHolder):
            hand_over(world, Person.objects.get(employee_no="LIAISON"), TODAY)
        assert Tenure.objects.filter(post=world.tenures["leader"].post, ends_on__isnull=True).count() == 1

    def test_nor_into_the_days_of_who_follows_for_a_time(self, world: World, successor: Person) -> None:
        by, post = world.user("coordinator"), world.tenures["leader"].post
        services.end_tenure(by, world.tenures["leader"].pk, ends_on=ON)
        days = {"starts_on": ON + timedelta(days=9), "ends_on": ON + timedelta(days=20)}
        services.appoint(by, post=post, person=Person.objects.get(employee_no="LIAISON"), **days)
        with pytest.raises(PostHeld, match="Shi Mingyuan"):
            hand_over(world, successor)

    def test_a_vacant_post_is_taken_over_too(self, world: World, successor: Person) -> None:
        services.end_tenure(world.user("coordinator"), world.tenures["leader"].pk, ends_on=TODAY - timedelta(days=3))
        made = hand_over(world, successor)
        assert Tenure.objects.get(pk=world.tenures["leader"].pk).ends_on == TODAY - timedelta(days=3)
        assert made.person == successor

    def test_to_another_person_by_another_person(self, world: World, successor: Person) -> None:
        with pytest.raises(HandoverToHolder):
            hand_over(world, world.tenures["leader"].person)
        Person.objects.filter(pk=successor.pk).update(user=None)
        Person.objects.filter(employee_no="E10").update(user=world.users["coordinator"])
        with pytest.raises(OwnAppointment):
            hand_over(world, Person.objects.get(employee_no="E10"))
        with pytest.raises(NotAllowed):
            hand_over(world, successor, by="head")


class TestPages:
    def test_it_shows_what_passes_with_its_new_day_and_what_stays(self, world: World, successor: Person) -> None:
        passes, stays = duty(world, due_on=date(2026, 3, 17)), duty(world, due_on=date(2026, 3, 6))
        page = posted(world, next="review").content.decode()
        then = load_calendar().add(ON, 10)
        passing, staying = page.split("Duties that the predecessor answers for")
        assert f"/duties/{passes.pk}/" in passing
        assert "due Tue 24 Mar instead of Tue 17 Mar" in passing
        assert then == date(2026, 3, 24)
        assert f"/duties/{stays.pk}/" in staying
        assert not Tenure.objects.filter(person=successor).exists()

    def test_what_was_foreseen_is_what_becomes_of_it(self, world: World, successor: Person) -> None:
        owed = [duty(world, due_on=day) for day in (date(2026, 3, 3), date(2026, 3, 17), date(2026, 6, 1))]
        shown = posted(world, next="review").content.decode()
        hand_over(world, successor)
        with clock.frozen(ON):
            ladder_clock.run(ON)
        for found in Obligation.objects.filter(pk__in=[one.pk for one in owed]).select_related("tenure__person"):
            passed = found.tenure is not None and found.tenure.person == successor
            half = shown.split("Duties that the predecessor answers for")[0 if passed else 1]
            assert f"/duties/{found.pk}/" in half

    def test_confirmed_once_however_often_it_is_posted_there_is_a_receipt(
        self, world: World, successor: Person
    ) -> None:
        typed = {"seen": seen(posted(world, next="review")), "idempotency_key": str(uuid.uuid4())}
        first, second = (posted(world, **typed)["Location"] for _time in range(2))
        assert first == second
        page = world.client("coordinator").get(first).content.decode()
        assert "New Person is to take over: Director" in page
        assert "until 9 March 2026" in page
        assert Tenure.objects.filter(person=successor).count() == 1

    def test_before_the_tenure_is_a_sentence_at_the_field(self, world: World, successor: Person) -> None:
        answer = posted(world, next="review", starts_on="2023-05-01")
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "The handover must come after that day." in page
        assert 'href="#id_starts_on"' in page

    def test_only_for_who_appoints(self, world: World, successor: Person) -> None:
        assert world.client("leader").get(URL).status_code == 403
        assert world.client("other_leader").get(URL).status_code == 404
