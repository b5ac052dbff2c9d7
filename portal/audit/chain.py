"""The bytes of an entry and their hash.

`sha256-v1`: each value of the entry, in the order of `FIELDS`, as UTF-8 with its length in bytes in front (eight bytes,
big-endian), so that no two entries share the same bytes; the instant in UTC with microseconds; `data` as JSON with sorted
keys and no spaces. The first entry's predecessor is 64 zeros.

`hmac-sha256-v1`, of the head: number, hash and count in the same form, under the site's key.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

ALGORITHM = "sha256-v1"
MAC_ALGORITHM = "hmac-sha256-v1"
GENESIS = "0" * 64
FIELDS = (
    *("seq", "at", "actor_id", "actor_name", "action", "subject_type", "subject_id", "subject_label"),
    *("path", "data", "ip", "agent", "algorithm", "previous_hash"),
)


def canonical(entry: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed."""
    return b"".join(len(value).to_bytes(8, "big") + value for value in map(_value, FIELDS, map(entry.get, FIELDS)))


def _value(field: str, value: Any) -> bytes:
    text: str
    if value is None:
        return b"-"
    if field == "at":
        text = value.astimezone(UTC).isoformat(timespec="microseconds")
    elif field == "data":
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    else:
        text = str(value)
    return b"=" + text.encode()


def hash_of(entry: Mapping[str, Any]) -> str:
    """The hash of an entry."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def grouped(digest: str) -> str:
    """A hash in groups of four, to be compared by eye and read out."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def mac_of(seq: int, digest: str, count: int, *, key: str) -> str:
    """What proves that the portal wrote a head, and nobody who only has the database."""
    values = [str(value).encode() for value in (seq, digest, count)]
    message = b"".join(len(value).to_bytes(8, "big") + value for value in values)
    return hmac.new(hashlib.sha256(b"audit head\0" + key.encode()).digest(), message, "sha256").hexdigest()
