"""The pages of letters: list, paper, issue, withdrawal, PDF, the section of a unit's file."""

import ctypes
import re
import zlib
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from django.utils import translation

from portal.documents.models import SealedDocument
from portal.web import dates, jobs
from portal.web.models import Job
from responsibility import letter_pdf
from responsibility.models import Letter, Programme
from tests.responsibility.conftest import Capture
from tests.responsibility.letters import YEAR, issue, open_year, ready, sign
from tests.world import World


def test_the_year_of_letters_is_filtered_and_exported(world: World) -> None:
    """By part of the tree, type, state and name; the file has what the page has."""
    ready(world)
    client, url = world.client("coordinator"), f"/letters/{YEAR}/"
    page = client.get(url).content.decode()
    assert "0 of 5 letters are signed." in page
    rows = {code: client.get(url, query).context["table"].rows for code, query in {
        "part": {"part": "T"}, "type": {"type": "village"}, "state": {"state": "issued"}, "q": {"q": "Finance"},
    }.items()}  # fmt: skip
    assert {key: len(found) for key, found in rows.items()} == {"part": 2, "type": 1, "state": 0, "q": 1}
    export = client.get(url, {"part": "T", "export": "csv"})
    assert export.getvalue().decode("utf-8-sig").count("\n") == 3


def test_the_list_costs_the_same_for_any_number_of_letters(world: World, connection_queries: Capture) -> None:
    """One letter or five."""
    open_year()
    issue(world)
    client, counts = world.client("coordinator"), []
    for query in ({"q": "Finance", "part": "D"}, {"part": "D"}):
        client.get(f"/letters/{YEAR}/", query)
        with connection_queries() as seen:
            client.get(f"/letters/{YEAR}/", query)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_letters_lead_to_the_present_year_and_a_leader_to_the_own_letter(world: World) -> None:
    """However one gets there."""
    made = ready(world)
    assert world.client("coordinator").get("/letters/")["Location"] == f"/letters/{YEAR}/"
    assert world.client("leader").get("/letters/")["Location"] == made["B"].get_absolute_url()


def test_the_coordinator_sees_before_he_issues_and_follows_the_job(world: World) -> None:
    """The page counts, names who is left out, starts the job once."""
    open_year()
    client, url = world.client("coordinator"), f"/letters/{YEAR}/issue/"
    page = client.get(url).content.decode()
    assert "5 letters would be issued" in page
    assert "Water Company" in page
    town = client.get(url, {"path": str(world.unit("T").path)}).content.decode()
    assert "2 letters would be issued" in town
    form = {"idempotency_key": str(uuid4()), "path": str(world.unit("D").path)}
    started = client.post(url, form)
    assert client.post(url, form)["Location"] == started["Location"]
    job = Job.objects.get()
    assert started["Location"] == f"/jobs/{job.pk}/"
    jobs.run(job.pk)
    assert Letter.objects.count() == 5
    after = client.get(url).content.decode()
    assert "5 units have their letters" in after
    assert "Every unit of this choice has its letter" in after
    assert "Issue the letters" not in after
    assert client.post(url, form | {"idempotency_key": str(uuid4())}).status_code == 400
    assert client.post(url, form)["Location"] == started["Location"]


def test_what_is_missing_before_issuing_is_said(world: World) -> None:
    """A year that is not open."""
    client = world.client("coordinator")
    assert "has not been opened" in client.get(f"/letters/{YEAR}/issue/").content.decode()
    answer = client.post(f"/letters/{YEAR}/issue/", {"path": str(world.unit("D").path)})
    assert answer.status_code == 400
    assert "has not been opened" in answer.content.decode()
    assert not Job.objects.exists()


def test_a_part_of_the_tree_that_is_not_the_coordinators_is_refused(world: World) -> None:
    """A made-up path gives a sentence at the field."""
    open_year()
    answer = world.client("coordinator").post(f"/letters/{YEAR}/issue/", {"path": "1.2.3"})
    assert answer.status_code == 422
    assert "path" in answer.context["form"].errors


def test_a_letter_is_withdrawn_on_its_page(world: World) -> None:
    """With a reason; then nobody finds a button to sign."""
    letter = ready(world)["B"]
    client = world.client("coordinator")
    url = f"{letter.get_absolute_url()}withdraw/"
    assert client.post(url, {"reason": "", "version": letter.version}).status_code == 422
    done = client.post(url, {"reason": "Wrong unit", "version": letter.version})
    assert done["Location"] == letter.get_absolute_url()
    page = world.client("leader").get(letter.get_absolute_url()).content.decode()
    assert "Wrong unit" in page
    assert "Read and sign" not in page


def test_an_outdated_withdrawal_is_a_conflict(world: World) -> None:
    """Somebody was faster: 409, and the reason stays."""
    letter = ready(world)["B"]
    url = f"{letter.get_absolute_url()}withdraw/"
    answer = world.client("coordinator").post(url, {"reason": "Wrong unit", "version": letter.version - 1})
    assert answer.status_code == 409
    assert "Wrong unit" in answer.content.decode()


def test_the_pdf_carries_both_signatures_and_a_code(world: World) -> None:
    """In both languages; made once; verified by its code."""
    letter = ready(world)["B"]
    client, url = world.client("leader"), f"{letter.get_absolute_url()}pdf/"
    assert client.get(url)["Location"] == letter.get_absolute_url()
    sign(world, "leader", letter)
    for language in letter_pdf.LANGUAGES:
        answer: Any = client.get(url, {"language": language})
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        client.get(url, {"language": language})
    sealed = SealedDocument.objects.filter(about=f"letter:{letter.pk}")
    assert sorted(sealed.values_list("language", flat=True)) == ["en", "zh-hans"]
    assert world.client("anonymous").get(f"/verify/{sealed[0].code}/").status_code == 200


def test_the_words_of_the_pdf_are_the_frozen_ones(world: World) -> None:
    """Whatever the programme is called by then."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    Programme.objects.update(regulations_en="Other rules", letter_prefix_en="ZZ")
    letter.refresh_from_db()
    document = pypdfium2.PdfDocument(letter_pdf.render(letter, "en", "TESTCODE2345"))
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    assert letter.content["number"]["en"] in text
    assert "Other rules" not in text
    assert "Translation for reference" in text
    assert "许志新" in text
    assert letter.content_sha256 in text.replace(" ", "")


@pytest.mark.parametrize("language", letter_pdf.LANGUAGES)
def test_the_pdf_carries_the_evidence_of_both_signatures(world: World, language: str) -> None:
    """Name as typed, post, time, address and fingerprint, of each side."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    text = _text(letter_pdf.render(letter, language, "TESTCODE2345"))
    for signature in letter.signatures.all():
        office = signature.office_zh if language == "zh-hans" else signature.office_en
        for kept in (signature.typed_name, office, signature.ip or "–"):
            assert kept.replace(" ", "") in text
        with translation.override(language):
            assert dates.moment(signature.signed_at).replace(" ", "") in text
        assert text.count(signature.content_sha256) == len(letter_pdf.SIDES)


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_the_pdf_is_tagged_and_says_its_language_and_title(world: World, language: str, tag: str) -> None:
    """PDF/UA, so that a screen reader reads it in its own language."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    content = letter_pdf.render(letter, language, "TESTCODE2345")
    document = pypdfium2.PdfDocument(content)
    assert pypdfium2.raw.FPDFCatalog_IsTagged(document.raw)
    size = pypdfium2.raw.FPDFCatalog_GetLanguage(document.raw, None, 0)
    found = ctypes.create_string_buffer(size)
    pypdfium2.raw.FPDFCatalog_GetLanguage(document.raw, ctypes.cast(found, ctypes.POINTER(ctypes.c_ushort)), size)
    assert found.raw.decode("utf-16-le").rstrip("\0") == tag
    assert document.get_metadata_value("Title") == letter.content["title"][language]
    metadata = re.search(rb"/Subtype /XML.*?stream\r?\n(.*?)\nendstream", content, re.DOTALL)
    assert metadata
    assert b'pdfuaid:part="1"' in zlib.decompressobj().decompress(metadata[1])


def _text(content: bytes) -> str:
    """The words of a document without spaces, as they break anywhere."""
    document = pypdfium2.PdfDocument(content)
    return "".join("".join(page.get_textpage().get_text_range() for page in document).split())


def test_the_pages_speak_chinese(world: World) -> None:
    """The paper's Chinese words under Chinese."""
    letter = ready(world)["B"]
    client = world.client("leader")
    page = client.get(f"{letter.get_absolute_url()}sign/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert letter.content["opening"]["zh-hans"] in page
    assert "（一）" in page


def test_a_units_file_lists_its_letters(world: World) -> None:
    """For those who may see them."""
    ready(world)
    page = world.client("coordinator").get("/units/B/").content.decode()
    assert f"/letters/{YEAR}/B/" in page


def test_the_receipt_is_for_who_signed(world: World) -> None:
    """The coordinator reads the letter, not somebody's receipt."""
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    assert world.client("leader").get(f"{letter.get_absolute_url()}signed/").status_code == 200
    assert world.client("coordinator").get(f"{letter.get_absolute_url()}signed/").status_code == 404


def test_a_long_reason_is_kept_whole_and_one_too_long_is_refused(world: World) -> None:
    """Nothing is cut silently: what the form takes is stored, what it does not take is a sentence at its field."""
    letter = ready(world)["B"]
    client, url = world.client("coordinator"), f"{letter.get_absolute_url()}withdraw/"
    refused = client.post(url, {"reason": "r" * 2001, "version": letter.version})
    assert "reason" in refused.context["form"].errors
    client.post(url, {"reason": "r" * 2000, "version": letter.version})
    letter.refresh_from_db()
    assert letter.reason == "r" * 2000


def test_an_older_letter_can_still_be_read(world: World) -> None:
    """By its number, under the same address."""
    letter = ready(world)["B"]
    world.client("coordinator").post(
        f"{letter.get_absolute_url()}withdraw/", {"reason": "Wrong unit", "version": letter.version}
    )
    issue(world)
    page = world.client("leader").get(letter.get_absolute_url(), {"no": letter.serial}).content.decode()
    assert "Wrong unit" in page
    assert world.client("leader").get(letter.get_absolute_url(), {"no": "2"}).status_code == 404
    assert world.client("leader").get(letter.get_absolute_url(), {"no": "x"}).status_code == 200
