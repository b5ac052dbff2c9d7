"""A unit's score on paper: sealed once it is frozen, so that what the unit holds is what was confirmed."""

from django.conf import settings
from django.db import transaction
from django.utils import translation

from portal.documents import pdf, qr, services
from portal.documents.models import SealedDocument, verification_code
from responsibility.assessment.measures import labels
from responsibility.assessment_errors import NotInState
from responsibility.models import FIXED, Programme, Score

KIND = "score"


def sealed(score: Score, language: str) -> SealedDocument:
    """The sealed PDF in a language; made the first time it is asked for. Raises NotInState before the score is frozen."""
    about = f"score:{score.pk}"
    kept = SealedDocument.objects.filter(kind=KIND, about=about, language=language).select_related("stamp")
    found = kept.first()
    if found is not None:
        return found
    if score.assessment.state not in FIXED:
        raise NotInState
    code = verification_code()
    content = _render(score, language, code)
    with transaction.atomic():
        # Two who ask at once: the second waits here and finds what the first made.
        Score.objects.select_for_update(of=("self",), no_key=True).get(pk=score.pk)
        return kept.first() or services.seal(
            KIND,
            number=f"{score.assessment.year}-{score.unit.code}",
            titles={name: _title(score, name) for name in ("en", "zh-hans")},
            about=about,
            language=language,
            code=code,
            content=content,
        )


def _render(score: Score, language: str, code: str) -> bytes:
    url = f"{settings.SITE_URL}/verify/{code}/"
    context = {
        "score": score,
        "labels": labels(),
        "programme": Programme.objects.get(pk=1),
        "code": code,
        "verify_url": url,
        "qr": qr.svg(url),
    }
    return pdf.render("responsibility/score_pdf.html", context, language=language, title=_title(score, language))


def _title(score: Score, language: str) -> str:
    with translation.override(language):
        return f"{score.assessment}: {score.unit.name}"[:200]
