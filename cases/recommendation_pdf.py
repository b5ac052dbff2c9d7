"""A recommendation on paper: rendered and sealed the first time it is asked for, once it is signed."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cases.errors import StepNotOpen
from cases.models import Recommendation
from cases.models.recommendations import SENT
from portal.documents import pdf, qr, services
from portal.documents.models import SealedDocument, verification_code

KIND = "recommendation"


def sealed(found: Recommendation, language: str) -> SealedDocument:
    """The sealed PDF in a language. Raises StepNotOpen before it is signed."""
    about = f"recommendation:{found.pk}"
    kept = SealedDocument.objects.filter(kind=KIND, about=about, language=language)
    document = kept.first()
    if document is not None:
        return document
    if found.state not in SENT:
        raise StepNotOpen
    code = verification_code()
    content = render(found, language, code)
    with transaction.atomic():
        # Two who ask at once: the second waits here and finds what the first made.
        Recommendation.objects.locked(found.pk)
        return kept.first() or services.seal(
            KIND,
            number=found.number,
            titles={name: _title(name) for name in ("en", "zh-hans")},
            about=about,
            language=language,
            code=code,
            content=content,
        )


def render(found: Recommendation, language: str, code: str) -> bytes:
    """The PDF itself."""
    url = f"{settings.SITE_URL}/verify/{code}/"
    context = {"recommendation": found, "code": code, "verify_url": url, "qr": qr.svg(url)}
    return pdf.render("cases/recommendation_pdf.html", context, language=language, title=_title(language))


def _title(language: str) -> str:
    with translation.override(language):
        return _("Procuratorial recommendation")
