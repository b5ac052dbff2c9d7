"""What proves a signature: what was shown, how the person was known; in the PDF and as JSON."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest

from portal.accounts.models import User
from portal.workdays import clock
from responsibility import evidence, letter_pdf
from responsibility.canonical import sha256_of
from responsibility.errors import NotShown
from responsibility.models import Letter, LetterState, Side
from tests.responsibility.letters import fresh, ready
from tests.world import PASSWORD, World


@pytest.fixture
def letter(world: World) -> Letter:
    return ready(world)["B"]


def sign_on_page(world: World, letter: Letter, **changes: str) -> Any:
    client, url = world.client("leader"), f"{letter.get_absolute_url()}sign/"
    form = client.get(url).context["form"]
    filled = {
        "idempotency_key": str(uuid4()), "read": "on", "typed_name": "许志新", "password": PASSWORD,
        "version": str(letter.version), "shown": form["shown"].value(), "parts": "objectives,tasks,nonsense",
    }  # fmt: skip
    return client.post(url, filled | changes)


def test_the_signature_keeps_what_was_shown_and_how_the_leader_was_known(world: World, letter: Letter) -> None:
    """The words of the language on the screen, since when, how far it was scrolled; the password typed again."""
    assert sign_on_page(world, letter).status_code == 302
    signature = letter.signatures.get(side=Side.UNIT)
    shown = signature.shown
    assert shown["whole"] is True
    assert shown["language"] == "en"
    assert shown["sha256"] == evidence.text_sha256(letter)
    assert shown["parts_reached"] == ["objectives", "tasks"]
    assert shown["parts"][-1] == "signatures"
    assert signature.authenticated[-1]["how"] == "password again"


@pytest.mark.parametrize("token", ["", "made up"])
def test_without_what_the_page_showed_nothing_is_signed(world: World, letter: Letter, token: str) -> None:
    answer = sign_on_page(world, letter, shown=token)
    assert answer.status_code == 409
    assert "Load it again" in answer.content.decode()
    assert fresh()["B"].state == LetterState.HEAD_SIGNED


def test_a_page_of_another_letter_person_or_day_proves_nothing(world: World, letter: Letter) -> None:
    """Replayed from elsewhere, or left open over night."""
    leader, other = world.user("leader"), world.user("other_leader")
    token = evidence.shown_token(letter, leader)
    assert evidence.read_shown(token, letter, leader)["whole"]
    with pytest.raises(NotShown):
        evidence.read_shown(token, fresh()["O"], leader)
    with pytest.raises(NotShown):
        evidence.read_shown(token, letter, other)
    with clock.frozen(clock.now() + evidence.SHOWN_FOR + timedelta(minutes=1)), pytest.raises(NotShown):
        evidence.read_shown(token, letter, leader)


def test_the_head_is_said_to_have_signed_a_batch(world: World, letter: Letter) -> None:
    """No more than what was on the screen."""
    shown = letter.signatures.get(side=Side.GROUP).shown
    assert shown["whole"] is False
    assert shown["letters"] >= 1


def test_the_pdf_has_a_page_of_evidence(world: World, letter: Letter) -> None:
    """Who, in which office, when, from where, how known, what was shown."""
    sign_on_page(world, letter)
    content = b"".join(letter_pdf.sealed(fresh()["B"], "en").file.chunks())
    document = pypdfium2.PdfDocument(content)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    text = "".join(pages).replace("\r", "").replace("\n", "")
    for words in ("Evidence of the signatures", "password typed again", "the whole letter, in English", "127.0.0.1"):
        assert words.replace(" ", "") in text.replace(" ", ""), words
    assert evidence.text_sha256(letter) in text


def test_the_evidence_as_json_can_be_checked_by_anybody(world: World, letter: Letter) -> None:
    """The words are in it, and give the fingerprint that both signed; the documents with theirs."""
    sign_on_page(world, letter)
    document = letter_pdf.sealed(fresh()["B"], "zh-hans")
    answer = world.client("leader").get(f"{letter.get_absolute_url()}evidence/")
    told = json.loads(answer.content)
    assert sha256_of(told["content"]) == told["content_sha256"]
    assert {entry["content_sha256"] for entry in told["signatures"]} == {told["content_sha256"]}
    assert [entry["side"] for entry in told["signatures"]] == ["group", "unit"]
    assert told["signatures"][1]["office"]["en"] == "Director, Finance Bureau"
    assert [entry["sha256"] for entry in told["documents"]] == [document.sha256]
    assert world.client("other_leader").get(f"{letter.get_absolute_url()}evidence/").status_code == 404


def test_how_a_second_factor_was_used_is_kept(world: World, letter: Letter) -> None:
    """What the session knows of signing in goes into the signature."""
    client, url = world.client("leader"), f"{letter.get_absolute_url()}sign/"
    session = client.session
    at = clock.now().timestamp()
    session["account_authentication_methods"] = [
        {"method": "password", "at": at, "username": "leader"},
        {"method": "mfa", "at": at, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = str(User.objects.get(pk=world.user("leader").pk).pk)
    session.save()
    form = client.get(url).context["form"]
    filled = {
        "idempotency_key": str(uuid4()), "read": "on", "typed_name": "许志新", "password": PASSWORD,
        "version": str(letter.version), "shown": form["shown"].value(), "parts": "",
    }  # fmt: skip
    assert client.post(url, filled).status_code == 302
    known = [entry["how"] for entry in letter.signatures.get(side=Side.UNIT).authenticated]
    assert known == ["password", "totp", "password again"]
