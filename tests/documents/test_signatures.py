"""Signatures in PDFs: valid for pyHanko and for poppler, and every copy that is not the issued one is found."""

import hashlib
import random
import shutil
import subprocess
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.documents import services
from portal.documents.models import EndReason, SealedDocument
from portal.documents.signing import verifying
from portal.documents.signing.verifying import Verdict
from portal.workdays import clock
from responsibility import letter_pdf
from responsibility.models import Side
from tests.documents.signing import Office
from tests.responsibility.letters import fresh, ready, sign
from tests.world import World

CHANGES = 500


@pytest.fixture
def sealed(world: World) -> SealedDocument:
    """The bureau's letter in Chinese, signed by both."""
    sign(world, "leader", ready(world)["B"])
    return letter_pdf.sealed(fresh()["B"], "zh-hans")


@pytest.fixture
def content(sealed: SealedDocument) -> bytes:
    return bytes(sealed.file.read())


def first_revision(content: bytes) -> bytes:
    """The file as it was after the first signature."""
    signature = PdfFileReader(BytesIO(content)).embedded_signatures[0]
    start, length, rest, tail = (int(number) for number in signature.byte_range)
    assert start == 0
    assert length < rest
    return content[: rest + tail]


def test_both_signatures_are_valid_and_ours_and_the_second_left_the_first_as_it_was(
    sealed: SealedDocument, content: bytes
) -> None:
    """By pyHanko: two fields, in the order in which they were signed, each whole, both by the portal's authority."""
    findings = verifying.read_signatures(content, sealed.issued_at)
    assert [(finding.field, finding.good) for finding in findings] == [("LeadingGroup", True), ("TopLeader", True)]
    assert [finding.name for finding in findings] == ["卫志新", "许志新"]
    assert sealed.signatures == len(findings)


def test_poppler_calls_both_valid(content: bytes, tmp_path: Path) -> None:
    """A program that has nothing to do with the one that signed."""
    if shutil.which("pdfsig") is None:
        pytest.skip("poppler-utils is not installed")
    path = tmp_path / "letter.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in said


def test_the_issued_file_is_current_until_another_stands_in_its_place(sealed: SealedDocument, content: bytes) -> None:
    assert verifying.judge(content).verdict == Verdict.CURRENT
    services.end(sealed.kind, about=sealed.about, reason=EndReason.REPLACED)
    assert verifying.judge(content).verdict == Verdict.SUPERSEDED


def test_a_withdrawn_document_is_genuine_and_said_to_be_withdrawn(sealed: SealedDocument, content: bytes) -> None:
    services.end(sealed.kind, about=sealed.about, reason=EndReason.WITHDRAWN)
    assert verifying.judge(content).verdict == Verdict.WITHDRAWN


def test_each_of_five_hundred_changes_of_a_single_byte_is_found(content: bytes) -> None:
    """Anywhere in the file, also where no signature covers it; and the command says it of a sample."""
    chance = random.Random(20260225)
    for _change in range(CHANGES):
        where = chance.randrange(len(content))
        altered = bytearray(content)
        altered[where] ^= chance.randrange(1, 256)
        found = verifying.judge(bytes(altered))
        assert not found.genuine, where
        assert found.verdict in (Verdict.ALTERED, Verdict.UNKNOWN), where


def test_the_signatures_alone_find_changes_of_what_they_cover(sealed: SealedDocument, content: bytes) -> None:
    """Without the stored fingerprint: a change within the first revision breaks both."""
    chance = random.Random(7)
    last = len(first_revision(content)) // 2
    for _change in range(20):
        altered = bytearray(content)
        altered[chance.randrange(100, last)] ^= 1
        findings = verifying.read_signatures(bytes(altered), sealed.issued_at)
        assert sum(finding.good for finding in findings) < sealed.signatures


def test_a_file_damaged_in_many_places_is_read_as_far_as_it_can_be(sealed: SealedDocument, content: bytes) -> None:
    """Whatever the damage brings the parser to: at the command line files of strangers are parsed."""
    chance = random.Random(3)
    for changes in (3, 20, 200) * 20:
        altered = bytearray(content)
        for _change in range(changes):
            altered[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        findings = verifying.read_signatures(bytes(altered[: chance.randrange(len(altered))]), sealed.issued_at)
        assert sum(finding.good for finding in findings) < sealed.signatures


def test_a_file_cut_after_the_first_signature_is_not_the_letter(sealed: SealedDocument, content: bytes) -> None:
    """Though its one signature is valid and ours."""
    cut = first_revision(content)
    found = verifying.judge(cut, signatures_of_strangers=True)
    assert [finding.good for finding in found.findings] == [True]
    assert (found.verdict, found.document) == (Verdict.CUT, sealed)


def test_a_file_signed_again_by_a_stranger_is_not_the_letter(sealed: SealedDocument, content: bytes) -> None:
    """Under the same name, behind the issued file."""
    forged = Office("Prevention portal seal").sign(content, "TopLeader2", "许志新")
    found = verifying.judge(forged, signatures_of_strangers=True)
    assert (found.verdict, found.document) == (Verdict.ADDED, sealed)
    assert [finding.trusted for finding in found.findings] == [True, True, False]


def test_a_strangers_letter_under_the_same_names_is_unknown(sealed: SealedDocument) -> None:
    """The same words rendered anew and signed by another key: nothing of it is ours."""
    letter = fresh()["B"]
    bare = letter_pdf.render(letter, "zh-hans", sealed.code)
    stranger = Office("Prevention portal seal")
    forged = stranger.sign(stranger.sign(bare, "LeadingGroup", "卫志新"), "TopLeader", "许志新")
    found = verifying.judge(forged, signatures_of_strangers=True)
    assert found.verdict == Verdict.UNKNOWN
    assert not any(finding.trusted for finding in found.findings)


def test_a_file_swapped_with_its_fingerprint_is_betrayed_by_its_signatures(sealed: SealedDocument) -> None:
    """Who has the database and the files has not the key: fingerprint and file fit, but no signature of ours is in it."""
    import pgtrigger

    stranger = Office("Prevention portal seal")
    forged = stranger.sign(b"".join(sealed.file.chunks()), "Other", "许志新")
    with pgtrigger.ignore("documents.SealedDocument:sealed_words_are_kept"):
        SealedDocument.objects.filter(pk=sealed.pk).update(sha256=hashlib.sha256(forged).hexdigest(), signatures=3)
    assert verifying.judge(forged).verdict == Verdict.ALTERED


@pytest.mark.django_db
def test_what_is_no_pdf_at_all_has_no_signatures() -> None:
    assert verifying.read_signatures(b"no pdf", clock.now()) == ()


def test_the_command_judges_files(sealed: SealedDocument, content: bytes, tmp_path: Path) -> None:
    """A line for the file, one for each signature; 1 for what was not issued."""
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(content)
    bad.write_bytes(content[:-2] + b"xx")
    out = StringIO()
    call_command("verify_pdf", str(good), stdout=out)
    said = out.getvalue()
    assert "Genuine and in force" in said
    assert sealed.number in said
    assert said.count("unchanged, by a key of this portal") == 2
    with pytest.raises(CommandError, match="Not every file"):
        call_command("verify_pdf", str(good), str(bad), stdout=StringIO())
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_pdf", str(tmp_path / "none.pdf"))


def drop(client: Any, content: bytes) -> str:
    answer = client.post("/verify/", {"file": SimpleUploadedFile("l.pdf", content)})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_anybody_drops_a_pdf_and_learns_what_it_is(client: Any, sealed: SealedDocument, content: bytes) -> None:
    """Genuine with its signatures, cut, added to, altered, unknown."""
    page = drop(client, content)
    assert "Genuine and in force" in page
    assert page.count("Valid signature") == 2
    assert "its end was cut off" in drop(client, first_revision(content))
    assert "something was added to it" in drop(client, content + b"\n%")
    assert "it was altered" in drop(client, content[:-2] + b"xx")
    assert "Not a document of this portal" in drop(client, b"%PDF-1.7 nothing of ours")


@pytest.mark.django_db
def test_neither_file_nor_code_is_a_sentence_at_the_field(client: Any) -> None:
    assert b"Choose the PDF, or type the code" in client.post("/verify/", {}).content


def test_the_page_of_one_document_says_when_the_file_is_another(
    world: World, client: Any, sealed: SealedDocument
) -> None:
    other = letter_pdf.sealed(fresh()["B"], "en")
    answer = client.post(f"/verify/{sealed.code}/", {"file": SimpleUploadedFile("l.pdf", other.file.read())})
    assert b"another document than the one with this code" in answer.content


def test_the_head_signs_before_the_leader(sealed: SealedDocument) -> None:
    """The order of the fields is the order of the rows."""
    sides = list(fresh()["B"].signatures.values_list("side", flat=True))
    assert sides == [Side.GROUP, Side.UNIT]
