"""Sessions: how long they last, who ends them, that a stolen one dies."""

import json

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.sessions import KEY
from portal.audit.models import Entry
from tests.world import PASSWORD, World

MINUTE, HOUR = 60, 3600


def entered(name: str) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"login": name, "password": PASSWORD}).status_code == 302
    assert client.get("/my/").status_code == 200
    return client


def age(client: Client, *, idle: int = 0, since: int = 0) -> None:
    """Let time pass: seconds without a request, seconds since signing in."""
    session = client.session
    kept = session[KEY]
    session[KEY] = kept | {"seen": kept["seen"] - idle, "since": kept["since"] - since}
    session.save()


@pytest.mark.parametrize(
    ("name", "idle", "absolute"), [("coordinator", 30 * MINUTE, 10 * HOUR), ("leader", 60 * MINUTE, 12 * HOUR)]
)
def test_a_session_ends_by_role_after_idling_and_after_its_longest_duration(
    world: World, name: str, idle: int, absolute: int
) -> None:
    client = entered(name)
    age(client, idle=idle - MINUTE)
    assert client.get("/my/").status_code == 200
    age(client, idle=idle)
    assert client.get("/my/?a=b")["Location"] == "/sign-in/?next=%2Fmy%2F%3Fa%3Db&ended=idle"
    client = entered(name)
    age(client, since=absolute - MINUTE)
    assert client.get("/my/").status_code == 200
    age(client, since=absolute)
    assert client.get("/my/")["Location"] == "/sign-in/?next=%2Fmy%2F&ended=absolute"
    assert Entry.objects.filter(action="user.session_ended").count() == 2


def test_the_sign_in_page_says_why_and_leads_back(world: World) -> None:
    client = entered("leader")
    age(client, idle=61 * MINUTE)
    page = client.get("/inbox/", follow=True)
    assert "nothing was done for a while" in page.content.decode()
    typed = {"login": "leader", "password": PASSWORD, "next": page.context["redirect_field_value"]}
    assert client.post("/sign-in/", typed)["Location"] == "/inbox/"


def test_work_keeps_a_session_alive_up_to_its_longest_duration(world: World) -> None:
    client = entered("leader")
    for _hour in range(12):
        age(client, idle=50 * MINUTE, since=59 * MINUTE)
        assert client.get("/my/").status_code == 200
    age(client, since=20 * MINUTE)
    assert client.get("/my/").status_code == 302


def test_a_form_sent_too_late_changes_nothing_and_leads_back_to_its_page(world: World) -> None:
    client = entered("leader")
    age(client, idle=61 * MINUTE)
    answer = client.post("/theme/", {"theme": "dark"}, headers={"referer": "http://testserver/inbox/?page=2"})
    assert answer["Location"] == "/sign-in/?next=%2Finbox%2F%3Fpage%3D2&ended=idle"
    assert world.user("leader").theme != "dark"


def test_a_referer_of_another_site_is_no_way_back(world: World) -> None:
    client = entered("leader")
    age(client, idle=61 * MINUTE)
    answer = client.post("/theme/", {"theme": "dark"}, headers={"referer": "https://evil.example/x"})
    assert answer["Location"] == "/sign-in/?next=%2F&ended=idle"


def test_a_script_gets_a_sentence_and_a_fragment_the_whole_page(world: World) -> None:
    client = entered("leader")
    age(client, idle=61 * MINUTE)
    answer = client.post("/theme/", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert "sign in there" in json.loads(answer.content)["message"]
    client = entered("leader")
    age(client, idle=61 * MINUTE)
    answer = client.get("/duties/", headers={"hx-request": "true", "hx-current-url": "http://testserver/my/"})
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fmy%2F&ended=idle"


def test_asking_how_long_is_no_presence_and_staying_is(world: World) -> None:
    client = entered("leader")
    age(client, idle=59 * MINUTE)
    for _time in range(2):
        assert client.get("/sessions/stay/").json()["left"] <= MINUTE
    stayed = client.post("/sessions/stay/").json()
    assert stayed["left"] > 59 * MINUTE
    assert not stayed["last"]


def test_staying_does_not_go_beyond_the_longest_duration(world: World) -> None:
    client = entered("leader")
    age(client, since=12 * HOUR - 90)
    stayed = client.post("/sessions/stay/").json()
    assert stayed["left"] <= 90
    assert stayed["last"]


def test_presence_is_written_down_twice_a_minute_at_most(world: World) -> None:
    client = entered("leader")
    with CaptureQueriesContext(connection) as queries:
        client.get("/my/")
    assert not [q for q in queries if q["sql"].startswith("UPDATE")]


def test_a_session_stolen_before_the_password_changed_is_dead(world: World) -> None:
    owner = entered("leader")
    thief, stolen = Client(), owner.cookies["sessionid"].value
    thief.cookies["sessionid"] = stolen
    assert thief.get("/my/").status_code == 200
    elsewhere = entered("leader")
    new = "another long password"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert owner.post("/password/change/", typed).status_code == 302
    assert owner.get("/my/").status_code == 200
    assert elsewhere.get("/my/").status_code == 302
    thief.cookies["sessionid"] = stolen
    assert thief.get("/my/").status_code == 302


def test_the_page_of_sessions_names_device_address_and_times(world: World) -> None:
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"})
    client.post("/sign-in/", {"login": "leader", "password": PASSWORD})
    text = client.get("/sessions/").content.decode()
    assert "Chrome, Windows" in text
    assert "127.0.0.1" in text
    assert "this device" in text


def test_the_others_are_signed_out_and_the_same_post_again_does_no_harm(world: World) -> None:
    here, there = entered("leader"), entered("leader")
    stranger = entered("liaison")
    for _time in range(2):
        assert here.post("/sessions/")["Location"] == "/sessions/"
    assert here.get("/my/").status_code == 200
    assert there.get("/my/").status_code == 302
    assert stranger.get("/my/").status_code == 200
    assert Entry.objects.get(action="user.sessions_ended").data == {"count": 1}


def test_signing_out_everywhere_ends_this_session_too(world: World) -> None:
    here, there = entered("leader"), entered("leader")
    assert here.post("/sessions/", {"here": "1"})["Location"] == "/sign-in/"
    assert here.get("/my/").status_code == 302
    assert there.get("/my/").status_code == 302
    assert not UserSession.objects.filter(user=world.user("leader")).exists()


def test_last_seen_follows(world: World) -> None:
    client = entered("leader")
    UserSession.objects.update(last_seen_at="2020-01-01T00:00Z")
    age(client, idle=5 * MINUTE)
    client.get("/my/")
    assert UserSession.objects.get().last_seen_at.year > 2020
