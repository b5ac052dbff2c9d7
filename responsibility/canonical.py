"""The canonical form of a content: JSON with sorted keys, no spaces, UTF-8; its SHA-256 is what people sign."""

import hashlib
import json
from typing import Any

ALGORITHM = "sha256"


def canonical(content: Any) -> bytes:
    """The bytes that are hashed."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_of(content: Any) -> str:
    """The fingerprint of a content."""
    return hashlib.sha256(canonical(content)).hexdigest()
