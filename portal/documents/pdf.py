"""PDFs in the house style: tagged, with embedded fonts, without reaching for anything outside our own files."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from portal.documents import qr

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

STYLES = ("css/pdf.css",)


class OutsideResource(ValueError):
    """A document named a file that is not one of our static files."""


@lru_cache(maxsize=1)
def _fetcher() -> "URLFetcher":
    """Gives WeasyPrint our own static files and inline data, nothing else: no address of a document is ever opened.

    A file that is missing stops the document: without its Chinese face it would be sealed full of empty boxes.
    """
    from weasyprint.urls import URLFetcher

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith("data:"):
                path = Path(unquote(urlparse(url).path)).resolve()
                roots = [Path(folder).resolve() for folder in (*settings.STATICFILES_DIRS, settings.STATIC_ROOT)]
                if urlparse(url).scheme != "file" or not any(path.is_relative_to(root) for root in roots):
                    raise OutsideResource(url)
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols=("data", "file"), allow_redirects=False, fail_on_errors=True)


@lru_cache(maxsize=1)
def _style() -> tuple["FontConfiguration", list["CSS"]]:
    """Fonts and style sheets, read once for each process: reading a Chinese face takes longer than a page."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    sheets = []
    for name in STYLES:
        found = finders.find(name)
        if isinstance(found, str):
            sheets.append(weasyprint.CSS(filename=found, font_config=fonts, url_fetcher=_fetcher()))
    return fonts, sheets


def render(template: str, context: dict[str, Any], *, language: str, title: str) -> bytes:
    """A template as PDF/UA in a language; `context["qr"]` is the code as SVG. Memory: about 150 MB, so call it from a worker.

    WeasyPrint is imported by the first call: a web process that never renders does not pay for it.
    """
    import weasyprint

    # An image has a text for those who cannot see it; an SVG in the page would be a figure without one.
    picture = qr.as_address(context["qr"]) if context.get("qr") else ""
    with translation.override(language):
        html = render_to_string(template, {**context, "qr": picture, "language": language, "title": title})
    fonts, sheets = _style()
    document = weasyprint.HTML(string=html, base_url=f"{settings.BASE_DIR}/static/", url_fetcher=_fetcher())
    content: bytes = document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1")
    return content
