"""The head of the log: read and written under the log's lock, signed with a key that the database does not know."""

import hmac
import logging
from typing import Any

from django.conf import settings

from portal.audit.chain import GENESIS, MAC_ALGORITHM, mac_of
from portal.audit.models import Entry, Head

log = logging.getLogger(__name__)


def key() -> str:
    """The site's key; it must outlive a change of `SECRET_KEY`, so a site sets `AUDIT_KEY`."""
    return str(settings.AUDIT_KEY or settings.SECRET_KEY)


def is_signed(head: Head) -> bool:
    """Whether the head was written by somebody who has the key."""
    return hmac.compare_digest(head.mac, mac_of(head.seq, head.hash, head.count, key=key()))


def current() -> Head:
    """The head; where it was removed, an unsigned one at the last entry. Must be called holding the log's lock."""
    found = Head.objects.first()
    if found is None:
        log.critical("The head of the log is gone.")
        seq, digest = Entry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)
        found = Head.objects.create(seq=seq, hash=digest, count=Entry.objects.count(), algorithm=MAC_ALGORITHM, mac="")
    return found


def advance(head: Head, last: Entry, *, by: int, trusted: bool = False) -> None:
    """Move the head to `last`, `by` entries on. Must be called holding the log's lock.

    An unsigned head stays unsigned: signing it with the next entry would hide that somebody changed it. `trusted` is for
    `sign_head` alone.
    """
    signed = trusted or is_signed(head)
    if not signed:
        log.critical("The head of the log at %s was not signed with the key of this site.", head.seq)
    values: dict[str, Any] = {"seq": last.seq, "hash": last.hash, "count": head.count + by}
    mac = mac_of(last.seq, last.hash, values["count"], key=key()) if signed else ""
    Head.objects.filter(pk=head.pk).update(**values, mac=mac, algorithm=MAC_ALGORITHM)
