"""Evidence: attached while the report is written at, frozen by its fingerprint once it was handed in."""

from uuid import uuid4

import pytest

from portal.documents import services as documents
from portal.documents.models import Attachment
from responsibility.canonical import sha256_of
from responsibility.errors import FileHandedIn
from responsibility.models import Part, Report
from responsibility.services import reports
from tests.responsibility.reports import BASE, hand_in, send_back, text
from tests.world import World


def test_a_submission_names_its_files_inside_what_is_hashed(world: World, report: Report) -> None:
    plan = reports.attach(world.user("leader"), report.pk, Part.WORK, text("plan.txt"))
    declared = reports.attach(world.user("leader"), report.pk, Part.CLEAN, text("income.txt", b"My income"))
    kept = hand_in(world, report).submissions.get()
    assert kept.content["files"] == [{"name": "plan.txt", "sha256": plan.sha256, "size": plan.size}]
    assert kept.clean["files"] == [{"name": "income.txt", "sha256": declared.sha256, "size": declared.size}]
    assert kept.sha256 == sha256_of({"content": kept.content, "clean": kept.clean})


def test_evidence_that_was_handed_in_stays_and_the_page_does_not_offer_to_take_it_away(
    world: World, report: Report
) -> None:
    kept = reports.attach(world.user("leader"), report.pk, Part.WORK, text("plan.txt"))
    send_back(world, hand_in(world, report))
    client = world.client("leader")
    assert f"files/{kept.pk}/remove/" not in client.get(BASE).content.decode()
    answer = client.post(f"{BASE}files/{kept.pk}/remove/")
    assert answer.status_code == 409
    assert "plan.txt was handed in with the report and stays with it" in answer.content.decode()
    with pytest.raises(FileHandedIn):
        documents.detach(world.user("leader"), kept.pk)
    assert Attachment.objects.filter(pk=kept.pk).exists()


def test_a_file_attached_since_may_be_taken_away_again(world: World, report: Report) -> None:
    send_back(world, hand_in(world, report))
    client = world.client("liaison")
    assert client.post(f"{BASE}files/", {"file": text("new.txt")}).status_code == 302
    kept = Attachment.objects.get(name="new.txt")
    form = {"idempotency_key": str(uuid4())}
    assert f"files/{kept.pk}/remove/" in client.get(BASE).content.decode()
    assert client.post(f"{BASE}files/{kept.pk}/remove/", form).status_code == 302
    assert not Attachment.objects.exists()


def test_attaching_works_once_however_often_it_is_posted(world: World, report: Report) -> None:
    key = str(uuid4())
    for _again in range(2):
        form = {"file": text(), "idempotency_key": key}
        assert world.client("leader").post(f"{BASE}files/", form).status_code == 302
    assert Attachment.objects.count() == 1


def test_a_report_that_was_handed_in_takes_no_file_and_loses_none(world: World, report: Report) -> None:
    kept = reports.attach(world.user("leader"), report.pk, Part.WORK, text())
    hand_in(world, report)
    client = world.client("leader")
    for answer in (
        client.get(f"{BASE}files/"),
        client.post(f"{BASE}files/", {"file": text("late.txt")}),
        client.post(f"{BASE}files/{kept.pk}/remove/"),
    ):
        assert answer.status_code == 409
        assert "The report has been handed in" in answer.content.decode()
    assert [file.name for file in Attachment.objects.all()] == ["minutes.txt"]
