"""Going through the log and keeping what was found."""

import logging
from typing import Any

from django.db import transaction

from portal.audit import signals, verification
from portal.audit.chain import GENESIS
from portal.audit.models import Entry, Head, Verification
from portal.workdays import clock

log = logging.getLogger("portal.audit")


def check(by: Any, *, start: int = 1, progress: verification.Progress = verification._silent) -> Verification:
    """Go through the log and keep the result; it reads the log and writes nothing into it.

    `by` is the user who asked, None for the portal's daily check. `start` is for one who goes on where another was cut
    off: what lies before was found whole. What is found wrong is told to upper floors.
    """
    seen, flaw = verification.verify(start, progress)
    seq, digest = _end()
    with transaction.atomic():
        made = Verification.objects.create(
            at=clock.now(),
            by=by,
            count=start - 1 + seen,
            seq=seq,
            hash=digest,
            flaw=flaw.code if flaw is not None else "",
            flaw_seq=flaw.seq if flaw is not None else None,
        )
        if flaw is not None:
            log.critical("The log is broken at %s: %s.", flaw.seq, flaw.sentence)
            signals.flaw_found.send(sender=Verification, verification=made)
    return made


def check_daily() -> Verification | None:
    """The portal's own check, once a day; None when that was done today."""
    last = Verification.objects.filter(by__isnull=True).first()
    if last is not None and last.at.astimezone(clock.zone()).date() == clock.today():
        return None
    return check(None)


def _end() -> tuple[int, str]:
    found = Head.objects.first()
    if found is not None:
        return found.seq, found.hash
    return Entry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)
