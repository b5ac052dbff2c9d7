"""A unit's whole file: sections, years, what happened; on paper and as a workbook. Nobody finds what he may not know of."""

import io
from datetime import date
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from portal.obligations import clock as ladder_clock
from portal.organisation import sections
from portal.organisation.models import Employment, Person
from portal.web import export
from portal.workdays import clock
from responsibility.services import letters, programme
from tests.world import World


@pytest.fixture
def year(world: World) -> World:
    """Letters issued, the head signed; the silent bureau has a case in April."""
    coordinator, head = world.user("coordinator"), world.user("head")
    programme.open_year(coordinator, year=2026, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(coordinator, 2026, path=str(world.unit("D").path))
    ids = [waiting.pk for waiting in letters.waiting_for(head, 2026)]
    letters.sign_for_group(head, year=2026, letter_ids=ids, typed_name=head.name_en)
    with clock.frozen(date(2026, 4, 15)):
        ladder_clock.run(date(2026, 4, 15))
    return world


def page(world: World, who: str, url: str = "/units/O/") -> str:
    content: str = world.client(who).get(url).content.decode()
    return content


def sheets(world: World, who: str, url: str = "/units/O/workbook/") -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(world.client(who).get(url).content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def paper(world: World, who: str, url: str = "/units/O/dossier/") -> tuple[Any, str]:
    document = pypdfium2.PdfDocument(world.client(who).get(url).content)
    return document, "\n".join(p.get_textpage().get_text_range() for p in document)


def test_the_page_has_duties_letters_cases_and_what_happened(year: World) -> None:
    shown = page(year, "coordinator")
    for part in (
        'id="duties"',
        'id="letters"',
        'id="accountability"',
        "Accountability case opened",
        "takes the post of",
    ):
        assert part in shown


def test_a_year_is_looked_at_by_itself(year: World) -> None:
    assert "takes the post of" not in page(year, "coordinator", "/units/O/?year=2026")
    assert "Accountability case opened" in page(year, "coordinator", "/units/O/?year=2026")
    unknown = page(year, "coordinator", "/units/O/?year=1900")
    assert "takes the post of" in unknown


def test_the_timeline_shows_one_kind_alone(year: World) -> None:
    shown = page(year, "coordinator", "/units/O/?what=accountability")
    assert "Accountability case opened" in shown
    assert "Letter issued" not in shown


def test_who_may_not_know_of_a_section_finds_no_trace_of_it(year: World) -> None:
    """The system administrator keeps master data: nothing of duties, letters or cases in page, paper or workbook."""
    assert 'id="letters"' not in page(year, "system_admin")
    assert set(sheets(year, "system_admin")) == {"The unit", "Who held which post", "What happened here"}
    _document, text = paper(year, "system_admin")
    assert "Letters of responsibility" not in text
    assert "Accountability" not in text


def test_the_paper_has_a_table_of_contents_with_pages(year: World) -> None:
    document, text = paper(year, "coordinator")
    assert len(document) >= 2
    contents = document[0].get_textpage().get_text_range()
    assert "Contents" in contents
    assert "Letters of responsibility" in contents
    assert "He Anlan" in text


def test_the_workbook_has_a_sheet_for_each_table_with_days_as_days(year: World) -> None:
    found = sheets(year, "coordinator")
    assert {"Duties", "Letters of responsibility", "Accountability"} <= set(found)
    held = found["Who held which post"]
    assert held[0][0] == "Post"
    assert held[1][3] == date(2024, 1, 1)


def test_one_year_of_the_file_leaves_the_others_out(year: World) -> None:
    happened = sheets(year, "coordinator", "/units/O/workbook/?year=2026")["What happened here"]
    assert {row[0].year for row in happened[1:]} == {2026}


def test_a_unit_elsewhere_has_no_file_to_take(year: World) -> None:
    for url in ("/units/O/dossier/", "/units/O/workbook/"):
        assert year.client("leader").get(url).status_code == 404


def test_the_page_costs_the_same_for_many_people_and_duties(year: World) -> None:
    page(year, "coordinator", "/units/B/")
    counts = []
    for start in (0, 40):
        for n in range(start, start + 1 + start):
            person = Person.objects.create(employee_no=f"U{n}", name_en=f"U{n}", name_zh=f"U{n}")
            Employment.objects.create(person=person, unit=year.unit("B"), starts_on=date(2025, 1, 1), title_en="Clerk")
        with CaptureQueriesContext(connection) as seen:
            page(year, "coordinator", "/units/B/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_app_registers_a_section_without_the_page_being_edited(year: World, monkeypatch: Any) -> None:
    extra = sections.Section(
        "inspections",
        "Inspections",
        "",
        lambda unit, user, year: {},
        lambda user, unit: user.standing.has("coordinator"),  # type: ignore[arg-type]
        events=lambda unit, user: [sections.Event(date(2026, 2, 1), "An inspection came")],
        years=lambda unit, user: [2019],
    )
    monkeypatch.setattr(sections, "_sections", [*sections._sections, extra])
    shown = page(year, "coordinator")
    assert "An inspection came" in shown
    assert "?year=2019" in shown
    assert "An inspection came" not in page(year, "head")


def test_a_sheet_may_have_any_name(year: World) -> None:
    content = export.as_workbook([("A/B: [everything]? that is longer than a spreadsheet bears", [["h"], ["=1+1"]])])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.get_sheet_by_index(0).to_python()[1] == ["=1+1"]
