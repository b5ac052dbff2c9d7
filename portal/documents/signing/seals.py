"""Signing a PDF: one field after the other, each as an increment, so that the next leaves those before it valid."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, TypeVar

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

from portal.documents.signing import keys
from portal.documents.signing.errors import KeyUnreadable
from portal.documents.signing.wanted import Seal
from portal.workdays import clock

T = TypeVar("T")
# What readers of the paper see is on the evidence page; a mark in the margin would say less.
UNSEEN = InvisSigSettings(set_print_flag=False, set_hidden_flag=True)


class _Signer(PdfSigner):  # type: ignore[misc]
    """Tells the time by the portal's clock, as everything else does."""

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = clock.now()
        return session


def sign(content: bytes, seals: Sequence[Seal]) -> bytes:
    """The PDF with its signatures, given in this order by the key in use.

    The first one certifies: after it nothing but further signatures may be added. Raises SigningFault.
    """
    held = keys.certificate_in_use()
    with keys.signer(held) as signer:
        return in_no_loop(lambda: _sign(content, seals, signer))


async def _sign(content: bytes, seals: Sequence[Seal], signer: Signer) -> bytes:
    for number, seal in enumerate(seals):
        content = await _sign_one(content, seal, signer, certify=number == 0)
    return content


async def _sign_one(content: bytes, seal: Seal, signer: Signer, *, certify: bool) -> bytes:
    meta = PdfSignatureMetadata(
        field_name=seal.field,
        name=seal.name or None,
        reason=seal.reason or None,
        contact_info=seal.contact or None,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    spec = SigFieldSpec(seal.field, invis_sig_settings=UNSEEN)
    try:
        out = await _Signer(meta, signer=signer, new_field_spec=spec).async_sign_pdf(
            IncrementalPdfFileWriter(BytesIO(content))
        )
    except SigningError as error:
        raise KeyUnreadable from error
    return bytes(out.getbuffer())


def in_no_loop(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end, from wherever: a thread that has a loop already lends another thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(work())).result()
