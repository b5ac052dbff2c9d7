"""Going through the log: what was changed, removed, inserted or cut off is found and named."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import Subquery

from portal.audit import head
from portal.audit.chain import FIELDS, GENESIS, hash_of
from portal.audit.models import Entry, Head

UNSIGNED = "unsigned"
CHUNK = 5000
Progress = Callable[[int], None]


def _silent(count: int) -> None:
    """Nobody watches."""


class Flaw(NamedTuple):
    """What is wrong with the log, and at which entry."""

    seq: int
    # What sort of flaw: pages say it in the reader's language, the sentence is for who sits at the machine.
    code: str
    sentence: str

    @property
    def only_signature(self) -> bool:
        """Whether only the signature of the head is wrong; the chain and the head agree."""
        return self.code == UNSIGNED


def verify(start: int = 1, progress: Progress = _silent) -> tuple[int, Flaw | None]:
    """Go through the log from an entry on: how many were looked at, and the first flaw. `progress` hears of each stretch.

    Entries written while it runs are left to the next time.
    """
    known = Head.objects.first()
    until = known.seq if known is not None else None
    seen, flaw, last = _chain(start, until, progress)
    return seen, flaw or _outside() or _end(known, last, start)


def _rows(start: int, until: int | None) -> Iterator[dict[str, Any]]:
    entries = Entry.objects.filter(seq__gte=start)
    if until is not None:
        entries = entries.filter(seq__lte=until)
    for row in entries.order_by("seq").values(*FIELDS, "hash").iterator(chunk_size=CHUNK):
        row["path"] = str(row["path"]) if row["path"] is not None else None
        yield row


def _chain(start: int, until: int | None, progress: Progress) -> tuple[int, Flaw | None, tuple[int, str]]:
    """How many entries were looked at, the first flaw, number and hash of the last entry."""
    before = Entry.objects.filter(seq=start - 1).values_list("hash", flat=True).first()
    if before is None and start > 1:
        return 0, Flaw(start - 1, "missing", f"entry {start - 1} is missing"), (0, "")
    previous, expected = before or GENESIS, start
    seen = 0
    for row in _rows(start, until):
        seq = row["seq"]
        if seq != expected:
            return seen, Flaw(expected, "missing", f"entry {expected} is missing: the next one is {seq}"), (0, "")
        if row["hash"] != hash_of(row):
            return seen, Flaw(seq, "changed", f"entry {seq} was changed: its content does not give its hash"), (0, "")
        if row["previous_hash"] != previous:
            return seen, _misfit(seq), (0, "")
        previous, expected, seen = row["hash"], expected + 1, seen + 1
        if seen % CHUNK == 0:
            progress(CHUNK)
    progress(seen % CHUNK)
    return seen, None, (expected - 1, previous)


def _misfit(seq: int) -> Flaw:
    if seq == 1:
        return Flaw(1, "replaced", "entry 1 was replaced: it does not begin a chain")
    return Flaw(seq - 1, "misfit", f"entry {seq - 1} was replaced, or entry {seq} inserted: the two do not fit")


def _outside() -> Flaw | None:
    """Entries where none can be: before the first, or past the head; in one statement, so that writers do not disturb."""
    first = Entry.objects.filter(seq__lt=1).order_by("seq").values_list("seq", flat=True).first()
    if first is not None:
        return Flaw(first, "inserted", f"entry {first} was inserted: the log begins at 1")
    past = Entry.objects.filter(seq__gt=Subquery(Head.objects.values("seq")[:1])).order_by("seq")
    seq = past.values_list("seq", flat=True).first()
    if seq is None:
        return None
    return Flaw(seq, "inserted", f"entry {seq} was inserted: the head of the log is before it")


def _end(known: Head | None, last: tuple[int, str], start: int) -> Flaw | None:
    """Whether the log ends where its head says."""
    seq, digest = last
    if known is None:
        return Flaw(seq, "head-removed", "the head of the log was removed: what stood at its end cannot be known")
    if known.seq > seq:
        return Flaw(seq + 1, "cut-off", _cut(seq + 1, known.seq))
    if known.hash != digest and known.seq >= start - 1:
        return Flaw(seq, "replaced", f"entry {seq} was replaced: the head of the log has another hash")
    if known.seq != known.count:
        return Flaw(seq, "miscounted", f"the head of the log counts {known.count} entries where {known.seq} stand")
    if not head.is_signed(known):
        sentence = (
            "the head of the log was not signed with the key of this site: somebody else wrote it, or the key is new"
        )
        return Flaw(known.seq, UNSIGNED, sentence)
    return None


def _cut(first: int, last: int) -> str:
    if first == last:
        return f"entry {first} is missing: it was cut off at the end"
    return f"entries {first} to {last} are missing: they were cut off at the end"
