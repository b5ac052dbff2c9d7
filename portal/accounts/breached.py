"""Is a password known from a breach? Asked offline, of a sorted file of SHA-1 hashes.

The file has one hash a line in hexadecimal, in ascending order: whole (40 digits) or the same number of leading digits on
each line (at least 16), in capitals or small letters, optionally followed by a colon and a count, which is not read. The
list "Pwned Passwords, ordered by hash" of haveibeenpwned.com is such a file as it is downloaded.

The file is searched where it lies, by halving: a list of many gigabytes costs some forty reads and no memory.
"""

import hashlib
import mmap
from pathlib import Path

SHORTEST = 16


def is_breached(password: str, file: str) -> bool:
    """Whether the file has the password. Raises OSError where it cannot be read."""
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    path = Path(file)
    if not path.stat().st_size:
        return False
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        found = _last_not_after(lines, digest)
    return len(found) >= SHORTEST and digest.startswith(found)


def flaw_of(file: str) -> str:
    """What is wrong with the file, by its first line; empty when nothing is."""
    try:
        with Path(file).open("rb") as opened:
            first = _hash_in(opened.readline(200))
    except OSError as error:
        return str(error)
    if len(first) < SHORTEST or set(first) - set("0123456789ABCDEF"):
        return f"its first line is not a hash of {SHORTEST} to 40 hexadecimal digits"
    return ""


def _last_not_after(lines: mmap.mmap, digest: str) -> str:
    """The hash of the last line that does not come after `digest`; empty when all do."""
    low, high, found = 0, len(lines), ""
    while low < high:
        start = lines.rfind(b"\n", 0, (low + high) // 2) + 1
        end = lines.find(b"\n", start)
        end = len(lines) if end < 0 else end
        here = _hash_in(lines[start:end])
        if here <= digest:
            # Also an empty line, which stands before everything.
            found, low = here or found, end + 1
        else:
            high = start
    return found


def _hash_in(line: bytes) -> str:
    return line.partition(b":")[0].strip().decode("ascii", "replace").upper()
