"""The sheet of an anchor: a head of the log on paper, to be filed outside the portal."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.accounts.history import may_read
from portal.accounts.models import User
from portal.audit import anchors
from portal.audit.chain import grouped
from portal.documents import pdf, qr
from portal.web.views import PageMixin

LINE = 16


def sheet(seq: int, digest: str, at: Any, *, language: str) -> bytes:
    """One page: number, time, hash in groups of four, how to compare. The code holds the same as NUMBER:HASH."""
    groups = grouped(digest).split(" ")
    lines = [" ".join(groups[first : first + 4]) for first in range(0, LINE, 4)]
    context = {
        "seq": seq,
        "at": at,
        "hash": digest,
        "lines": lines,
        "site": settings.SITE_URL,
        "qr": qr.svg(f"{seq}:{digest}"),
        "head": f"{seq}:{digest}",
    }
    title = _("Anchor of the log, No. %(seq)s") % {"seq": seq}
    return pdf.render("pdf/anchor.html", context, language=language, title=title)


class AnchorSheet(PageMixin, View):
    """The sheet of a head that was given away, as PDF."""

    def allowed(self, user: User) -> bool:
        """Those who read the log."""
        return may_read(user)

    def get(self, request: Any, seq: int) -> HttpResponse:
        """The file. 404 for an entry that is no anchor."""
        entry = anchors.given().get(seq=seq)
        content = sheet(entry.seq, entry.hash, entry.at, language=get_language() or settings.LANGUAGE_CODE)
        answer = HttpResponse(content, content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="anchor-{seq}.pdf"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
