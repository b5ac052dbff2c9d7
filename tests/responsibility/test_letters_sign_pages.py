"""The page on which a leader reads and signs, and the receipt."""

from datetime import date
from uuid import uuid4

import pytest

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.obligations import services as obligations
from portal.workdays import clock
from responsibility import evidence
from responsibility.models import Letter, Side, Signature
from tests.responsibility.letters import YEAR, ready, sign
from tests.world import PASSWORD, World


def _form(letter: Letter, **changes: str) -> dict[str, str]:
    filled = {"idempotency_key": str(uuid4()), "read": "on", "typed_name": "许志新", "password": PASSWORD}
    shown = evidence.shown_token(letter, User.objects.get(person=letter.tenure.person))  # type: ignore[union-attr]
    return filled | {"version": str(letter.version), "shown": shown} | changes


def test_the_page_shows_the_frozen_words_and_the_box_after_them(world: World) -> None:
    """The sections in order, then the signature."""
    letter = ready(world)["B"]
    page = world.client("leader").get(f"{letter.get_absolute_url()}sign/").content.decode()
    assert letter.content["opening"]["en"] in page
    assert page.index("section-objectives") < page.rindex("section-accountability") < page.index('id="sign-form"')


def test_signing_on_the_page_leads_to_the_receipt_once(world: World) -> None:
    """The same post again gives the same receipt; a new one a sentence; reading the page again the receipt."""
    letter = ready(world)["B"]
    client, url, form = world.client("leader"), f"{letter.get_absolute_url()}sign/", _form(letter)
    first = client.post(url, form)
    assert (first.status_code, first["Location"]) == (302, f"{letter.get_absolute_url()}signed/")
    assert client.post(url, form)["Location"] == first["Location"]
    again = client.post(url, _form(letter))
    assert again.status_code == 409
    assert "Nobody signs twice" in again.content.decode()
    assert client.get(url)["Location"] == first["Location"]
    receipt = client.get(first["Location"]).content.decode()
    assert letter.content_sha256 in receipt
    assert f"<dd>{letter.number}</dd>" in receipt
    assert Signature.objects.filter(letter=letter, side=Side.UNIT).count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"password": "wrong"}, "password", "This is not your password"),
        ({"typed_name": "Nobody"}, "typed_name", "Xu Zhixin"),
        ({"read": ""}, "read", "Read the letter to its end"),
    ],
)
def test_what_is_wrong_stands_at_its_field(world: World, changes: dict[str, str], field: str, sentence: str) -> None:
    """And what was typed stays."""
    letter = ready(world)["B"]
    answer = world.client("leader").post(f"{letter.get_absolute_url()}sign/", _form(letter, **changes))
    assert answer.status_code in (400, 422)
    assert any(sentence in error for error in answer.context["form"].errors[field])
    assert not Signature.objects.filter(side=Side.UNIT).exists()


def test_another_leader_finds_nothing(world: World) -> None:
    """404, for reading, signing, the receipt and the PDF."""
    letter = ready(world)["B"]
    for page in ("", "sign/", "signed/", "pdf/"):
        assert world.client("other_leader").get(f"{letter.get_absolute_url()}{page}").status_code == 404
    assert world.client("other_leader").post(f"{letter.get_absolute_url()}sign/", _form(letter)).status_code == 404


def test_two_tabs_give_one_signature(world: World) -> None:
    """Each tab has a key of its own: the second is told that the letter is signed."""
    letter = ready(world)["B"]
    client, url = world.client("leader"), f"{letter.get_absolute_url()}sign/"
    first, second = (client.get(url).context for _tab in range(2))
    assert first["idempotency_key"] != second["idempotency_key"]
    answers = [client.post(url, _form(letter, idempotency_key=str(tab["idempotency_key"]))) for tab in (first, second)]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert Signature.objects.filter(letter=letter, side=Side.UNIT).count() == 1
    assert Entry.objects.filter(action="letter.signed").count() == 1


def test_late_is_said_on_the_receipt(world: World) -> None:
    """A letter signed after its day stays late."""
    letter = ready(world)["B"]
    with clock.frozen(date(2026, 4, 8)):
        sign(world, "leader", letter)
        letter.refresh_from_db()
        assert letter.obligation.is_late


def test_the_receipt_names_what_is_owed_next(world: World) -> None:
    """The most urgent duty with its day; nothing where nothing is owed."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    receipt = world.client("leader").get(f"{letter.get_absolute_url()}signed/").content.decode()
    assert "Nothing else is open." in receipt
    for day, label in ((date(2026, 6, 30), "Annual report"), (date(2026, 3, 10), "Half-yearly report")):
        obligations.open_duty("report", world.unit("B").pk, day, label_en=label, label_zh="报告", year=YEAR)
    receipt = world.client("leader").get(f"{letter.get_absolute_url()}signed/").content.decode()
    assert "Write the report: Half-yearly report" in receipt
    assert "Due in 6 working days (Tue 10 Mar)" in receipt
    assert "Annual report" not in receipt
