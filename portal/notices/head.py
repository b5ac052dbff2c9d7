"""The head of the log leaves the machine every day: who rewrites the log here cannot rewrite what was sent away."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.audit import services as audit
from portal.audit.anchors import ACTION
from portal.audit.chain import grouped
from portal.audit.models import Entry
from portal.notices import services
from portal.web.dates import moment
from portal.workdays import clock

log = logging.getLogger("portal.audit.head")


@transaction.atomic
def give() -> bool:
    """Write the head to the log file and mail it to each address of `AUDIT_HEAD_TO`, once a day; False when that was done today.

    The entry by which this is remembered is the head that is given: it is the last one.
    """
    audit.wait_for_turn()
    last = Entry.objects.filter(action=ACTION).order_by("-seq").first()
    if last is not None and last.at.astimezone(clock.zone()).date() == clock.today():
        return False
    entry = audit.record(None, ACTION, data={"to": settings.AUDIT_HEAD_TO})
    transaction.on_commit(
        lambda: log.info("audit_head seq=%s hash=%s at=%s", entry.seq, entry.hash, entry.at.isoformat())
    )
    if _addresses():
        _mail(entry.seq, entry.hash, entry.at)
    return True


def _addresses() -> list[str]:
    """Where it is mailed: one address or several, parted by commas."""
    return [address.strip() for address in settings.AUDIT_HEAD_TO.split(",") if address.strip()]


def _mail(seq: int, digest: str, at: datetime) -> None:
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        words = {"seq": seq, "hash": digest, "moment": moment(at), "site": settings.SITE_URL}
        words |= {"groups": grouped(digest), "sheet": f"{settings.SITE_URL}/log/chain/{seq}/sheet/"}
        subject = _("The log of the prevention portal at entry %(seq)s") % words
        body = _(
            "On %(moment)s the log of %(site)s ended with\n\n%(seq)s:%(hash)s\n\n"
            "In groups of four, to be compared by eye:\n\n%(groups)s\n\n"
            "Keep this message, or print the sheet and file it: %(sheet)s\n\n"
            "If the log is ever doubted, whoever runs the portal types\n\n"
            "python manage.py verify_audit --anchor %(seq)s:%(hash)s"
        )
    for address in _addresses():
        services.mail(address, subject=subject, body=body % words, language=language)
