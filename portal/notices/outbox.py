"""The outbox: notices become one message a person a run, messages are sent with growing waits in between.

A message is claimed by moving its next try ahead, in a transaction of its own, before the server is spoken to: two workers
never hold the same one, and a worker killed while sending leaves it to be tried again after the lease. A message that the
server took while the worker died before writing so down is the one case in which a person gets it twice.
"""

import logging
import smtplib
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.notices.models import MessageState, Notice, OutboundMessage
from portal.web.dates import moment
from portal.workdays import clock

log = logging.getLogger(__name__)

GATHER = 2000
LEASE = timedelta(minutes=10)
# After the last wait a message has failed, visibly.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))


def run() -> int:
    """Gather and send; returns how many messages the server took."""
    while gather():
        pass
    sent = 0
    while (taken := send_next()) is not None:
        sent += taken
    return sent


@transaction.atomic
def gather() -> int:
    """Put the oldest notices that no message carries into messages, one for each person; returns how many notices."""
    notices = list(
        Notice.objects.filter(message__isnull=True, unsendable=False)
        .select_related("recipient")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("pk")[:GATHER]
    )
    notices.sort(key=lambda notice: (notice.recipient_id, notice.pk))
    for _recipient, group in groupby(notices, key=lambda notice: notice.recipient_id):
        _put_into_message(list(group))
    return len(notices)


def _put_into_message(notices: list[Notice]) -> None:
    recipient = notices[0].recipient
    ids = [notice.pk for notice in notices]
    if not recipient.email or not recipient.is_active:
        Notice.objects.filter(pk__in=ids).update(unsendable=True)
        return
    language = recipient.language or settings.LANGUAGE_CODE
    with translation.override(language):
        subject, body = words(notices)
    message = OutboundMessage.objects.create(
        recipient=recipient,
        address=recipient.email,
        language=language,
        subject=subject[:300],
        body=body,
        next_try_at=Now(),
        written_at=clock.now(),
    )
    Notice.objects.filter(pk__in=ids).update(message=message)


def words(notices: list[Notice]) -> tuple[str, str]:
    """Subject and text of the message that carries these notices, in the active language."""
    if len(notices) == 1:
        subject = notices[0].subject
    else:
        subject = ngettext(
            "%(count)s notice from the prevention portal", "%(count)s notices from the prevention portal", len(notices)
        ) % {"count": len(notices)}
    parts = [f"{notice.subject}\n{notice.body}\n{settings.SITE_URL}{notice.url}\n" for notice in notices]
    foot = _("Written %(moment)s. Open the portal to answer; this address is not read.")
    return subject, "\n".join([*parts, foot % {"moment": moment(clock.now())}])


def send_next() -> int | None:
    """Send the next message that is due: 1 when the server took it, 0 when not, None when none is due."""
    with transaction.atomic():
        message = (
            OutboundMessage.objects.due()
            .select_for_update(skip_locked=True, no_key=True)
            .order_by("next_try_at")
            .first()
        )
        if message is None:
            return None
        OutboundMessage.objects.filter(pk=message.pk).update(next_try_at=Now() + LEASE, attempts=F("attempts") + 1)
    return _send(message)


def _send(message: OutboundMessage) -> int:
    mail = EmailMessage(
        message.subject,
        message.body,
        settings.DEFAULT_FROM_EMAIL,
        [message.address],
        headers={"Message-ID": f"<notice-{message.pk}@{settings.SITE_URL.partition('//')[2].partition(':')[0]}>"},
        connection=get_connection(),
    )
    row = OutboundMessage.objects.filter(pk=message.pk)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        _failed(message, f"{code} {_text(reason)}", permanent=code >= 500)
    except smtplib.SMTPResponseException as error:
        _failed(message, f"{error.smtp_code} {_text(error.smtp_error)}", permanent=error.smtp_code >= 500)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _failed(message, str(error) or type(error).__name__, permanent=isinstance(error, ValueError))
    else:
        row.update(state=MessageState.SENT, sent_at=clock.now(), last_error="")
        return 1
    return 0


def _failed(message: OutboundMessage, reason: str, *, permanent: bool) -> None:
    """Wait longer each time; give up, visibly, after the last wait or when the server will never take it."""
    log.warning("Message %s was not taken: %s", message.pk, reason)
    row = OutboundMessage.objects.filter(pk=message.pk)
    if permanent or message.attempts >= len(WAITS):
        row.update(state=MessageState.FAILED, last_error=reason[:500])
    else:
        row.update(next_try_at=Now() + WAITS[message.attempts], last_error=reason[:500])


def _text(reason: bytes | str) -> str:
    return reason.decode(errors="replace") if isinstance(reason, bytes) else reason
