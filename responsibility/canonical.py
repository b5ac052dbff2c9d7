"""The canonical form of a content: JSON with sorted keys, no spaces, UTF-8; its SHA-256 is what people sign."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

ALGORITHM = "sha256"
# Made once: thousands of contents are written out when letters are issued.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(content: Any) -> bytes:
    """The bytes that are hashed."""
    return _ENCODER.encode(content).encode()


def fragments(content: Mapping[str, Any]) -> dict[str, bytes]:
    """The canonical form of each value of an object, so that what many contents share is written out once."""
    return {key: canonical(value) for key, value in content.items()}


def sha256_of_fragments(parts: Mapping[str, bytes]) -> str:
    """The fingerprint of the object whose values these are, under plain keys; the same as `sha256_of` gives for it."""
    body = b",".join(b'"%b":%b' % (key.encode(), parts[key]) for key in sorted(parts))
    return hashlib.sha256(b"{" + body + b"}").hexdigest()


def sha256_of(content: Any) -> str:
    """The fingerprint of a content."""
    return hashlib.sha256(canonical(content)).hexdigest()
