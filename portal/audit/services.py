"""Writing the log: in the transaction of what it tells, so that no deed is without its entry nor the other way round."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from portal.audit import head, verification
from portal.audit.chain import ALGORITHM, hash_of
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


# Writing and checking are two rooms with one door.
verify = verification.verify

_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("audit_origin", default=_NOWHERE)


def origin() -> Origin:
    """Where the present request comes from; empty outside of one."""
    return _origin.get()


@contextmanager
def without_origin() -> Iterator[None]:
    """What is recorded in here does not say from which address it came: a sender of a clue stays unknown."""
    token = _origin.set(_NOWHERE)
    try:
        yield
    finally:
        _origin.reset(token)


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


class FloatInLog(ValueError):
    """An entry was to keep a float: the database gives some back in other digits, and the chain would seem broken."""


@transaction.atomic
def record_many(by: models.Model | None, drafts: Sequence[Draft]) -> list[Entry]:
    """Write several entries of one deed. Raises FloatInLog."""
    if not drafts:
        return []
    wait_for_turn()
    # On from the head, not from the last row: what was cut off at the end stays a gap for ever.
    at = head.current()
    entries = _chained(by, drafts, at.seq, at.hash)
    head.advance(at, entries[-1], by=len(entries))
    return Entry.objects.bulk_create(entries)


@transaction.atomic
def sign_head(by: models.Model | None) -> Entry:
    """Sign a head again that nobody with the key had signed, once it is known why: a new key, an old backup.

    Writes an entry. What the chain and the head say must agree before; `verification.verify` tells.
    """
    wait_for_turn()
    at = head.current()
    (entry,) = _chained(by, [Draft("log.head_signed", data={"seq": at.seq, "hash": at.hash})], at.seq, at.hash)
    head.advance(at, entry, by=1, trusted=True)
    entry.save(force_insert=True)
    return entry


def wait_for_turn() -> None:
    """Take the log's lock for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _chained(by: models.Model | None, drafts: Sequence[Draft], seq: int, previous: str) -> list[Entry]:
    entries = []
    for draft in drafts:
        seq += 1
        entry = _entry(by, draft, seq, previous)
        previous = entry.hash
        entries.append(entry)
    return entries


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
        "data": _kept(draft.data or {}),
        "ip": came_from.ip,
        "agent": came_from.agent,
        "algorithm": ALGORITHM,
        "previous_hash": previous,
    }
    return Entry(**values, hash=hash_of(values))


def _kept(data: dict[str, Any]) -> Any:
    """The data as JSON gives it back."""
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder), parse_float=_refuse, parse_constant=_refuse)


def _refuse(number: str) -> None:
    raise FloatInLog(f"{number} is a float. Write it as text or as a Decimal.")
