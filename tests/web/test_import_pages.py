"""An import by page: nothing before it is seen, all or nothing, once."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from portal.web.imports import views
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


def stored_files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_bad_and_ready_rows_stand_under_tabs_with_their_counts(alices: Client) -> None:
    url = upload(alices, BAD)["Location"]
    page = alices.get(url).content.decode()
    assert 'aria-current="page">To mend<span class="p-n">1</span>' in page
    assert 'Ready<span class="p-n">1</span>' in page
    ready = alices.get(f"{url}?tab=ready").content.decode()
    assert '<td data-l="Note">milk</td>' in ready
    assert "bread" not in ready
    assert "There is no month 13" not in ready


def test_a_file_without_errors_opens_on_what_is_ready(alices: Client) -> None:
    page = alices.get(upload(alices, GOOD)["Location"]).content.decode()
    assert '<td data-l="Note">bread</td>' in page
    assert 'To mend<span class="p-n">0</span>' in page


def test_a_refused_file_leaves_nothing_behind(alices: Client, settings: Any) -> None:
    assert upload(alices, b"MZ\x90\x00").status_code == 400
    assert stored_files(settings) == []


def test_the_same_upload_twice_keeps_one_file(alices: Client, settings: Any) -> None:
    key = str(uuid.uuid4())
    for _time in range(2):
        file = SimpleUploadedFile("notes.csv", GOOD.encode())
        assert alices.post("/notes/import/", {"file": file, "idempotency_key": key}).status_code == 302
    assert ImportRun.objects.count() == 1
    assert stored_files(settings) == [Path(ImportRun.objects.get().file.path)]


def test_an_upload_whose_row_is_not_written_leaves_nothing_behind(
    alices: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: ImportRun, *args: Any, **kwargs: Any) -> None:
        raise OSError

    monkeypatch.setattr(ImportRun, "save", refuse)
    with pytest.raises(OSError):
        upload(alices, GOOD)
    assert stored_files(settings) == []


def test_files_are_read_outside_the_transaction(alices: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    within: list[bool] = []

    def seen(path: Path, name: str) -> list[list[str]]:
        within.append(connection.in_atomic_block)
        return read_rows(path, name)

    monkeypatch.setattr(views, "read_rows", seen)
    url = upload(alices, GOOD)["Location"]
    assert alices.post(url).status_code == 302
    assert within == [False, False]
