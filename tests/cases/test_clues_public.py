"""The public page: what is sent by everybody, and what a sender follows by a receipt."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.errors import NoQuestion, NoReceipt
from cases.models import Clue
from cases.services import clues
from cases.services.clues import opening
from portal.notices.models import Notice
from tests.cases.clues import SECRET, dump, named, opened
from tests.world import World


def sent(world: World, **data: Any) -> Any:
    typed = {"content": SECRET, "idempotency_key": str(uuid.uuid4())} | data
    return world.client("anonymous").post("/report/", typed, REMOTE_ADDR="203.0.113.7")


def receipt_of(answer: Any) -> str:
    text = answer.content.decode().split('class="p-receipt-no">')[1]
    return text.split("<")[0].strip()


def test_a_sender_is_given_a_receipt_and_follows_the_clue_by_it(world: World) -> None:
    receipt = receipt_of(sent(world))
    assert len(receipt.replace(" ", "")) == 16
    clue = Clue.objects.get()
    page = world.client("anonymous").post("/report/follow/", {"receipt": receipt})
    assert "waits for its officers" in page.content.decode()
    named(world, clue)
    clues.ask_sender(world.user("coordinator"), clue.pk, text="哪一年开始的")
    page = world.client("anonymous").post("/report/follow/", {"receipt": receipt})
    assert "哪一年开始的" in page.content.decode()
    world.client("anonymous").post("/report/follow/", {"receipt": receipt, "text": "从二〇二三年起"})
    assert "从二〇二三年起" in opened(world, clue)
    assert Notice.objects.filter(kind="clue_answered").exists()
    clues.close_clue(
        world.user("coordinator"), clue.pk, expected_version=1, result="filed", reasons="属实", reply="已立案，谢谢"
    )
    page = world.client("anonymous").post("/report/follow/", {"receipt": receipt}).content.decode()
    assert "已立案，谢谢" in page
    assert "属实" not in page
    with pytest.raises(NoQuestion):
        clues.answer_question(clue.pk, "x")


def test_neither_address_nor_receipt_of_a_sender_is_kept(world: World) -> None:
    receipt = receipt_of(sent(world))
    written = dump()
    assert "203.0.113.7" not in written
    assert receipt not in written
    assert receipt.replace(" ", "") not in written


def test_the_same_post_twice_makes_one_clue(world: World) -> None:
    key = str(uuid.uuid4())
    assert sent(world, idempotency_key=key).status_code == 200
    assert sent(world, idempotency_key=key).status_code == 409
    assert Clue.objects.count() == 1


def test_an_address_that_sends_too_often_is_throttled(world: World) -> None:
    assert [sent(world).status_code for _post in range(6)] == [200] * 5 + [429]


def test_a_file_is_sealed_and_read_by_an_officer_who_opened_the_clue(world: World) -> None:
    answer = sent(world, attached=SimpleUploadedFile("账本.txt", "回扣清单".encode()))
    assert answer.status_code == 200, answer.content.decode()
    clue = Clue.objects.get()
    file = clue.files.get()
    with file.file.open("rb") as kept:
        assert "回扣清单".encode() not in kept.read()
    assert "账本".encode().hex() not in dump()
    named(world, clue)
    made = clues.open_clue(world.user("coordinator"), clue.pk, purpose="verify")
    assert opening.read_file(world.user("coordinator"), made.pk, file.pk)[2].decode() == "回扣清单"
    url = f"/cases/clues/opened/{made.pk}/files/{file.pk}/"
    assert world.client("coordinator").get(url)["Content-Disposition"].startswith("attachment")
    assert world.client("head").get(url).status_code == 404


def test_a_file_that_is_no_document_is_refused_and_nothing_is_kept(world: World) -> None:
    answer = sent(world, attached=SimpleUploadedFile("run.exe", b"MZ\x00\x00"))
    assert answer.status_code in (400, 422)
    assert not Clue.objects.exists()


def test_a_receipt_that_was_never_given_tells_nothing(world: World) -> None:
    sent(world)
    for typed in ("1234567890123456", "12", "abc"):
        page = world.client("anonymous").post("/report/follow/", {"receipt": typed})
        assert page.status_code == 422
        assert "No clue has this receipt" in page.content.decode()


def test_a_closed_public_page_is_not_there(world: World) -> None:
    url = "/cases/clues/settings/"
    typed = {"office": "", "verify_months": 3, "version": 0, "idempotency_key": str(uuid.uuid4())}
    assert world.client("coordinator").post(url, typed).status_code == 302
    assert world.client("anonymous").get("/report/").status_code == 404


def test_who_has_no_receipt_cannot_be_asked(world: World, clue: Clue) -> None:
    named(world, clue)
    with pytest.raises(NoReceipt):
        clues.ask_sender(world.user("coordinator"), clue.pk, text="?")
