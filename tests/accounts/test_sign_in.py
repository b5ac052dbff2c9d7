"""Signing in, passwords, preferences: with the real pages."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.notices.models import OutboundMessage
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


def ask_for_password(address: str) -> Any:
    return Client(raise_request_exception=False).post("/password/reset/", {"email": address})


def test_a_reset_link_waits_in_the_outbox_and_the_answer_tells_nothing(world: World) -> None:
    known, unknown = ask_for_password("leader@example.org"), ask_for_password("nobody@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    message = OutboundMessage.objects.get()
    assert (message.recipient, message.secret) == (world.users["leader"], True)
    assert mail.outbox == []


def test_without_a_mail_server_known_and_unknown_addresses_get_the_same_answer(world: World, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert {ask_for_password(f"{name}@example.org").status_code for name in ("leader", "nobody")} == {302}


def test_a_known_and_an_unknown_address_cost_the_database_the_same_but_for_the_letter(world: World) -> None:
    def asked(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as caught:
            ask_for_password(address)
        return [query["sql"].split('"')[0] for query in caught if not query["sql"].startswith('INSERT INTO "notices')]

    asked("other_leader@example.org")
    assert asked("leader@example.org") == asked("nobody@example.org")


def test_the_link_of_the_letter_leads_to_a_new_password_once(world: World) -> None:
    ask_for_password("leader@example.org")
    found = re.search(rf"{settings.SITE_URL}(/password/reset/\S+)", OutboundMessage.objects.get().body)
    assert found is not None
    client = Client()
    form = client.get(found[1])["Location"]
    new = "another long password"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(Client(), "leader", new) == 302
    assert b"has been used" in Client().get(found[1]).content
    assert OutboundMessage.objects.latest("pk").subject == "Your password for the prevention portal was changed"


def test_the_letter_speaks_as_the_portal_in_the_language_of_its_reader(world: World) -> None:
    ask_for_password("leader@example.org")
    message = OutboundMessage.objects.get()
    assert (message.language, message.subject) == ("en", "Choose a new password for the prevention portal")
    assert "Xu Zhixin" in message.body
    assert "user name is leader" in message.body
    User.objects.filter(username="leader").update(language="zh-hans")
    ask_for_password("leader@example.org")
    message = OutboundMessage.objects.latest("pk")
    assert (message.language, "许志新" in message.body) == ("zh-hans", True)


def test_a_forged_host_does_not_get_into_the_letter(world: World, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Client().post("/password/reset/", {"email": "leader@example.org"}, headers={"host": "evil.example"})
    assert "evil.example" not in OutboundMessage.objects.get().body


def test_who_asked_for_a_password_is_in_the_log_without_the_typed_address(world: World) -> None:
    ask_for_password("leader@example.org")
    ask_for_password("nobody@example.org")
    entries = Entry.objects.filter(action="user.password_reset_asked").order_by("seq")
    assert [entry.subject_id for entry in entries] == [str(world.users["leader"].pk), ""]


def test_after_the_letter_is_asked_for_there_is_a_way_back(world: World) -> None:
    assert b'href="/sign-in/"' in Client().get("/password/reset/sent/").content


def test_the_administration_is_entered_through_the_portals_sign_in(world: World) -> None:
    User.objects.create_superuser("root", PASSWORD)
    client = Client()
    assert client.post("/admin/login/", {"username": "root", "password": PASSWORD})["Location"].startswith("/sign-in/")
    for _try in range(5):
        sign_in(client, "root", "wrong")
    sign_in(client, "root", PASSWORD)
    assert client.get("/admin/").status_code == 302
    assert world.client("leader").get("/admin/login/").status_code == 403


def test_a_network_that_tries_too_often_gets_a_page_that_says_when_to_try_again(world: World, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "3/m/ip"}
    answers = [Client().post("/sign-in/", {"login": f"n{n}", "password": "wrong"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3]["Retry-After"] == "60"
    assert "Try again after 09:02" in answers[3].content.decode()


@pytest.mark.parametrize("password", ["short", "password123456", "leader@example.org"])
def test_a_refused_password_is_explained_in_our_words(world: World, password: str) -> None:
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    text = world.client("leader").post("/password/change/", form).content.decode()
    assert re.search("Write at least 12|Choose another", text)


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
