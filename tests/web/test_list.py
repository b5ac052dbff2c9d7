"""A list: what is shown, what is exported, what an empty one says; the same queries however long it is."""

import io
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from portal.accounts.models import User
from portal.web import export, paging
from portal.web.models import Job
from portal.workdays import clock
from tests.queries import count_queries

pytestmark = pytest.mark.urls("tests.web.pages")


def fill(owner: User, number: int, kind: str = "note") -> None:
    Job.objects.bulk_create(Job(owner=owner, kind=kind, done=n, created_at=clock.now()) for n in range(number))


def sheet(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_an_empty_list_says_so(client: Client) -> None:
    assert "No note yet." in client.get("/notes/").content.decode()


def test_a_filter_that_matches_nothing_can_be_taken_away(alice: User, client: Client) -> None:
    fill(alice, 1)
    page = client.get("/notes/?kind=letter").content.decode()
    assert "Nothing matches these filters." in page
    assert "No note yet." not in page


def test_what_others_own_is_not_there(bob: User, client: Client) -> None:
    fill(bob, 2)
    assert "No note yet." in client.get("/notes/").content.decode()


def test_pages_lead_on_and_keep_the_filter(alice: User, client: Client) -> None:
    fill(alice, 7)
    page = client.get("/notes/?kind=note&page=2").content.decode()
    assert "4 to 6 of 7" in page
    assert "kind=note&amp;page=3" in page


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_a_page_that_is_not_there_shows_one_that_is(alice: User, client: Client, page: str) -> None:
    fill(alice, 7)
    assert client.get(f"/notes/?page={page}").status_code == 200


def test_the_count_stops_at_the_cap(alice: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "CAP", 5)
    fill(alice, 9)
    assert "1 to 3 of 5 or more" in client.get("/notes/").content.decode()


def test_no_query_counts_all_rows(alice: User, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fill(alice, 9)
    with CaptureQueriesContext(connection) as queries:
        client.get("/notes/")
    counts = [q["sql"] for q in queries if "COUNT(" in q["sql"] and 'FROM "web_job"' in q["sql"]]
    assert counts
    assert [sql for sql in counts if "LIMIT 10000" not in sql] == []


def test_the_queries_stay_the_same(alice: User, client: Client) -> None:
    fill(alice, 2)
    few = count_queries(client, "/notes/")
    fill(alice, 200)
    assert count_queries(client, "/notes/") == few


def test_the_export_is_what_is_shown_filtered_and_sorted(alice: User, client: Client) -> None:
    fill(alice, 5)
    fill(alice, 2, kind="letter")
    answer = client.get("/notes/?kind=note&sort=-done&export=xlsx")
    assert 'filename="list.xlsx"' in answer["Content-Disposition"]
    assert sheet(answer.content) == [["Kind", "Done"], *(["note", float(n)] for n in (4, 3, 2, 1, 0))]


def test_csv_carries_the_mark_that_office_programs_look_for(alice: User, client: Client) -> None:
    fill(alice, 1)
    content = client.get("/notes/?export=csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == ["Kind,Done", "note,0"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "https://example.org"])
def test_no_cell_of_a_file_is_a_formula_or_link(text: str) -> None:
    assert sheet(export.as_xlsx([["Head"], [text]]))[1][0].strip() == text.strip()
    cell = export.as_csv([[text]]).decode("utf-8-sig").strip().strip('"')
    assert cell.startswith("'") or text.startswith("https")


def test_a_negative_figure_stays_a_figure() -> None:
    assert export.as_csv([[-5, 0, None]]).decode("utf-8-sig") == "-5,0,\r\n"
    assert sheet(export.as_xlsx([["Head"], [-5]]))[1] == [-5.0]


def test_a_value_that_is_none_is_told_at_its_filter_and_shows_no_rows(alice: User, client: Client) -> None:
    fill(alice, 2)
    for query, sentence in (
        ("state=lost", "There is no such choice. Choose one of the list."),
        ("since=2026-13-01", "This is not a date. Write it as 2026-12-02."),
        ("least=many", "This is not a number."),
        ("begun=perhaps", "There is no such choice. Choose one of the list."),
    ):
        page = client.get(f"/notes/?{query}").content.decode()
        name = query.split("=")[0]
        assert f'id="id_{name}_error"' in page
        assert sentence in page
        assert "A filter cannot be understood." in page
        assert "data-l=" not in page


def test_a_filter_that_cannot_be_understood_gives_no_file(alice: User, client: Client) -> None:
    fill(alice, 2)
    assert "Content-Disposition" not in client.get("/notes/?state=lost&export=xlsx")


def test_each_filter_in_force_is_named_and_has_a_link_that_removes_it(alice: User, client: Client) -> None:
    fill(alice, 2)
    chips = client.get("/notes/?kind=note&state=queued&least=&begun=false&page=1&sort=done").context["chips"]
    assert [(str(chip.label), chip.value, chip.url) for chip in chips] == [
        ("Kind", "note", "?state=queued&least=&begun=false&sort=done"),
        ("State", "Waiting", "?kind=note&least=&begun=false&sort=done"),
        ("Begun", "No", "?kind=note&state=queued&least=&sort=done"),
    ]


def test_without_a_filter_there_is_no_chip(alice: User, client: Client) -> None:
    fill(alice, 7)
    assert client.get("/notes/?page=2&sort=done").context["chips"] == []
