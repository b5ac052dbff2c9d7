"""The head of a leading group signs the batch: chosen letters or whole groups, once, by the right person."""

import re
from uuid import uuid4

import pytest
from django.db import transaction

from portal.audit.models import Entry
from portal.notices.models import Notice
from portal.organisation.models import LeadingGroup
from portal.web.errors import NotAllowed
from responsibility.errors import (
    NameDiffers,
    NothingChosen,
    SignedAlready,
)
from responsibility.models import Letter, Side, Signature
from responsibility.services import letters
from tests.responsibility.conftest import Capture
from tests.responsibility.letters import YEAR, fresh, issue, open_year, sign_for_group
from tests.world import PASSWORD, World


def test_the_head_signs_the_letters_of_the_group_in_one_act(world: World) -> None:
    """Each letter has a signature of its own; leaders and liaisons are told; another group's wait on."""
    open_year()
    issue(world)
    assert sign_for_group(world) == 4
    states = {code: letter.state for code, letter in fresh().items()}
    assert states == {"B": "head_signed", "O": "head_signed", "T": "head_signed", "X": "head_signed", "V": "issued"}
    signature = Signature.objects.get(letter=fresh()["B"])
    assert (signature.side, signature.person.name_en) == (Side.GROUP, "Wei Zhixin")
    assert signature.content_sha256 == fresh()["B"].content_sha256
    told = Notice.objects.filter(kind="letter_ready").values_list("recipient__username", flat=True)
    assert set(told) == {"leader", "liaison", "other_leader", "town_head"}
    assert Entry.objects.filter(action="letters.signed_for_group").count() == 1


def test_signing_hundreds_costs_the_same_statements(world: World, connection_queries: Capture) -> None:
    """Two letters cost as many statements as four."""
    open_year()
    made = issue(world)
    counts = []
    for codes in ("B", "OTX"):
        ids = [made[code].pk for code in codes]
        with connection_queries() as seen:
            letters.sign_for_group(world.user("head"), year=YEAR, letter_ids=ids, typed_name="Wei Zhixin")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_another_groups_letter_cannot_be_signed(world: World) -> None:
    """It does not exist for this head, and nothing of the batch is signed."""
    open_year()
    made = issue(world)
    chosen = [made["B"].pk, made["V"].pk]
    with pytest.raises(Letter.DoesNotExist), transaction.atomic():
        letters.sign_for_group(world.user("head"), year=YEAR, letter_ids=chosen, typed_name="卫志新")
    assert not Signature.objects.exists()


@pytest.mark.parametrize("name", ["leader", "coordinator", "auditor", "liaison"])
def test_nobody_but_the_head_signs_for_the_group(world: World, name: str) -> None:
    """Not even the coordinator."""
    open_year()
    made = issue(world)
    with pytest.raises(NotAllowed), transaction.atomic():
        letters.sign_for_group(world.user(name), year=YEAR, letter_ids=[made["B"].pk], typed_name="x")


def test_the_batch_is_signed_once_with_the_right_name(world: World) -> None:
    """A wrong name, no letter, and a second time: each its own sentence."""
    open_year()
    ids = [issue(world)["B"].pk]
    head = world.user("head")
    with pytest.raises(NothingChosen), transaction.atomic():
        letters.sign_for_group(head, year=YEAR, letter_ids=[], typed_name="卫志新")
    with pytest.raises(NameDiffers, match="Wei Zhixin"), transaction.atomic():
        letters.sign_for_group(head, year=YEAR, letter_ids=ids, typed_name="Somebody")
    assert letters.sign_for_group(head, year=YEAR, letter_ids=ids, typed_name=" wei  zhixin ") == 1
    with pytest.raises(SignedAlready), transaction.atomic():
        letters.sign_for_group(head, year=YEAR, letter_ids=ids, typed_name="卫志新")
    assert Signature.objects.count() == 1


def test_the_head_signs_the_batch_on_the_page(world: World) -> None:
    """Chosen letters only; a wrong password is said at its field and keeps the choice."""
    open_year()
    made = issue(world)
    client, url = world.client("head"), f"/letters/{YEAR}/sign/"
    page = client.get(url).content.decode()
    assert page.count('name="letters"') == 4
    form = {
        "idempotency_key": str(uuid4()), "letters": [str(made["B"].pk), str(made["O"].pk)], "typed_name": "Wei Zhixin",
    }  # fmt: skip
    wrong = client.post(url, form | {"password": "no"})
    assert "This is not your password" in str(wrong.context["form"].errors["password"])
    still = re.findall(r'name="letters" value="(\d+)"[^>]* checked', wrong.content.decode())
    assert sorted(still) == sorted(form["letters"])
    done = client.post(url, form | {"password": PASSWORD})
    assert done["Location"] == f"/letters/{YEAR}/?signed=2"
    assert client.post(url, form | {"password": PASSWORD})["Location"] == done["Location"]
    assert "You have signed 2 letters" in client.get(done["Location"]).content.decode()
    assert Signature.objects.count() == 2


def test_thousands_of_letters_fit_in_one_post(world: World) -> None:
    """Django's limit of 1,000 fields does not stop a head; keys named twice are one letter."""
    open_year()
    made = issue(world)
    form = {"letters": [str(made["B"].pk)] * 6000, "typed_name": "Wei Zhixin", "password": PASSWORD}
    assert world.client("head").post(f"/letters/{YEAR}/sign/", form)["Location"].endswith("?signed=1")


@pytest.mark.parametrize("chosen", [{"letters": "x"}, {"letters": "9" * 30}, {"wholes": "1"}, {"wholes": "1-x"}])
def test_a_choice_that_the_page_does_not_offer_is_a_sentence(world: World, chosen: dict[str, str]) -> None:
    """Whatever was posted in place of a key."""
    open_year()
    issue(world)
    form = chosen | {"typed_name": "Wei Zhixin", "password": PASSWORD}
    answer = world.client("head").post(f"/letters/{YEAR}/sign/", form)
    assert answer.status_code == 422
    assert "was not made on this page" in answer.content.decode()


def test_a_large_group_is_signed_as_a_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One box for all that the page knew of; a letter issued meanwhile waits on; another group is none of the head's."""
    monkeypatch.setattr("responsibility.views.signing.LISTED", 2)
    open_year()
    for code in ("B", "O", "T"):
        letters.issue_chunk(world.user("coordinator"), YEAR, path=str(world.unit(code).path), size=1)
    client, url = world.client("head"), f"/letters/{YEAR}/sign/"
    page = client.get(url).content.decode()
    assert 'name="letters"' not in page
    assert "All 3 letters of this group" in page
    issue(world)
    whole = re.findall(r'name="wholes"\s+value="([\d-]+)"', page)
    form = {"idempotency_key": str(uuid4()), "wholes": whole, "typed_name": "Wei Zhixin", "password": PASSWORD}
    wrong = client.post(url, form | {"password": "no"})
    assert "checked" in wrong.content.decode()
    assert client.post(url, form)["Location"] == f"/letters/{YEAR}/?signed=3"
    assert client.post(url, form)["Location"] == f"/letters/{YEAR}/?signed=3"
    again = client.post(url, form | {"idempotency_key": str(uuid4())})
    assert again.status_code == 409
    states = {code: letter.state for code, letter in fresh().items()}
    assert (states["B"], states["T"], states["X"]) == ("head_signed", "head_signed", "issued")
    town = LeadingGroup.objects.get(unit=world.unit("T"))
    other = client.post(url, form | {"idempotency_key": str(uuid4()), "wholes": f"{town.pk}-99"})
    assert other.status_code == 404


def test_of_a_large_group_single_letters_can_be_chosen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many at a time, the next once these are signed."""
    monkeypatch.setattr("responsibility.views.signing.LISTED", 2)
    open_year()
    issue(world)
    client, url = world.client("head"), f"/letters/{YEAR}/sign/?group={world.group.pk}"
    listed = re.findall(r'name="letters" value="(\d+)"', client.get(url).content.decode())
    assert len(listed) == 2
    form = {"letters": listed[:1], "typed_name": "Wei Zhixin", "password": PASSWORD}
    assert client.post(url, form)["Location"] == f"/letters/{YEAR}/?signed=1"
    assert listed[1] in re.findall(r'name="letters" value="(\d+)"', client.get(url).content.decode())


def test_the_page_of_the_batch_reads_the_words_of_one_letter(world: World, connection_queries: Capture) -> None:
    """A content is some 8 kB: of the others the page asks for the number alone."""
    open_year()
    issue(world)
    with connection_queries() as seen:
        world.client("head").get(f"/letters/{YEAR}/sign/")
    reading = [query["sql"] for query in seen if '"responsibility_letter"."content",' in query["sql"]]
    assert len(reading) == 1
    assert 'WHERE "responsibility_letter"."id" =' in reading[0]


def test_the_batch_is_for_heads_alone(world: World) -> None:
    """403 for others; 404 for a letter of another group."""
    open_year()
    made = issue(world)
    assert world.client("coordinator").get(f"/letters/{YEAR}/sign/").status_code == 403
    form = {"letters": [str(made["V"].pk)], "typed_name": "Wei Zhixin", "password": PASSWORD}
    assert world.client("head").post(f"/letters/{YEAR}/sign/", form).status_code == 404
