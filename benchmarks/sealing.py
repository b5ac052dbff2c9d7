"""Sealing letters, beside a bare WeasyPrint render of the same page with a bare pyHanko signature, in one run.

Each round does both sides by turns on the same letters, so that whatever else the machine does falls on both. What sealing has
beyond the floor: a second signature, the row, the file, the log; what it saves is that pyHanko loads the key anew for each
signature. Then two processes seal at once: together they should be near twice as quick as one.
"""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO
from os import cpu_count
from statistics import median
from time import perf_counter
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from benchmarks.issue_letters import DAY, YEAR, build
from portal.documents import pdf, qr
from portal.documents.models import verification_code
from portal.documents.signing import authority, keys
from portal.organisation.models import GroupMembership, Tenure
from portal.workdays import clock
from responsibility import letter_pdf
from responsibility.models import Letter, Programme, Side, Signature
from responsibility.services import letters

NAME, UNIT, BUDGET = "sealing", "ms per letter", 1.3
SIZE = 200
# Two workers are "near twice one" from here on, where the machine has two processors to give.
TWO_WORKERS = 1.6
LANGUAGE = "zh-hans"


def measure(size: int = SIZE) -> dict[str, object]:
    """Milliseconds for a letter, how they stand to the floor, and how much quicker two workers are than one."""
    with clock.frozen(DAY):
        made = signed_letters(2 * size)
        authority.seal_in_use()
        _seal(made[0]), _bare(made[0])
        figures, floors = [], []
        for letter in made[1:size]:
            floors.append(_timed(lambda letter=letter: _bare(letter)))  # type: ignore[misc]
            figures.append(_timed(lambda letter=letter: _seal(letter)))  # type: ignore[misc]
    figure, floor = 1000 * median(figures), 1000 * median(floors)
    alone = _workers(1, [letter.pk for letter in made[size : size + size // 2]])
    both = _workers(2, [letter.pk for letter in made[size + size // 2 :]])
    ratio, gain = figure / floor, both / alone
    enough = gain >= TWO_WORKERS or (cpu_count() or 1) < 2
    return {
        "name": f"{NAME} (two workers: {gain:.2f} times one)", "figure": round(figure, 1), "floor": round(floor, 1),
        "unit": UNIT, "ratio": round(ratio, 2), "budget": BUDGET, "met": ratio <= BUDGET and enough,
    }  # fmt: skip


def signed_letters(size: int) -> list[Letter]:
    """Letters of a district that both sides have signed, written without their notices."""
    coordinator = build(size)
    while letters.issue_chunk(coordinator, YEAR):
        pass
    found = list(Letter.objects.for_year(YEAR).select_related("unit", "tenure__person").order_by("pk")[:size])
    with transaction.atomic():
        _sign_all(found)
    return found


def _sign_all(found: list[Letter]) -> None:
    """Both signatures under each, as the verbs write them."""
    heads = {row.group_id: row for row in GroupMembership.objects.heads().on(date(2026, 1, 1)).select_related("person")}
    rows: list[Signature] = []
    for letter in found:
        head, tenure = heads[letter.group_id], letter.tenure
        assert tenure is not None
        rows += [_signature(letter, Side.GROUP, membership=head), _signature(letter, Side.UNIT, tenure=tenure)]
    Signature.objects.bulk_create(rows)
    for state in ("head_signed", "signed"):
        Letter.objects.filter(pk__in=[letter.pk for letter in found]).update(state=state, signed_at=clock.now())


def _signature(letter: Letter, side: Side, **held: GroupMembership | Tenure) -> Signature:
    (by,) = held.values()
    words = {"office_en": "Director, Unit", "office_zh": "单位主任", "typed_name": "李明", "ip": "10.0.0.1"}
    return Signature(
        letter=letter, side=side, person=by.person, signed_at=clock.now(), content_sha256=letter.content_sha256,
        **words, **held,
    )  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _seal(letter: Letter) -> None:
    letter_pdf.sealed(letter, LANGUAGE)


def _bare(letter: Letter) -> None:
    """The floor: the same page by WeasyPrint with faces already read, one signature by pyHanko as it comes, nothing kept."""
    import weasyprint
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

    with translation.override(LANGUAGE):
        html = render_to_string("responsibility/letter_pdf.html", _context(letter))
    fonts, sheets = pdf._style()
    document = weasyprint.HTML(string=html, base_url=f"{pdf.settings.BASE_DIR}/static/", url_fetcher=pdf._fetcher())
    content = document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1")
    with keys.signer(keys.certificate_in_use()) as ours:
        key = keys._key_as_asn1(ours._key)
        signer = SimpleSigner(ours.signing_cert, key, ours.cert_registry)
        meta = PdfSignatureMetadata(field_name="Signature", md_algorithm="sha256")
        PdfSigner(meta, signer=signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(content)))


def _context(letter: Letter) -> dict[str, Any]:
    code = verification_code()
    return {
        "letter": letter, "words": letter.content, "programme": Programme.objects.get(pk=1), "code": code,
        "signatures": {s.side: s for s in letter.signatures.select_related("person")},
        "verify_url": f"http://127.0.0.1/verify/{code}/", "qr": qr.as_address(qr.svg(code)), "final": True,
        "language": LANGUAGE, "title": "责任书",
    }  # fmt: skip


def _workers(count: int, ids: list[int]) -> float:
    """Letters a second by so many processes that start together, each warm before the time is taken."""
    parts = [ids[number::count] for number in range(count)]
    workers = [_worker(part) for part in parts]
    if any(worker.stdout.readline() != "ready\n" for worker in workers if worker.stdout):
        raise RuntimeError("a worker did not start")
    start = perf_counter()
    for worker in workers:
        if worker.stdin:
            worker.stdin.write("go\n")
            worker.stdin.flush()
    if any([worker.wait() for worker in workers]):  # noqa: C419 - all are waited for
        raise RuntimeError("a worker failed")
    return sum(len(part) - 1 for part in parts) / (perf_counter() - start)


def _worker(ids: list[int]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.sealing_worker", *map(str, ids)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=pdf.settings.BASE_DIR
    )
