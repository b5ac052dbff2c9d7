"""Too many tries: the account closes for ten minutes, and nobody learns from it who exists."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from portal.audit.models import Entry
from portal.notices.models import OutboundMessage
from tests.world import PASSWORD, World

SENTENCE = "Too many wrong attempts. Wait ten minutes and try again, or reset the password."


def attempt(name: str, password: str) -> str:
    """The page after a try, without what differs by itself; empty when it let in."""
    answer = Client().post("/sign-in/", {"login": name, "password": password})
    return re.sub(r'value="[^"]*"', "", answer.content.decode()).replace(name, "")


def ten_minutes_pass() -> None:
    """Put every kept try ten minutes back."""
    for key in cache._cache.get_client().keys("*:rl:*login_failed*"):  # type: ignore[attr-defined]
        name = key.decode().split(":", 2)[2]
        if kept := cache.get(name):
            cache.set(name, [at - 601 for at in kept], 600)


@pytest.mark.parametrize("name", ["leader", "nobody"])
def test_five_wrong_passwords_close_an_account_whether_it_exists_or_not(world: World, name: str) -> None:
    for _try in range(5):
        assert SENTENCE not in attempt(name, "wrong")
    assert SENTENCE in attempt(name, "wrong")


def test_the_page_is_the_same_for_a_name_that_does_not_exist_and_for_the_right_password(world: World) -> None:
    for name in ("leader", "nobody"):
        for _try in range(5):
            attempt(name, "wrong")
    pages = {attempt("leader", "wrong"), attempt("leader", PASSWORD), attempt("nobody", "wrong")}
    assert len(pages) == 1
    assert SENTENCE in pages.pop()


def test_the_closing_of_an_account_is_logged_once(world: World) -> None:
    for _try in range(8):
        attempt("leader", "wrong")
    assert Entry.objects.filter(action="user.sign_in_failed").count() == 5
    assert Entry.objects.get(action="user.closed_for_attempts").subject_id == str(world.user("leader").pk)


def test_the_case_of_the_name_and_another_address_give_no_more_tries(world: World) -> None:
    for name in ("leader", "Leader", "LEADER", "leader ", "leader"):
        attempt(name, "wrong")
    answer = Client(REMOTE_ADDR="10.1.2.3").post("/sign-in/", {"login": "leader", "password": PASSWORD})
    assert SENTENCE in answer.content.decode()


def test_after_ten_minutes_the_right_password_lets_in(world: World) -> None:
    for _try in range(5):
        attempt("leader", "wrong")
    assert SENTENCE in attempt("leader", PASSWORD)
    ten_minutes_pass()
    assert attempt("leader", PASSWORD) == ""


def test_another_account_behind_the_same_address_is_not_locked(world: World) -> None:
    for _try in range(5):
        attempt("leader", "wrong")
    assert attempt("liaison", PASSWORD) == ""


def test_a_whole_town_behind_one_address_signs_in_within_a_minute(world: World) -> None:
    assert all(attempt("leader", PASSWORD) == "" for _person in range(35))


def test_many_names_tried_from_one_address_close_that_address(world: World, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "5/10m/key,20/10m/ip"}
    for number in range(20):
        attempt(f"name{number}", "wrong")
    assert SENTENCE in attempt("leader", PASSWORD)
    elsewhere = Client(REMOTE_ADDR="10.1.2.3").post("/sign-in/", {"login": "leader", "password": PASSWORD})
    assert elsewhere.status_code == 302


def test_confirming_is_throttled_as_signing_in_is(world: World) -> None:
    client = world.client("leader")
    for _try in range(5):
        client.post("/sign-in/again/", {"password": "wrong"})
    assert SENTENCE in client.post("/sign-in/again/", {"password": PASSWORD}).content.decode()


@pytest.mark.parametrize("address", ["leader@example.org", "nobody@example.org"])
def test_a_sixth_reset_for_one_address_in_a_minute_waits_whether_it_is_known_or_not(world: World, address: str) -> None:
    answers = [Client().post("/password/reset/", {"email": address}).status_code for _try in range(6)]
    assert answers == [302] * 5 + [429]


def test_a_reset_speaks_to_no_mail_server_so_that_neither_time_nor_failure_tells(world: World, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    answer = Client().post("/password/reset/", {"email": "leader@example.org"})
    assert answer["Location"] == "/password/reset/sent/"
    assert mail.outbox == []
    message = OutboundMessage.objects.get()
    assert "/password/reset/" in message.body
    assert "leader" in message.body


def test_a_reset_link_works_once_and_ends_the_sessions(world: World) -> None:
    stolen = world.client("leader")
    Client().post("/password/reset/", {"email": "leader@example.org"})
    found = re.search(r"/password/reset/\S+", OutboundMessage.objects.get().body)
    assert found
    client, new = Client(), "quite another password"
    form = client.get(found[0], follow=True).request["PATH_INFO"]
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert stolen.get("/my/").status_code == 302
    assert "has been used or has expired" in Client().get(found[0], follow=True).content.decode()
    assert Entry.objects.filter(action="user.password_changed").count() == 1
