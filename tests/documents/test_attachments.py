"""Attached files: told by content, private, served so that no browser runs them; PDFs that anybody can verify."""

import io
import zipfile
from datetime import date
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction

from portal.audit.models import Entry
from portal.documents import services
from portal.documents.errors import EmptyFile, NameAndContentDiffer, TooLarge, TypeNotAllowed
from portal.documents.models import Attachment, EndReason, SealedDocument
from portal.documents.pdf import OutsideResource, _fetcher
from portal.web.errors import NotAllowed
from responsibility import letter_pdf
from responsibility.models import Letter, Report
from responsibility.services import letters, programme, reports
from tests.world import World

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def office(part: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr(part, "<x/>")
    return buffer.getvalue()


@pytest.fixture
def report(world: World) -> Report:
    coordinator = world.user("coordinator")
    programme.open_year(coordinator, year=2026, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(coordinator, 2026, path=str(world.unit("D").path))
    reports.open_period(
        coordinator,
        year=2026,
        kind="annual",
        number=1,
        opens_on=date(2026, 3, 2),
        due_on=date(2027, 1, 10),  # type: ignore[arg-type]
    )
    return Report.objects.get(unit=world.unit("B"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("图.png", PNG),
        ("a.docx", office("word/document.xml")),
        ("a.xlsx", office("xl/workbook.xml")),
        ("a.txt", "预防工作".encode("gb18030")),
        ("a.csv", "单位,人数\n".encode()),
    ],
)
def test_what_offices_use_is_taken_and_kept_with_its_fingerprint(
    world: World, report: Report, name: str, content: bytes
) -> None:
    kept = services.attach(world.user("leader"), "report", report, SimpleUploadedFile(name, content))
    assert kept.name == name
    assert len(kept.sha256) == 64


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.exe", b"MZ\x90", TypeNotAllowed),
        ("a.pdf", b"MZ\x90\x00" * 10, NameAndContentDiffer),
        ("a.docx", office("xl/workbook.xml"), NameAndContentDiffer),
        ("a.txt", b"\x00\x01\x02", NameAndContentDiffer),
        ("a.svg", b"<svg onload=alert(1)>", TypeNotAllowed),
        ("a.pdf", b"", EmptyFile),
    ],
)
def test_what_is_not_what_it_says_is_refused(
    world: World, report: Report, name: str, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        services.attach(world.user("leader"), "report", report, SimpleUploadedFile(name, content))
    assert not Attachment.objects.exists()


def test_a_file_of_two_hundred_megabytes_gets_a_sentence(world: World, report: Report) -> None:
    huge = SimpleUploadedFile("a.pdf", PDF)
    huge.size = 200 * 1024 * 1024
    with pytest.raises(TooLarge, match="larger than 20 MB"):
        services.attach(world.user("leader"), "report", report, huge)


def test_the_sentence_stands_at_the_field(world: World, report: Report) -> None:
    answer = world.client("leader").post(
        f"{report.get_absolute_url()}files/", {"file": SimpleUploadedFile("virus.pdf", b"MZ\x90\x00")}
    )
    assert answer.status_code == 400
    assert b"is not what its name says" in answer.content


def test_only_who_may_read_the_report_gets_the_file_and_no_browser_runs_it(world: World, report: Report) -> None:
    kept = services.attach(world.user("leader"), "report", report, SimpleUploadedFile("报告.pdf", PDF))
    answer = world.client("coordinator").get(kept.get_absolute_url())
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert world.client("other_leader").get(kept.get_absolute_url()).status_code == 404


def test_others_attach_nothing(world: World, report: Report) -> None:
    with pytest.raises(NotAllowed):
        services.attach(world.user("coordinator"), "report", report, SimpleUploadedFile("a.pdf", PDF))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/", "file:///tmp/x.ttf"])
def test_a_document_reaches_for_nothing_but_our_own_files(url: str) -> None:
    with pytest.raises(OutsideResource):
        _fetcher().fetch(url)


@pytest.fixture
def signed(world: World, report: Report) -> Letter:
    head, leader = world.user("head"), world.user("leader")
    ids = [letter.pk for letter in letters.waiting_for(head, 2026)]
    letters.sign_for_group(head, year=2026, letter_ids=ids, typed_name=head.name_zh)
    letter = Letter.objects.get(unit=world.unit("B"))
    letters.sign_for_unit(leader, letter.pk, expected_version=letter.version, read=True, typed_name="许志新")
    return Letter.objects.get(pk=letter.pk)


@pytest.fixture
def sealed(signed: Letter) -> SealedDocument:
    return letter_pdf.sealed(signed, "zh-hans")


def test_the_chinese_pdf_can_be_read_and_names_its_fonts(sealed: SealedDocument) -> None:
    content = sealed.file.read()
    document = pypdfium2.PdfDocument(content)
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert "责任书" in text.replace("\n", "")
    assert "许志新" in text
    assert sealed.code in text
    assert pypdfium2.raw.FPDFCatalog_IsTagged(document.raw)


def test_a_document_is_sealed_once(signed: Letter, sealed: SealedDocument) -> None:
    assert letter_pdf.sealed(signed, "zh-hans").pk == sealed.pk


def test_a_sealed_document_is_never_changed(sealed: SealedDocument) -> None:
    with pytest.raises(InternalError), transaction.atomic():
        SealedDocument.objects.filter(pk=sealed.pk).update(number="x")


def test_the_end_of_a_document_is_written_once(sealed: SealedDocument) -> None:
    assert services.end(sealed.kind, about=sealed.about, reason=EndReason.REPLACED, on=date(2026, 6, 1)) == 1
    assert services.end(sealed.kind, about=sealed.about, reason=EndReason.WITHDRAWN, on=date(2026, 7, 1)) == 0
    sealed.refresh_from_db()
    assert (sealed.ended_on, sealed.ended_reason) == (date(2026, 6, 1), EndReason.REPLACED)
    with pytest.raises(InternalError), transaction.atomic():
        SealedDocument.objects.filter(pk=sealed.pk).update(ended_on=None, ended_reason="")
    assert Entry.objects.filter(action="document.ended").count() == 1


def test_an_end_has_its_reason(sealed: SealedDocument) -> None:
    with pytest.raises(IntegrityError, match="sealed_end_has_its_reason"), transaction.atomic():
        SealedDocument.objects.filter(pk=sealed.pk).update(ended_on=date(2026, 6, 1))


def test_a_withdrawn_document_says_so(client: Any, sealed: SealedDocument) -> None:
    services.end(sealed.kind, about=sealed.about, reason=EndReason.WITHDRAWN, on=date(2026, 6, 1))
    assert b"Genuine, but withdrawn on 1 June 2026" in client.get(f"/verify/{sealed.code}/").content


def test_anybody_verifies_a_document_and_learns_whether_a_copy_was_altered(client: Any, sealed: SealedDocument) -> None:
    url = f"/verify/{sealed.code}/"
    assert b"Genuine" in client.get(url).content
    content = sealed.file.read()
    same = client.post(url, {"file": SimpleUploadedFile("l.pdf", content)})
    altered = client.post(url, {"file": SimpleUploadedFile("l.pdf", content[:-1] + b"x")})
    assert b"to the last byte" in same.content
    assert b"was altered" in altered.content
    assert client.get("/verify/AAAAAAAAAAAA/").status_code == 404


def test_a_code_is_found_however_it_is_typed(client: Any, sealed: SealedDocument) -> None:
    typed = f" {sealed.code[:6].lower()} {sealed.code[6:].lower()} "
    assert client.post("/verify/", {"code": typed})["Location"] == f"/verify/{sealed.code}/"
