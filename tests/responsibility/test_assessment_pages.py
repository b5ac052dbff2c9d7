"""The pages of the assessment: the standard edited, a preview, the steps, a unit's score with its rows, the files."""

import io
from datetime import date
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from portal.documents.models import SealedDocument
from portal.workdays import clock
from responsibility.models import Assessment, AssessmentState, Criterion, SelfCheck, Standard
from tests.responsibility.assessment import UNTIL, adopted, opened, score_of, shown
from tests.responsibility.letters import YEAR
from tests.world import World

IN_WINDOW, AFTER = date(2027, 1, 10), date(2027, 1, 25)


def post(world: World, who: str, url: str, **values: Any) -> Any:
    return world.client(who).post(url, {"idempotency_key": str(uuid4())} | values)


def test_the_coordinator_edits_a_draft_without_code(world: World) -> None:
    """A mistake is a sentence at the field; what is right is kept."""
    row = Criterion.objects.get(code="signing")
    url = f"/assessment/standard/1/{row.pk}/"
    page = world.client("coordinator").get(url)
    assert b"responsibility.signing_days_late" in page.content
    values = {
        "kind": "indicator", "code": "signing", "name_en": "Signed", "name_zh": "签订", "points": "5", "order": "1",
    }  # fmt: skip
    for formula, sentence in (("a.b", "no measure"), ("1 / 0", "divides by what is 0"), ("x(", "cannot be read")):
        answer = post(world, "coordinator", url, formula=formula, **values)
        assert any(sentence in error for error in answer.context["form"].errors["formula"])
    good = "max(0, 100 - 5 * responsibility.signing_days_late)"
    assert post(world, "coordinator", url, formula=good, **values).status_code == 302
    row.refresh_from_db()
    assert row.formula == good


def test_a_version_is_adopted_on_its_page_once(world: World) -> None:
    url = "/assessment/standard/1/adopt/"
    assert post(world, "coordinator", url).status_code == 302
    assert post(world, "coordinator", url).status_code == 409
    assert "never changed" in world.client("leader").get("/assessment/standard/1/").content.decode()
    assert world.client("leader").get("/assessment/standard/1/new/").status_code == 403


def test_a_preview_shows_points_and_keeps_nothing(world: World) -> None:
    """Of any version; a version that divides by nothing says so instead."""
    opened(world)
    page = world.client("coordinator").get(f"/assessment/{YEAR}/preview/?standard=1&on=2026-04-03")
    assert b"Finance Bureau" in page.content
    draft = Standard.objects.create(number=2)
    Criterion.objects.create(
        standard=draft, kind="indicator", code="x", name_en="x", name_zh="x", points=100,
        formula="1 / (responsibility.targets_attainment + cases.major_cases - responsibility.targets_attainment)",
    )  # fmt: skip
    page = world.client("coordinator").get(f"/assessment/{YEAR}/preview/?standard=2&on=2026-12-31")
    assert b"divides by what is 0" in page.content
    assert world.client("leader").get(f"/assessment/{YEAR}/preview/").status_code == 403


def test_the_year_goes_from_opening_to_publication_on_its_pages(world: World) -> None:
    """Each step once; the same post again and a step out of turn change nothing."""
    opened(world)
    url = f"/assessment/{YEAR}/"
    with clock.frozen(date(2027, 1, 4)):
        form = {"as_of": "2026-12-31", "until": UNTIL.isoformat(), "version": 0}
        assert post(world, "coordinator", f"{url}publish/", version=0).status_code == 409
        assert post(world, "coordinator", f"{url}self-check/", **form).status_code == 302
        assert post(world, "coordinator", f"{url}self-check/", **form).status_code == 409
        assert post(world, "coordinator", f"{url}compute/", as_of="2026-12-31", version=1).status_code == 302
    with clock.frozen(AFTER):
        assert post(world, "coordinator", f"{url}freeze/", version=2).status_code == 302
        assert post(world, "coordinator", f"{url}publish/", version=3).status_code == 302
    assert Assessment.objects.get().state == AssessmentState.PUBLISHED
    assert "Transport Bureau" in world.client("leader").get(url).content.decode()


def test_a_leader_sees_the_own_score_with_the_rows_and_objects(world: World) -> None:
    shown(world)
    url = f"/assessment/{YEAR}/B/"
    page = world.client("leader").get(f"{url}?trace=responsibility.signing_days_late").content.decode()
    assert "due 2026-03-31, done 2026-03-02" in page
    assert "Transport Bureau" not in world.client("leader").get(f"/assessment/{YEAR}/").content.decode()
    assert world.client("other_leader").get(url).status_code == 404
    with clock.frozen(IN_WINDOW):
        form = {"agreed": "no", "reason": "The report was in time."}
        assert post(world, "leader", f"{url}check/", **form).status_code == 302
        assert post(world, "leader", f"{url}check/", **form).status_code == 409
        assert b"The report was in time." in world.client("coordinator").get(f"{url}answer/").content
        assert post(world, "coordinator", f"{url}answer/", reason="It was not.").status_code == 302
        mark = {"code": "innovation", "value": "60", "reason": "A survey."}
        assert post(world, "coordinator", f"{url}mark/", **mark).status_code == 302
        assert post(world, "leader", f"{url}mark/", **mark).status_code == 403
    assert SelfCheck.objects.get().answer == "It was not."
    assert "A survey." in world.client("leader").get(url).content.decode()


def test_the_unit_gets_a_sealed_pdf_once_the_score_is_frozen(world: World) -> None:
    shown(world)
    url = f"/assessment/{YEAR}/B/pdf/"
    assert world.client("leader").get(url).status_code == 409
    with clock.frozen(AFTER):
        post(world, "coordinator", f"/assessment/{YEAR}/freeze/", version=1)
        answer = world.client("leader").get(url)
    content = b"".join(answer.streaming_content)
    document = pypdfium2.PdfDocument(content)
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert str(score_of(world, "B").total) in text
    assert SealedDocument.objects.get(kind="score").signatures == 1


def test_the_workbook_has_places_and_figures(world: World) -> None:
    shown(world)
    answer = world.client("coordinator").get(f"/assessment/{YEAR}/workbook/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    places, figures = (book.get_sheet_by_index(number).to_python() for number in (0, 1))
    assert places[0][:5] == ["Place", "Code", "Unit", "Points", "Grade"]
    assert {row[1] for row in places[1:]} >= {"B", "O"}
    assert any(row[3] == "responsibility.signing_days_late" for row in figures)
    assert world.client("leader").get(f"/assessment/{YEAR}/workbook/").status_code == 403


@pytest.mark.parametrize("who", ["coordinator", "leader", "auditor"])
def test_the_first_page_lists_years_and_versions(world: World, who: str) -> None:
    opened(world)
    page = world.client(who).get("/assessment/").content.decode()
    assert "Assessment 2026" in page
    assert "Standard, version 1" in page


def test_before_a_version_is_adopted_nothing_is_opened(world: World) -> None:
    assert post(world, "coordinator", "/assessment/open/", year=YEAR).status_code == 400
    adopted(world)
    assert post(world, "coordinator", "/assessment/open/", year=YEAR).status_code == 302
    assert post(world, "coordinator", "/assessment/open/", year=YEAR).status_code == 409
