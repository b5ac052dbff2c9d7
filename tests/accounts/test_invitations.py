"""Invited in bulk: an account and a letter for each, a link that works once."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts import invitations
from portal.accounts.models import User
from portal.notices.models import OutboundMessage
from portal.organisation.models import Employment, Person
from portal.organisation.services.invitations import Who, candidates, preview
from portal.web import jobs
from portal.web.models import Job, JobState
from portal.workdays import clock
from tests.world import World

PASSWORD = "chosen by myself 2026"


@pytest.fixture
def staff(world: World) -> list[Person]:
    """Three who work in the bureau; the third has no address."""
    unit, people = world.unit("B"), []
    for number, email in (("S1", "s1@example.org"), ("S2", "s2@example.org"), ("S3", "")):
        person = Person.objects.create(employee_no=number, name_en=number, name_zh=number, email=email)
        Employment.objects.create(person=person, unit=unit, starts_on=clock.today())
        people.append(person)
    return people


def invite(world: World, who: Who = Who.STAFF, by: str = "coordinator") -> Any:
    data = {"path": str(world.unit("D").path), "who": who.value, "idempotency_key": str(uuid.uuid4())}
    answer = world.client(by).post("/people/invite/", data)
    for job in Job.objects.filter(state=JobState.QUEUED):
        jobs.run(job.pk)
    return answer


def links() -> dict[str, str]:
    """The link in each letter, by address."""
    found = {}
    for message in OutboundMessage.objects.order_by("pk"):
        match = re.search(r"/invitation/\S+", message.body)
        if match:
            found[message.address] = match.group()
    return found


def test_who_has_an_address_gets_an_account_and_a_letter(world: World, staff: list[Person]) -> None:
    assert preview(world.user("coordinator"), str(world.unit("D").path), Who.STAFF) == (2, 1)
    invite(world)
    assert set(links()) == {"s1@example.org", "s2@example.org"}
    user = User.objects.get(username="s1")
    assert not user.has_usable_password()
    assert user.person == staff[0]


def test_inviting_twice_makes_one_account(world: World, staff: list[Person]) -> None:
    invite(world)
    assert invite(world).status_code == 409
    assert User.objects.filter(username="s1").count() == 1
    assert OutboundMessage.objects.count() == 2


def test_a_taken_user_name_is_left_alone_and_named(world: World, staff: list[Person]) -> None:
    User.objects.create_user("s1", None)
    invite(world)
    assert Job.objects.get().result == {"taken": ["S1"], "taken_count": 1}
    assert not Person.objects.filter(employee_no="S1", user__isnull=False).exists()


def test_the_link_sets_a_password_once_and_sign_in_follows(world: World, staff: list[Person]) -> None:
    invite(world)
    link = links()["s1@example.org"]
    browser = Client()
    assert "s1" in browser.get(link).content.decode()
    done = browser.post(link, {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert "s1" in done.content.decode()
    assert browser.post("/sign-in/", {"login": "s1", "password": PASSWORD}).status_code == 302
    again = Client().post(link, {"password1": "another one 2026 x", "password2": "another one 2026 x"})
    assert again.status_code == 409
    assert User.objects.get(username="s1").check_password(PASSWORD)


def test_a_weak_password_is_refused_at_its_field(world: World, staff: list[Person]) -> None:
    invite(world)
    answer = Client().post(links()["s1@example.org"], {"password1": "12345678", "password2": "12345678"})
    assert answer.status_code == 422
    assert not User.objects.get(username="s1").has_usable_password()


def test_a_link_is_over_after_seven_days_and_a_new_one_can_be_sent(world: World, staff: list[Person]) -> None:
    invite(world)
    link = links()["s1@example.org"]
    with clock.frozen(clock.today() + timedelta(days=8)):
        assert Client().get(link).status_code == 409
        invite(world, Who.AGAIN)
        assert Client().get(links()["s1@example.org"]).status_code == 200


def test_who_has_chosen_a_password_is_not_invited_again(world: World, staff: list[Person]) -> None:
    invite(world)
    invitations.accept(links()["s1@example.org"].split("/")[2], PASSWORD)
    again = candidates(world.user("coordinator"), str(world.unit("D").path), Who.AGAIN)
    assert [person.employee_no for person in again] == ["S2"]


def test_nobody_is_invited_from_a_part_of_the_tree_below_his_office(world: World, staff: list[Person]) -> None:
    """Who works in the bureau and also sits higher up is invited by who coordinates both."""
    from portal.accounts import services as accounts
    from portal.accounts.roles import Role

    accounts.grant(None, user=world.users["staff"], role=Role.COORDINATOR, path=str(world.unit("B").path), reason="t")
    by = world.user("staff")
    assert candidates(by, str(world.unit("B").path), Who.STAFF).count() == 3
    Employment.objects.filter(person=staff[0]).update(unit=world.unit("O"))
    Employment.objects.create(person=staff[0], unit=world.unit("B"), starts_on="2020-01-01", ends_on="2020-12-31")
    assert candidates(by, str(world.unit("B").path), Who.STAFF).count() == 2


def test_the_look_before_it_is_done_costs_the_same_for_many(world: World, staff: list[Person]) -> None:
    url = f"/people/invite/?path={world.unit('D').path}&who=staff"
    world.client("coordinator").get(url)
    with CaptureQueriesContext(connection) as few:
        assert "2 persons would be invited" in world.client("coordinator").get(url).content.decode()
    for n in range(20):
        person = Person.objects.create(employee_no=f"M{n}", name_en="M", name_zh="M", email=f"m{n}@example.org")
        Employment.objects.create(person=person, unit=world.unit("B"), starts_on=clock.today())
    with CaptureQueriesContext(connection) as many:
        world.client("coordinator").get(url)
    assert len(few) == len(many)
