"""The pages of a report: it saves itself, says what is missing, keeps the declaration closed, goes there and back."""

from datetime import date
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.workdays import clock
from responsibility.models import Remark, Report, ReportState, Submission
from tests.responsibility.letters import YEAR
from tests.responsibility.reports import BASE, JSON, fill, hand_in
from tests.world import World


def test_a_part_saves_itself_while_it_is_typed(world: World, report: Report) -> None:
    """The script gets the new version; an outdated one is told, and the stored text stays."""
    client = world.client("leader")
    first = client.post(f"{BASE}work/", {"work-summary": "A", "version": "0"}, headers=JSON)
    assert (first.status_code, first.json()["version"]) == (200, 1)
    late = client.post(f"{BASE}work/", {"work-summary": "B", "version": "0"}, headers=JSON)
    assert (late.status_code, late.json()["version"]) == (409, 1)
    report.refresh_from_db()
    assert report.work["summary"] == "A"


def test_two_who_write_one_draft_lose_nothing(world: World, report: Report) -> None:
    """The slower sees the conflict with what he typed still in the form."""
    world.client("liaison").post(f"{BASE}work/", {"work-summary": "By the liaison", "version": "0"})
    answer = world.client("leader").post(f"{BASE}work/", {"work-summary": "By the leader", "version": "0"})
    assert answer.status_code == 409
    assert "By the leader" in answer.content.decode()
    report.refresh_from_db()
    assert report.work["summary"] == "By the liaison"


def test_a_date_that_is_none_is_said_at_its_field(world: World, report: Report) -> None:
    """To who presses the button; nothing is saved then."""
    typed = {"target-plan-remedy_on": "31.02.2026", "version": "0"}
    page = world.client("leader").post(f"{BASE}targets/", typed)
    assert page.status_code == 422
    assert "is not a date" in str(page.context["form"].errors["target-plan-remedy_on"])
    report.refresh_from_db()
    assert report.version == 0


def test_an_incomplete_report_is_refused_with_the_way_to_each_field(world: World, report: Report) -> None:
    """The page lists what is missing before it is asked."""
    page = world.client("leader").get(f"{BASE}submit/").content.decode()
    assert f"{BASE}work/?back=check&amp;at=work-summary#div_id_work-summary" in page
    answer = world.client("leader").post(f"{BASE}submit/", {"version": "0"})
    assert answer.status_code == 400
    assert not Submission.objects.exists()


def test_handing_in_works_once_however_often_it_is_posted(world: World, report: Report) -> None:
    """The same post leads to the same page; another finds it handed in."""
    fill(world, report)
    form = {"version": str(report.version), "idempotency_key": str(uuid4())}
    first = world.client("leader").post(f"{BASE}submit/", form)
    assert world.client("leader").post(f"{BASE}submit/", form)["Location"] == first["Location"]
    again = world.client("leader").post(f"{BASE}submit/", {"version": str(report.version)})
    assert again.status_code == 409
    assert Submission.objects.count() == 1


def test_the_declaration_is_read_by_few(world: World, report: Report) -> None:
    """Leader, leading group, coordinator; neither liaison nor auditor learn a word of it."""
    hand_in(world, report)
    for name in ("leader", "head", "coordinator"):
        assert "Secret of the leader" in world.client(name).get(BASE).content.decode(), name
    for name in ("liaison", "auditor"):
        page = world.client(name).get(BASE)
        assert page.status_code == 200
        assert "Secret of the leader" not in page.content.decode(), name
    assert world.client("liaison").get(f"{BASE}clean/").status_code == 403
    assert world.client("system_admin").get(BASE).status_code == 404


def test_a_report_goes_back_with_remarks_and_comes_again(world: World, report: Report) -> None:
    """Returned by the coordinator, answered, handed in, accepted."""
    hand_in(world, report)
    coordinator, leader = world.client("coordinator"), world.client("leader")
    empty = coordinator.post(f"{BASE}return/", {"version": report.version})
    assert empty.status_code == 400
    remark = {"remark-work-": "Name the date.", "remark-targets-plan": "Attach the plan.", "version": report.version}
    assert coordinator.post(f"{BASE}return/", remark).status_code == 302
    assert Remark.objects.count() == 2
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED
    assert "Name the date." in leader.get(f"{BASE}work/").content.decode()
    assert leader.post(f"{BASE}submit/", {"version": report.version}).status_code == 302
    report.refresh_from_db()
    assert coordinator.post(f"{BASE}accept/", {"version": report.version}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.submissions.count()) == (ReportState.ACCEPTED, 2)


def test_remarks_on_the_declaration_are_as_closed_as_it_is(world: World, report: Report) -> None:
    """The liaison sees the others."""
    hand_in(world, report)
    remark = {"remark-clean-": "Which car?", "remark-work-": "Name the date.", "version": report.version}
    world.client("coordinator").post(f"{BASE}return/", remark)
    page = world.client("liaison").get(BASE).content.decode()
    assert "Name the date." in page
    assert "Which car?" not in page


def test_a_closed_period_takes_nothing(world: World, report: Report) -> None:
    """Neither a part nor the report; what was typed stays in the form."""
    with clock.frozen(date(2026, 8, 3)):
        answer = world.client("leader").post(f"{BASE}work/", {"work-summary": "Too late", "version": "0"})
        assert answer.status_code == 409
        assert "The period is closed" in answer.content.decode()
        assert "Too late" in answer.content.decode()


def test_a_program_is_no_attachment(world: World, report: Report) -> None:
    """Whatever it is called; a text is one."""
    client = world.client("leader")
    program = SimpleUploadedFile("minutes.pdf", b"MZ\x90\x00" + b"\x00" * 200)
    assert client.post(f"{BASE}files/", {"file": program}).status_code == 400
    text = SimpleUploadedFile("minutes.txt", b"Minutes of 12 May")
    assert client.post(f"{BASE}files/", {"file": text}).status_code == 302
    assert "minutes.txt" in client.get(BASE).content.decode()


def test_another_units_report_does_not_exist(world: World, report: Report) -> None:
    """For reading, writing, handing in and review."""
    for page in ("", "work/", "submit/", "files/", "return/", "accept/"):
        assert world.client("other_leader").get(f"{BASE}{page}").status_code == 404, page


def test_a_period_is_opened_once(world: World, report: Report) -> None:
    """A second of the same kind and number is a sentence; days out of order are, too."""
    client = world.client("coordinator")
    form = {"year": YEAR, "kind": "half-year", "number": 1, "opens_on": "2026-06-01", "due_on": "2026-07-10"}
    again = client.post("/reports/open/", form)
    assert again.status_code == 409
    assert "open already" in again.content.decode()
    turned = client.post("/reports/open/", form | {"number": 2, "due_on": "2026-05-01"})
    assert turned.status_code == 422
    assert client.post("/reports/open/", form | {"kind": "annual", "number": 2}).status_code == 422
