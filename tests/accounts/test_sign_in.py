"""Signing in, passwords, preferences: with the real pages."""

import re

import pytest
from django.core import mail
from django.test import Client

from portal.accounts.models import User
from portal.audit.models import Entry
from tests.world import PASSWORD, World


def sign_in(client: Client, name: str, password: str, **extra: str) -> int:
    return client.post("/sign-in/", {"login": name, "password": password, **extra}).status_code


def test_the_right_password_lets_in_and_is_logged(world: World) -> None:
    client = Client()
    assert sign_in(client, "leader", PASSWORD) == 302
    assert client.get("/my/").status_code == 200
    assert Entry.objects.filter(action="user.signed_in").count() == 1


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(world: World) -> None:
    def answer(name: str) -> str:
        text = Client().post("/sign-in/", {"login": name, "password": "wrong"}).content.decode()
        return re.sub(r'value="[^"]*"', "", text).replace(name, "")

    assert answer("leader") == answer("nobody")


def test_after_five_wrong_tries_even_the_right_password_waits(world: World) -> None:
    client = Client()
    for _try in range(5):
        sign_in(client, "leader", "wrong")
    sign_in(client, "leader", PASSWORD)
    assert client.get("/my/").status_code == 302


def test_an_inactive_user_does_not_get_in(world: World) -> None:
    User.objects.filter(username="leader").update(is_active=False)
    client = Client()
    sign_in(client, "leader", PASSWORD)
    assert client.get("/my/").status_code == 302


def test_sign_in_does_not_lead_to_another_site(world: World) -> None:
    answer = Client().post("/sign-in/", {"login": "leader", "password": PASSWORD, "next": "https://evil.example/"})
    assert "evil.example" not in answer["Location"]


def test_a_temporary_password_leads_to_its_change_and_nowhere_else(world: World) -> None:
    User.objects.filter(username="leader").update(must_change_password=True)
    client = world.client("leader")
    assert client.get("/my/")["Location"] == "/password/change/"
    new = "another long password"
    client.post("/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/my/").status_code == 200


def test_a_weak_password_is_refused_with_a_sentence(world: World) -> None:
    answer = world.client("leader").post(
        "/password/change/", {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    )
    assert b"too short" in answer.content


def test_a_reset_link_is_sent_to_a_known_address_and_the_answer_tells_nothing(world: World) -> None:
    known = Client().post("/password/reset/", {"email": "leader@example.org"})
    unknown = Client().post("/password/reset/", {"email": "nobody@example.org"})
    assert known["Location"] == unknown["Location"]
    links = [re.search(r"/password/reset/\S+", message.body) for message in mail.outbox if "leader@" in message.to[0]]
    assert links[0] is not None


def test_a_chosen_language_is_kept_with_the_person(world: World) -> None:
    client = world.client("leader")
    client.post("/language/", {"language": "zh-hans", "next": "/my/"})
    assert '<html lang="zh-Hans"' in client.get("/my/").content.decode()
    assert User.objects.get(username="leader").language == "zh-hans"


@pytest.mark.parametrize("code", ["xx", "", "en; DROP"])
def test_a_language_that_is_none_changes_nothing(world: World, code: str) -> None:
    client = world.client("leader")
    assert client.post("/language/", {"language": code, "next": "https://evil.example/"})["Location"] == "/"
    assert User.objects.get(username="leader").language == ""


def test_signing_out_takes_a_post(world: World) -> None:
    client = world.client("leader")
    client.get("/sign-out/")
    assert client.get("/my/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/my/").status_code == 302
