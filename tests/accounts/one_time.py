"""What an app for one-time codes does, with the standard library alone (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time

SECRET = base64.b32encode(b"twenty bytes of key!").decode()


def code(secret: str = SECRET, *, later: int = 0) -> str:
    """The code of the present half minute, or of one that is `later`."""
    step = int(time.time()) // 30 + later
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
