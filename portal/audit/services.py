"""Writing the log: in the transaction of what it tells, so that no deed is without its entry nor the other way round."""

import json
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from portal.audit.chain import ALGORITHM, FIELDS, GENESIS, hash_of
from portal.audit.models import Entry
from portal.workdays import clock

# Writers take turns: reading the last hash and writing the next entry is one step for all of them.
LOCK = 7_301_003


class Origin(NamedTuple):
    """Where a request came from."""

    ip: str = ""
    agent: str = ""


class Draft(NamedTuple):
    """An entry about to be written."""

    action: str
    subject: models.Model | None = None
    path: str = ""
    data: dict[str, Any] | None = None


_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("audit_origin", default=_NOWHERE)


def origin() -> Origin:
    """Where the present request comes from; empty outside of one."""
    return _origin.get()


def record(
    by: models.Model | None,
    action: str,
    subject: models.Model | None = None,
    *,
    path: str = "",
    data: dict[str, Any] | None = None,
) -> Entry:
    """Write an entry. `by` is the user, or None for the portal itself; `path` is where in the tree it happened."""
    return record_many(by, [Draft(action, subject, path, data)])[0]


@transaction.atomic
def record_many(by: models.Model | None, drafts: Sequence[Draft]) -> list[Entry]:
    """Write several entries of one deed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    seq, previous = last or (0, GENESIS)
    entries = []
    for draft in drafts:
        seq += 1
        entry = _entry(by, draft, seq, previous)
        previous = entry.hash
        entries.append(entry)
    return Entry.objects.bulk_create(entries)


def last() -> int:
    """The number of the last entry; 0 in an empty log."""
    return Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def _entry(by: models.Model | None, draft: Draft, seq: int, previous: str) -> Entry:
    came_from, subject = origin(), draft.subject
    values: dict[str, Any] = {
        "seq": seq,
        "at": clock.now(),
        "actor_id": by.pk if by is not None else None,
        "actor_name": str(getattr(by, "username", "")),
        "action": draft.action,
        "subject_type": subject._meta.label_lower if subject is not None else "",
        "subject_id": str(subject.pk) if subject is not None else "",
        "subject_label": str(subject)[:200] if subject is not None else "",
        "path": draft.path or None,
        "data": json.loads(json.dumps(draft.data or {}, cls=DjangoJSONEncoder)),
        "ip": came_from.ip,
        "agent": came_from.agent,
        "algorithm": ALGORITHM,
        "previous_hash": previous,
    }
    return Entry(**values, hash=hash_of(values))


class Flaw(NamedTuple):
    """What is wrong with the chain, and at which entry."""

    seq: int
    sentence: str


def verify(start: int = 1) -> tuple[int, Flaw | None]:
    """Go through the chain from an entry on: how many were looked at, and the first flaw."""
    seen = 0
    before = Entry.objects.filter(seq=start - 1).values_list("hash", flat=True).first()
    previous, expected = before or GENESIS, start
    fields = (*FIELDS, "hash")
    for row in Entry.objects.filter(seq__gte=start).order_by("seq").values(*fields).iterator(chunk_size=5000):
        row["path"] = str(row["path"]) if row["path"] is not None else None
        if row["seq"] != expected:
            return seen, Flaw(expected, f"entry {expected} is missing: the next one is {row['seq']}")
        if row["hash"] != hash_of(row):
            return seen, Flaw(row["seq"], f"entry {row['seq']} was changed: its content does not give its hash")
        if row["previous_hash"] != previous:
            return seen, Flaw(row["seq"], f"entry {row['seq']} does not follow the one before: something was inserted")
        previous, expected, seen = row["hash"], expected + 1, seen + 1
    return seen, None
