"""Time-stamps of an authority (RFC 3161): asked for after the signature, never before it, and again until it answers.

Sealing never waits for the network. A stamp is one more increment of the file: the signatures below it stay as they are.
"""

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from portal.audit import services as audit
from portal.documents.models import TimeStamp
from portal.documents.signing.errors import KeyUnreadable, StampRefused
from portal.documents.signing.seals import in_no_loop
from portal.workdays import clock

BATCH = 50
# The more often it failed, the later it is tried again, up to a day.
PAUSE, PAUSE_MAX = timedelta(minutes=5), timedelta(days=1)
FAILURES = (OSError, TimestampRequestError, SigningError, SignatureValidationError, PathError, ValidationError)


def stamp_waiting(limit: int = BATCH) -> int:
    """Ask for the stamps that documents lack; returns how many were given.

    An authority that does not answer ends the round: what waits is marked, and asked for again later.
    """
    if not settings.SIGNING_TSA_URL:
        return 0
    given = 0
    due = TimeStamp.objects.filter(stamped_at__isnull=True, wanted_at__lte=clock.now()).order_by("wanted_at")
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        if not _stamp(pk):
            break
        given += 1
    return given


def _stamp(pk: int) -> bool:
    """One document; asked without a lock, kept under one. False when the authority failed."""
    row = TimeStamp.objects.select_related("document").get(pk=pk)
    with row.document.file.open("rb") as file:
        sealed = file.read()
    try:
        stamped = in_no_loop(lambda: _ask(sealed))
    except (*FAILURES, PdfError, StampRefused, ValueError) as error:
        _mark(row, error)
        return False
    with transaction.atomic():
        row = TimeStamp.objects.select_for_update().get(pk=pk)
        if row.stamped_at is None:
            row.sha256, row.stamped_at, row.failure = hashlib.sha256(stamped).hexdigest(), clock.now(), ""
            row.file.save(f"{row.document_id}.pdf", ContentFile(stamped), save=False)
            row.save()
            audit.record(None, "document.stamped", row.document, data={"sha256": row.sha256})
    return True


def _mark(row: TimeStamp, error: BaseException) -> None:
    """That it was tried, why it failed, when it is tried again. `wanted_at` is what the next rounds go by."""
    pause = min(PAUSE * 2 ** min(row.tries, 9), PAUSE_MAX)
    waiting = TimeStamp.objects.filter(Q(pk=row.pk), stamped_at__isnull=True)
    waiting.update(
        tries=F("tries") + 1, failure=f"{type(error).__name__}: {error}"[:300], wanted_at=clock.now() + pause
    )


async def _ask(content: bytes) -> bytes:
    stamper = HTTPTimeStamper(settings.SIGNING_TSA_URL, timeout=settings.SIGNING_TSA_TIMEOUT_SECONDS)
    writer = IncrementalPdfFileWriter(BytesIO(content))
    out = await PdfTimeStamper(stamper, field_name="TimeStamp").async_timestamp_pdf(
        writer, "sha256", validation_context=_trust()
    )
    return bytes(out.getbuffer())


def _trust() -> Any:
    """Who is trusted as an authority; without a file nobody is asked, and the stamp is taken as it comes."""
    roots = trusted_authorities()
    return ValidationContext(trust_roots=roots, moment=clock.now(), allow_fetching=False) if roots else None


def trusted_authorities() -> list[asn1_x509.Certificate]:
    """The certificates that the settings trust for time-stamps. Raises KeyUnreadable."""
    if not settings.SIGNING_TSA_ROOTS_FILE:
        return []
    try:
        content = Path(settings.SIGNING_TSA_ROOTS_FILE).read_bytes()
        found = list(asn1_pem.unarmor(content, multiple=True))
    except (OSError, ValueError) as error:
        raise KeyUnreadable from error
    return [asn1_x509.Certificate.load(der) for _kind, _headers, der in found]
