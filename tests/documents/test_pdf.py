"""PDF/UA: what a screen reader needs is in the file, and so is every face."""

import ctypes
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from portal.documents import pdf, qr
from responsibility import letter_pdf
from responsibility.models import Letter
from responsibility.services import letters, programme
from tests.world import World

CODE = "ABCDEFGHJKLM"
URL = f"https://portal.example/verify/{CODE}/"
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}


def house_style(language: str) -> bytes:
    body = SimpleNamespace(body="人民检察院" if language == "zh-hans" else "Procuratorate")
    context = {"code": CODE, "verify_url": URL, "qr": qr.svg(URL), "programme": body}
    return pdf.render("pdf/base.html", context, language=language, title="责任书 Letter")


@pytest.fixture
def letter(world: World) -> Letter:
    coordinator = world.user("coordinator")
    programme.open_year(coordinator, year=2026, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(coordinator, 2026, path=str(world.unit("D").path))
    head = world.user("head")
    ids = [waiting.pk for waiting in letters.waiting_for(head, 2026)]
    letters.sign_for_group(head, year=2026, letter_ids=ids, typed_name=head.name_en)
    signed = Letter.objects.get(unit=world.unit("B"))
    letters.sign_for_unit(
        world.user("leader"), signed.pk, expected_version=signed.version, read=True, typed_name="Xu Zhixin"
    )
    return signed


def text_of(function: Any, element: Any) -> str:
    """What one of the library's functions writes into a buffer, as UTF-16."""
    length = function(element, None, 0)
    buffer = ctypes.create_string_buffer(length)
    function(element, ctypes.cast(buffer, function.argtypes[1]), length)
    return buffer.raw[: max(length - 2, 0)].decode("utf-16-le")


def figures(content: bytes) -> list[str]:
    """The alternative text of each figure in the tree of the document; empty where it has none."""

    def walk(element: Any) -> Iterator[str]:
        if text_of(pdfium.FPDF_StructElement_GetType, element) == "Figure":
            yield text_of(pdfium.FPDF_StructElement_GetAltText, element)
        for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                yield from walk(child)

    found: list[str] = []
    for page in pypdfium2.PdfDocument(content):
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            found += walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, index))
        pdfium.FPDF_StructTree_Close(tree)
    return found


def assert_readable(content: bytes, language: str) -> None:
    """Tagged, in a language, with a title, every figure with a text, every face embedded."""
    document = pypdfium2.PdfDocument(content)
    assert pdfium.FPDFCatalog_IsTagged(document)
    assert text_of(pdfium.FPDFCatalog_GetLanguage, document) == LANGUAGES[language]
    assert document.get_metadata_value("Title")
    assert any(URL[-len(CODE) - 1 : -1] in figure for figure in figures(content))
    assert all(figures(content))
    texts = [item for page in document for item in page.get_objects([pdfium.FPDF_PAGEOBJ_TEXT])]
    assert texts
    assert all(pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(item)) for item in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_house_style_can_be_read_by_everybody(language: str) -> None:
    assert_readable(house_style(language), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_can_be_read_by_everybody(letter: Letter, language: str) -> None:
    assert_readable(letter_pdf.render(letter, language, CODE), language)


def test_the_code_is_drawn() -> None:
    """A picture that was not loaded would leave the corner white."""
    page = pypdfium2.PdfDocument(house_style("en"))[0]
    picture = page.render(scale=2).to_pil().convert("L")
    width, height = picture.size
    dark = [
        1
        for y in range(0, height, 2)
        for x in range(int(width * 0.7), width, 2)
        if picture.getpixel((x, y)) < 60  # type: ignore[operator]
    ]
    assert len(dark) > 300
