"""A form that changes something: once however often it is posted, nothing half done, nothing typed lost."""

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from portal.accounts.models import User
from portal.web import idempotency
from portal.web.models import Job, SubmittedForm
from portal.workdays import clock
from tests.web.conftest import browser, person

pytestmark = pytest.mark.urls("tests.web.pages")
URL = "/notes/write/"
committed = pytest.mark.django_db(transaction=True)


def post(client: Client, note: str, key: Any = None) -> Any:
    return client.post(URL, {"note": note, "idempotency_key": str(key or uuid.uuid4())})


@committed
def test_it_does_it_and_leads_to_the_result() -> None:
    answer = post(browser(person("alice")), "milk")
    assert answer.status_code == 302
    assert answer["Location"] == f"/notes/?kind={Job.objects.get().pk}"


@committed
def test_the_same_post_twice_is_done_once_and_answered_alike() -> None:
    client, key = browser(person("alice")), uuid.uuid4()
    first, second = post(client, "milk", key), post(client, "milk", key)
    assert first["Location"] == second["Location"]
    assert Job.objects.count() == 1


@committed
def test_the_key_of_one_person_is_not_that_of_another() -> None:
    key = uuid.uuid4()
    post(browser(person("alice")), "milk", key)
    post(browser(person("bob")), "milk", key)
    assert Job.objects.count() == 2


@committed
@pytest.mark.parametrize(
    ("note", "status", "sentence"),
    [
        ("refused", 400, "Note refused is not taken."),
        ("forbidden", 403, "This is not for your office to do."),
        ("conflict", 409, "Now stored: version 7."),
    ],
)
def test_a_refusal_is_a_sentence_and_leaves_no_trace(note: str, status: int, sentence: str) -> None:
    answer = post(browser(person("alice")), note)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not Job.objects.exists()
    assert not SubmittedForm.objects.exists()


@committed
@pytest.mark.parametrize("note", ["refused", "conflict", "far too long for the field"])
def test_what_was_typed_and_the_key_stay_in_the_form(note: str) -> None:
    key = uuid.uuid4()
    page = post(browser(person("alice")), note, key).content.decode()
    assert f'value="{note}"' in page
    assert f'value="{key}"' in page


@committed
def test_after_a_refusal_the_mended_form_works() -> None:
    client, key = browser(person("alice")), uuid.uuid4()
    assert post(client, "refused", key).status_code == 400
    assert post(client, "milk", key).status_code == 302


def test_a_form_that_is_wrong_is_422(client: Client) -> None:
    assert client.post(URL, {"note": ""}).status_code == 422


def test_each_form_has_its_own_key(client: Client) -> None:
    keys = {str(client.get(URL).context["idempotency_key"]) for _ in range(2)}
    assert len(keys) == 2


@committed
def test_a_damaged_key_does_not_break_the_form() -> None:
    assert post(browser(person("alice")), "milk", "no key").status_code == 302


def test_who_has_not_signed_in_is_sent_to_sign_in(db: None) -> None:
    answer = Client().post(URL, {"note": "milk"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
    assert not Job.objects.exists()


def test_a_form_from_elsewhere_is_refused_in_words(alice: User) -> None:
    answer = browser(alice, enforce_csrf_checks=True).post(URL, {"note": "milk"})
    assert answer.status_code == 403
    assert b"<h1" in answer.content


def post_together(user: User, keys: list[uuid.UUID]) -> list[int]:
    """Post from several threads at once, the rows of the deed held back until all are at it."""
    barrier, statuses = threading.Barrier(len(keys)), []

    def one(key: uuid.UUID) -> None:
        try:
            client = browser(user)
            barrier.wait(10)
            statuses.append(post(client, "milk", key).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return statuses


@committed
def test_six_posts_at_once_are_one_deed() -> None:
    assert post_together(person("alice"), [uuid.uuid4()] * 6) == [302] * 6
    assert Job.objects.count() == 1


@pytest.fixture
def without_the_index() -> Iterator[None]:
    """The table as it would be without its unique constraint."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE web_submittedform DROP CONSTRAINT form_submitted_once")
    yield
    SubmittedForm.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE web_submittedform ADD CONSTRAINT form_submitted_once UNIQUE (user_id, purpose, key)"
        )


@committed
def test_without_the_unique_index_the_race_is_lost(
    transactional_db: None, without_the_index: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: looking first and writing then, with the constraint off, doubles the deed."""
    gate = threading.Barrier(6)

    def naive(user_id: int, purpose: str, key: uuid.UUID) -> str | None:
        found = SubmittedForm.objects.filter(user_id=user_id, purpose=purpose, key=key).first()
        gate.wait(10)
        if found:
            return found.result_url
        SubmittedForm.objects.create(user_id=user_id, purpose=purpose, key=key, at=clock.now())
        return None

    monkeypatch.setattr(idempotency, "begin", naive)
    post_together(person("alice"), [uuid.uuid4()] * 6)
    assert Job.objects.count() == 6
