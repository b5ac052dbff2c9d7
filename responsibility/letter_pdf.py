"""The letter on paper: rendered from the frozen words, sealed once both have signed."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.documents import pdf, qr, services
from portal.documents.models import EndReason, SealedDocument, verification_code
from portal.documents.signing.wanted import Seal
from portal.web.dates import moment
from portal.web.errors import WrongState
from portal.web.i18n import localized, pick
from portal.workdays import clock
from responsibility.models import Letter, LetterState, Programme, Side

KIND = "letter"
LANGUAGES = ("zh-hans", "en")
SIDES = ("group", "unit")


class NotSignedYet(WrongState):
    """A letter becomes a document when both have signed."""

    code = "not-signed-yet"
    message = _("The letter becomes a document once both sides have signed.")


def sealed(letter: Letter, language: str) -> SealedDocument:
    """The sealed PDF of a letter in a language; made the first time it is asked for. Raises NotSignedYet, SigningFault."""
    about = _about(letter)
    found = SealedDocument.objects.filter(kind=KIND, about=about, language=language).first()
    if found is not None:
        return found
    if letter.signatures.count() < len(SIDES):
        raise NotSignedYet
    code = verification_code()
    content = render(letter, language, code)
    replaces = _predecessor(letter, language)
    with transaction.atomic():
        # Two who ask at once: the second waits here and finds what the first made. So does who replaces the letter.
        now = Letter.objects.locked(letter.pk)
        found = SealedDocument.objects.filter(kind=KIND, about=about, language=language).first()
        if found is not None:
            return found
        made = services.seal(
            KIND,
            number=_in(language, letter.content["number"]),
            titles=letter.content["title"],
            about=about,
            language=language,
            code=code,
            content=content,
            seals=_seals(letter, language),
            replaces=replaces,
        )
        if now.state == LetterState.SUPERSEDED:
            # Replaced before its document was made: that says so from the first.
            successor = Letter.objects.filter(replaces=now).values_list("issued_at", flat=True).first()
            end(now, EndReason.REPLACED, on=successor.astimezone(clock.zone()).date() if successor else None)
            made.refresh_from_db()
        return made


def seal_waiting(limit: int = 50) -> int:
    """Seal signed letters that lack a document, the longest signed first; returns how many documents were made.

    Raises SigningFault with the first one that the key does not sign: the next would not fare better.
    """
    about = Concat(Value("letter:"), Cast("pk", CharField()))
    made = 0
    for language in LANGUAGES:
        kept = SealedDocument.objects.filter(kind=KIND, language=language, about=OuterRef("about"))
        signed = Letter.objects.annotate(about=about).filter(~Exists(kept), state=LetterState.SIGNED)
        for letter in signed.order_by("signed_at", "pk")[:limit]:
            sealed(letter, language)
            made += 1
    return made


def end(letter: Letter, reason: EndReason, *, on: date | None = None) -> None:
    """Say of the letter's documents that they are not in force any more; in the transaction in which it ends."""
    services.end(KIND, about=_about(letter), reason=reason, on=on)


def _about(letter: Letter) -> str:
    return f"letter:{letter.pk}"


def _predecessor(letter: Letter, language: str) -> SealedDocument | None:
    """The document of the letter that this one replaces, made now if need be: verification must call it superseded."""
    old = letter.replaces
    if old is None or old.signatures.count() < len(SIDES):
        return None
    return sealed(old, language)


# The fields of the PDF, in the order in which they are signed: the leading group signs first.
FIELDS = {Side.GROUP: "LeadingGroup", Side.UNIT: "TopLeader"}


def _seals(letter: Letter, language: str) -> list[Seal]:
    """The two signatures of the PDF: each names the person, the office and when it was given."""
    given = {signature.side: signature for signature in letter.signatures.all()}
    made = []
    with translation.override(language):
        for side, field in FIELDS.items():
            signature = given[side]
            # The page of evidence says how; this is what a reader's panel of signatures shows.
            reason = f"{localized(signature, 'office')}; {moment(signature.signed_at)}"
            made.append(Seal(field, name=signature.typed_name, reason=reason))
    return made


def documents_of(letter: Letter) -> "QuerySet[SealedDocument]":
    """The sealed documents of a letter, with their time-stamps."""
    return SealedDocument.objects.filter(kind=KIND, about=_about(letter)).select_related("stamp")


def render(letter: Letter, language: str, code: str) -> bytes:
    """The PDF itself."""
    url = f"{settings.SITE_URL}/verify/{code}/"
    context = {
        "letter": letter,
        "words": letter.content,
        "signatures": {s.side: s for s in letter.signatures.select_related("person")},
        "programme": Programme.objects.get(pk=1),
        "code": code,
        "verify_url": url,
        "qr": qr.svg(url),
        "final": letter.state in (LetterState.SIGNED, LetterState.SUPERSEDED),
    }
    title = _in(language, letter.content["title"])
    return pdf.render("responsibility/letter_pdf.html", context, language=language, title=title)


def _in(language: str, values: dict[str, str]) -> str:
    with translation.override(language):
        return str(pick(values))
