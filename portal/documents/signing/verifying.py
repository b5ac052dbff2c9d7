"""Whether a file is a document that the portal issued: by its fingerprint, its signatures, and who is trusted to sign.

All three together: a file with valid signatures of ours is still not the issued one when it was cut after the first of them, or
when something was added behind the last.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from portal.documents.models import CertificateRole, EndReason, SealedDocument, SigningCertificate
from portal.documents.signing.keys import as_asn1
from portal.documents.signing.seals import in_no_loop
from portal.workdays import clock

# The address of verification stands in each signature, its slashes as \\057; the alphabet is that of `verification_code`.
CODE = re.compile(rb"verify(?:/|\\057)([2-9A-HJ-NP-Z]{12})(?:/|\\057)")
# What the parser was seen to raise over some thousand damaged files: beside its own errors those of what it trusts to be there.
UNREADABLE = (
    *(PdfError, zlib.error, ValueError, LookupError, AttributeError, TypeError, ArithmeticError),
    *(AssertionError, NotImplementedError, RecursionError),
)
END = "-----END CERTIFICATE-----"


class Verdict(models.TextChoices):
    """What a file is."""

    CURRENT = "current", _("Genuine and in force")
    SUPERSEDED = "superseded", _("Genuine, but replaced")
    WITHDRAWN = "withdrawn", _("Genuine, but withdrawn")
    CUT = "cut", _("Not the issued document: its end was cut off")
    ADDED = "added", _("Not the issued document: something was added to it")
    ALTERED = "altered", _("Not the issued document: it was altered")
    UNKNOWN = "unknown", _("Not a document of this portal")


GENUINE = frozenset({Verdict.CURRENT, Verdict.SUPERSEDED, Verdict.WITHDRAWN})


class Finding(NamedTuple):
    """A signature in a file: its field, who is named, when, whether what it covers is unchanged, and whether it is ours."""

    field: str
    name: str
    at: datetime | None
    intact: bool
    trusted: bool

    @property
    def good(self) -> bool:
        """Unchanged, and by a key of this portal."""
        return self.intact and self.trusted


class Judgement(NamedTuple):
    """What a file is, which document it is or pretends to be, and its signatures as far as they were looked at."""

    verdict: Verdict
    document: SealedDocument | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def genuine(self) -> bool:
        """Whether it is a document that was issued, in force or not."""
        return self.verdict in GENUINE


def judge(content: bytes, *, signatures_of_strangers: bool = False) -> Judgement:
    """What a file is.

    A file that is none of ours is not parsed, since anybody may send one, unless `signatures_of_strangers` asks for it: by
    whoever runs the portal, at the command line.
    """
    document = _by_fingerprint(content)
    if document is None:
        findings = read_signatures(content, clock.now()) if signatures_of_strangers else ()
        verdict, related = _pretends(content)
        return Judgement(verdict, related, findings)
    findings = read_signatures(content, document.issued_at) if document.signatures else ()
    if sum(finding.good for finding in findings) < document.signatures:
        return Judgement(Verdict.ALTERED, document, findings)
    return Judgement(standing(document), document, findings)


def _by_fingerprint(content: bytes) -> SealedDocument | None:
    digest = hashlib.sha256(content).hexdigest()
    ours = SealedDocument.objects.filter(Q(sha256=digest) | Q(stamp__sha256=digest))
    return ours.select_related("replaced_by", "stamp").first()


def standing(document: SealedDocument) -> Verdict:
    """Whether a document is in force."""
    if document.ended_reason == EndReason.WITHDRAWN:
        return Verdict.WITHDRAWN
    return Verdict.SUPERSEDED if ended_on(document) else Verdict.CURRENT


def ended_on(document: SealedDocument) -> date | None:
    """The day since which another stands in its place, or it was withdrawn."""
    newer = getattr(document, "replaced_by", None)
    if document.ended_on is None and newer is not None:
        return newer.issued_at.astimezone(clock.zone()).date()  # type: ignore[no-any-return]
    return document.ended_on


def _pretends(content: bytes) -> tuple[Verdict, SealedDocument | None]:
    """Which document a file pretends to be, by the code in its signatures, and how it differs from what was issued."""
    codes = {match.decode() for match in CODE.findall(content)}
    document = SealedDocument.objects.filter(code__in=codes).select_related("replaced_by", "stamp").first()
    if document is None:
        return Verdict.UNKNOWN, None
    with document.file.open("rb") as file:
        issued = file.read()
    if content.startswith(issued):
        return Verdict.ADDED, document
    return (Verdict.CUT if issued.startswith(content) else Verdict.ALTERED), document


def read_signatures(content: bytes, moment: datetime) -> tuple[Finding, ...]:
    """The signatures in a file, as they stood at a moment; none where it cannot be read."""
    # The database is asked before the loop begins: within it Django gives no connection.
    anchors = _Anchors.known()
    try:
        return tuple(in_no_loop(lambda: _read(content, anchors, moment)))
    except UNREADABLE:
        return ()


async def _read(content: bytes, anchors: "_Anchors", moment: datetime) -> list[Finding]:
    reader = PdfFileReader(BytesIO(content))
    return [await _judge_one(signature, anchors.at(moment)) for signature in reader.embedded_regular_signatures]


async def _judge_one(signature: Any, trust: ValidationContext) -> Finding:
    field = str(signature.field_name)
    name = str(signature.sig_object.get("/Name", ""))
    try:
        status = await async_validate_pdf_signature(signature, trust)
    except UNREADABLE:
        return Finding(field, name, None, intact=False, trusted=False)
    whole = bool(status.intact and status.valid and status.docmdp_ok)
    return Finding(field, name, status.signer_reported_dt, intact=whole, trusted=bool(status.trusted))


class _Anchors(NamedTuple):
    """Who is trusted to have signed: the authorities of the portal, past and present, and what stands above keys from outside."""

    roots: tuple[Any, ...]
    others: tuple[Any, ...]

    @classmethod
    def known(cls) -> "_Anchors":
        """Every certificate that was made known, whether in use or retired."""
        roots: list[Any] = []
        others: list[Any] = []
        for held in SigningCertificate.objects.all():
            alone = held.role == CertificateRole.SEAL and held.issuer_id is None and not held.chain
            for pem in (held.pem, *_each(held.chain)):
                certificate = as_asn1(pem)
                # A seal from outside above which nothing was given stands for itself.
                (roots if alone or certificate.self_issued else others).append(certificate)
        return cls(tuple(roots), tuple(others))

    def at(self, moment: datetime) -> ValidationContext:
        """As they stood at a moment: a certificate that has run out since is judged by the day on which it signed."""
        return ValidationContext(
            trust_roots=list(self.roots), other_certs=list(self.others), moment=moment, allow_fetching=False
        )


def _each(chain: str) -> Iterator[str]:
    """The certificates of a chain, one by one."""
    for part in chain.split(END)[:-1]:
        yield f"{part.strip()}\n{END}\n"
