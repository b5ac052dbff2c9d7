"""Anchors: heads of the log that were kept outside the portal.

Who has the whole machine, keys and all, can write the log anew from any entry on: every hash fits, the head is signed, and
going through the chain finds nothing. Only a head that was kept elsewhere shows it: the entry of its number has another hash.
"""

import re
from typing import NamedTuple

from django.db.models import QuerySet

from portal.audit.models import Entry

# The entry by which the portal remembers that it gave its head away is the head that was given.
ACTION = "log.head_given"

_HASH = r"[0-9a-f]{64}"
_GROUPS = r"(?:[0-9a-f]{4}\s+){15}[0-9a-f]{4}"
# NUMBER:HASH as it is mailed; a hash alone, whole or in the groups of four of the printed sheet.
_NUMBERED = re.compile(rf"\b(\d+)\s*[:：]\s*({_HASH}|{_GROUPS})\b")
_ALONE = re.compile(rf"\b({_HASH}|{_GROUPS})\b")


class Anchor(NamedTuple):
    """A head that was kept: its number, where that was kept too, and its hash."""

    seq: int | None
    hash: str

    def __str__(self) -> str:
        return self.hash if self.seq is None else f"{self.seq}:{self.hash}"


def read(text: str) -> list[Anchor]:
    """The anchors in what was kept: a mail, the text of a sheet, a line typed; each once, in their order."""
    text = text.lower()
    found = [Anchor(int(number), "".join(digest.split())) for number, digest in _NUMBERED.findall(text)]
    known = {anchor.hash for anchor in found}
    alone = ("".join(digest.split()) for digest in _ALONE.findall(text))
    found += [Anchor(None, digest) for digest in alone if digest not in known]
    return list(dict.fromkeys(found))


def entry_of(anchor: Anchor) -> Entry | None:
    """The entry that an anchor is of; None where the log does not contain it any more."""
    found = Entry.objects.filter(hash=anchor.hash)
    return (found if anchor.seq is None else found.filter(seq=anchor.seq)).first()


def given() -> QuerySet[Entry]:
    """The heads that the portal has given away, the newest first."""
    return Entry.objects.filter(action=ACTION).order_by("-seq")
