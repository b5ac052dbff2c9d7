"""An import by page: nothing before it is seen, all or nothing, once."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.web.imports.reading import read_rows
from portal.web.models import ImportRun, Job
from tests.web.conftest import browser, person

pytestmark = [pytest.mark.urls("tests.web.pages"), pytest.mark.django_db(transaction=True)]
GOOD = "Note,Day\nmilk,2026-03-01\nbread,2026/3/2\n"
BAD = "Note,Day\nmilk,2026-03-01\nbread,2026-13-02\n"


def upload(client: Client, text: str | bytes, name: str = "notes.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post("/notes/import/", {"file": SimpleUploadedFile(name, content)})


@pytest.fixture
def alices() -> Client:
    return browser(person("alice"))


def test_upload_shows_what_would_be_written_and_writes_nothing(alices: Client) -> None:
    answer = upload(alices, GOOD)
    page = alices.get(answer["Location"]).content.decode()
    assert "2 rows are ready" in page
    assert "2 notes" in page
    assert not Job.objects.exists()


def test_import_writes_all_of_it_and_shows_a_receipt(alices: Client) -> None:
    url = upload(alices, GOOD)["Location"]
    answer = alices.post(url, follow=True)
    assert Job.objects.count() == 2
    assert 'class="p-receipt"' in answer.content.decode()


def test_the_same_upload_is_imported_once_from_however_many_windows(alices: Client) -> None:
    url = upload(alices, GOOD)["Location"]
    assert [alices.post(url).status_code for _ in range(3)] == [302] * 3
    assert Job.objects.count() == 2


def test_a_bad_row_is_named_and_nothing_can_be_imported(alices: Client) -> None:
    url = upload(alices, BAD)["Location"]
    page = alices.get(url).content.decode()
    assert "1 row cannot be imported" in page
    assert '<td data-l="Row">3</td>' in page
    assert "There is no month 13. Write it as 2026-12-02." in page
    assert 'id="import-form"' not in page
    assert alices.post(url).status_code == 400
    assert not Job.objects.exists()


def test_the_list_of_errors_is_a_file(alices: Client) -> None:
    url = upload(alices, BAD)["Location"]
    answer = alices.get(f"{url}?export=xlsx")
    path = ImportRun.objects.get().file.path
    assert answer["Content-Disposition"] == 'attachment; filename="errors.xlsx"'
    with open(path + ".xlsx", "wb") as file:  # noqa: PTH123
        file.write(answer.content)
    from pathlib import Path

    rows = read_rows(Path(path + ".xlsx"), "errors.xlsx")
    assert rows[1] == ["3", "Day", "There is no month 13. Write it as 2026-12-02."]


def test_wrong_headings_are_told_at_row_one(alices: Client) -> None:
    page = alices.get(upload(alices, "Word,Day\nmilk,2026-03-01\n")["Location"]).content.decode()
    assert "This heading is not known." in page
    assert "This column is missing." in page


@pytest.mark.parametrize(("name", "content"), [("notes.xlsx", b"MZ\x90\x00"), ("notes.csv", b"MZ\x90\x00")])
def test_a_renamed_program_is_refused_where_it_was_chosen(alices: Client, name: str, content: bytes) -> None:
    answer = upload(alices, content, name)
    assert answer.status_code == 400
    assert "This is neither an XLSX workbook nor a CSV file" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_over_the_limit_is_refused_in_a_sentence(alices: Client, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    answer = upload(alices, b"a" * (1024 * 1024 + 1))
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.content.decode()


def test_nobody_else_sees_the_upload(alices: Client) -> None:
    url = upload(alices, GOOD)["Location"]
    other = browser(person("bob"))
    assert other.get(url).status_code == 404
    assert other.post(url).status_code == 404
    assert not Job.objects.exists()


def test_the_file_is_kept_under_another_name_with_its_fingerprint(alices: Client) -> None:
    upload(alices, GOOD, "../../etc/notes.csv")
    run = ImportRun.objects.get()
    assert run.name == "notes.csv"
    assert "notes" not in str(run.file.name)
    assert len(run.sha256) == 64
