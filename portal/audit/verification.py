"""Going through the log: what was changed, removed, inserted or cut off is found and named."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Subquery

from portal.audit import head
from portal.audit.chain import FIELDS, GENESIS, hash_of
from portal.audit.models import Entry, Head


class Flaw(NamedTuple):
    """What is wrong with the log, and at which entry."""

    seq: int
    sentence: str
    # Only the signature of the head is wrong; the chain and the head agree.
    only_signature: bool = False


def verify(start: int = 1) -> tuple[int, Flaw | None]:
    """Go through the log from an entry on: how many were looked at, and the first flaw.

    Entries written while it runs are left to the next time.
    """
    known = Head.objects.first()
    until = known.seq if known is not None else None
    seen, flaw, last = _chain(start, until)
    return seen, flaw or _outside() or _end(known, last, start)


def _rows(start: int, until: int | None) -> Iterator[dict[str, Any]]:
    entries = Entry.objects.filter(seq__gte=start)
    if until is not None:
        entries = entries.filter(seq__lte=until)
    for row in entries.order_by("seq").values(*FIELDS, "hash").iterator(chunk_size=5000):
        row["path"] = str(row["path"]) if row["path"] is not None else None
        yield row


def _chain(start: int, until: int | None) -> tuple[int, Flaw | None, tuple[int, str]]:
    """How many entries were looked at, the first flaw, number and hash of the last entry."""
    before = Entry.objects.filter(seq=start - 1).values_list("hash", flat=True).first()
    if before is None and start > 1:
        return 0, Flaw(start - 1, f"entry {start - 1} is missing"), (0, "")
    previous, expected = before or GENESIS, start
    seen = 0
    for row in _rows(start, until):
        seq = row["seq"]
        if seq != expected:
            return seen, Flaw(expected, f"entry {expected} is missing: the next one is {seq}"), (0, "")
        if row["hash"] != hash_of(row):
            return seen, Flaw(seq, f"entry {seq} was changed: its content does not give its hash"), (0, "")
        if row["previous_hash"] != previous:
            return seen, _misfit(seq), (0, "")
        previous, expected, seen = row["hash"], expected + 1, seen + 1
    return seen, None, (expected - 1, previous)


def _misfit(seq: int) -> Flaw:
    if seq == 1:
        return Flaw(1, "entry 1 was replaced: it does not begin a chain")
    return Flaw(seq - 1, f"entry {seq - 1} was replaced, or entry {seq} inserted: the two do not fit")


def _outside() -> Flaw | None:
    """Entries where none can be: before the first, or past the head; in one statement, so that writers do not disturb."""
    first = Entry.objects.filter(seq__lt=1).order_by("seq").values_list("seq", flat=True).first()
    if first is not None:
        return Flaw(first, f"entry {first} was inserted: the log begins at 1")
    past = Entry.objects.filter(seq__gt=Subquery(Head.objects.values("seq")[:1])).order_by("seq")
    seq = past.values_list("seq", flat=True).first()
    return Flaw(seq, f"entry {seq} was inserted: the head of the log is before it") if seq is not None else None


def _end(known: Head | None, last: tuple[int, str], start: int) -> Flaw | None:
    """Whether the log ends where its head says."""
    seq, digest = last
    if known is None:
        return Flaw(seq, "the head of the log was removed: what stood at its end cannot be known")
    if known.seq > seq:
        return Flaw(seq + 1, _cut(seq + 1, known.seq))
    if known.hash != digest and known.seq >= start - 1:
        return Flaw(seq, f"entry {seq} was replaced: the head of the log has another hash")
    if known.seq != known.count:
        return Flaw(seq, f"the head of the log counts {known.count} entries where {known.seq} stand")
    if not head.is_signed(known):
        sentence = (
            "the head of the log was not signed with the key of this site: somebody else wrote it, or the key is new"
        )
        return Flaw(known.seq, sentence, only_signature=True)
    return None


def _cut(first: int, last: int) -> str:
    if first == last:
        return f"entry {first} is missing: it was cut off at the end"
    return f"entries {first} to {last} are missing: they were cut off at the end"
