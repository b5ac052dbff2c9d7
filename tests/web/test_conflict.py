"""Somebody saved first: both versions side by side, both ways on, nothing typed lost."""

import re
from typing import Any

import pytest
from django.test import Client

from portal.web import conflicts
from portal.web.models import Job
from portal.workdays import clock
from tests.web.conftest import browser, person
from tests.web.pages import CardForm

pytestmark = [pytest.mark.urls("tests.web.pages"), pytest.mark.django_db(transaction=True)]
STORED = {"version": 3, "summary": "Two talks in May.", "colour": "r", "place": "Hall"}
TYPED = {"version": "2", "summary": "Two talks in June.", "colour": "g", "place": "Hall", "code": "secret"}


@pytest.fixture
def client() -> Client:
    return browser(person("alice"))


@pytest.fixture
def card(client: Client) -> Job:
    from portal.accounts.models import User

    return Job.objects.create(owner=User.objects.get(), kind="card", params=STORED, created_at=clock.now())


def post(client: Client, card: Job, **changes: Any) -> Any:
    return client.post(f"/notes/{card.pk}/card/", TYPED | changes)


def hidden(page: str) -> dict[str, str]:
    """What the form on the page would send by itself."""
    tags = re.findall(r"<input type=\"hidden\"[^>]*>", page[page.index('id="conflict-form"') :])
    return {re.findall(r'name="([^"]*)"', t)[0]: re.findall(r'value="([^"]*)"', t)[0] for t in tags}


def test_what_differs_stands_side_by_side_word_by_word(client: Client, card: Job) -> None:
    answer = post(client, card)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.count("<h1") == 1
    assert "Two talks in <del>May</del>." in page
    assert "Two talks in <ins>June</ins>." in page
    assert "<del>Red</del>" in page
    assert "<ins>Green</ins>" in page
    assert [item.field.name for item in answer.context["compared"]] == ["summary", "colour"]
    assert "Now stored: version 3." in page
    assert "2 fields differ." in page


def test_what_is_alike_is_kept_and_the_version_is_the_newest(client: Client, card: Job) -> None:
    sent = hidden(post(client, card).content.decode())
    assert (sent["place"], sent["version"]) == ("Hall", "3")


def test_a_password_is_never_sent_back(client: Client, card: Job) -> None:
    page = post(client, card).content.decode()
    assert "secret" not in page
    assert 'type="password" name="code"' in page


def test_mine_goes_on_top_of_the_newest_version(client: Client, card: Job) -> None:
    answer = post(client, card)
    again = {field.html_name: field.value() for field in answer.context["form"]} | {"code": "secret"}
    assert client.post(f"/notes/{card.pk}/card/", again).status_code == 302
    card.refresh_from_db()
    assert card.params == {"version": 4, "summary": "Two talks in June.", "colour": "g", "place": "Hall"}


def test_the_stored_one_can_be_taken(client: Client, card: Job) -> None:
    page = post(client, card).content.decode()
    assert f'href="/notes/{card.pk}/card/"' in page
    assert "Two talks in May." in client.get(f"/notes/{card.pk}/card/").content.decode()
    card.refresh_from_db()
    assert card.params == STORED


def test_saved_a_third_time_meanwhile_it_is_told_again(client: Client, card: Job) -> None:
    Job.objects.update(params=STORED | {"version": 9})
    assert 'name="version" value="9"' in post(client, card, version="3").content.decode()


def test_words_of_chinese_are_compared_sign_by_sign() -> None:
    form = CardForm({"summary": "五月谈话两次"})
    found = conflicts.compare(form, {"summary": "六月谈话两次"})
    assert (found[0].stored, found[0].typed) == ("<del>六</del>月谈话两次", "<ins>五</ins>月谈话两次")


def test_what_was_typed_is_never_markup() -> None:
    found = conflicts.compare(CardForm({"summary": "<b>x"}), {"summary": "<i>x"})
    assert "<b>" not in found[0].typed
    assert "<i>" not in found[0].stored


def test_a_very_long_text_is_shown_without_marks() -> None:
    found = conflicts.compare(CardForm({"summary": "a " * 5000}), {"summary": "b " * 5000})
    assert "<ins>" not in found[0].typed
