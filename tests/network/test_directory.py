"""The directory on paper: made for the one who asked, with what that one may see, gone after a day."""

import os
import uuid
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.core.files.storage import default_storage

from portal.network import directory_pdf
from portal.network.errors import TooManyLines
from portal.organisation.models import Person
from portal.web import jobs
from portal.web.models import Job, JobState
from portal.workdays import clock
from tests.world import World


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "".join(document[page].get_textpage().get_text_range() for page in range(len(document)))


def ordered(world: World, who: str, query: str) -> Job:
    job = directory_pdf.order(world.user(who), query)
    jobs.run(job.pk)
    return Job.objects.get(pk=job.pk)


def test_it_holds_what_the_page_showed_and_is_its_owners_alone(world: World) -> None:
    Person.objects.filter(employee_no="LEADER").update(phone="13905391234")
    job = ordered(world, "leader", "q=Finance")
    assert job.state == JobState.DONE
    answer: Any = world.client("leader").get(f"/network/directories/{job.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    shown = text_of(answer.content)
    assert "Xu Zhixin" in shown
    assert "13905391234" in shown
    assert "Transport" not in shown
    assert "1 / 1" in shown
    assert world.client("coordinator").get(f"/network/directories/{job.pk}/").status_code == 404


def test_it_is_landscape_and_holds_no_phone_of_others(world: World) -> None:
    Person.objects.filter(employee_no="LEADER").update(phone="13905391234")
    job = ordered(world, "other_leader", "")
    content = directory_pdf.made(world.user("other_leader"), job.pk)
    width, height = pypdfium2.PdfDocument(content)[0].get_size()
    assert width > height
    assert "13905391234" not in text_of(content)


def test_a_book_is_refused_with_the_way_out(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(directory_pdf, "LINES_MAX", 3)
    with pytest.raises(TooManyLines, match="Choose a part of the tree"):
        directory_pdf.order(world.user("leader"), "")
    assert directory_pdf.order(world.user("leader"), "part=T").total == 2


def test_ordered_twice_by_the_same_form_it_is_made_once(world: World) -> None:
    typed = {"query": "q=Finance", "idempotency_key": str(uuid.uuid4())}
    answers = [world.client("leader").post("/network/directories/order/", typed) for _time in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Job.objects.filter(kind=directory_pdf.KIND).count() == 1


def test_a_query_that_cannot_be_understood_is_refused(world: World) -> None:
    typed = {"query": "type=x", "idempotency_key": str(uuid.uuid4())}
    answer = world.client("leader").post("/network/directories/order/", typed)
    assert answer.status_code == 400
    assert "A filter cannot be understood" in answer.content.decode()


def test_a_day_later_it_is_gone(world: World) -> None:
    job = ordered(world, "leader", "q=Finance")
    made_at = (clock.now() - directory_pdf.KEPT - timedelta(minutes=1)).timestamp()
    os.utime(default_storage.path(job.result["file"]), (made_at, made_at))
    ordered(world, "coordinator", "q=Finance")
    assert world.client("leader").get(f"/network/directories/{job.pk}/").status_code == 404
