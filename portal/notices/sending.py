"""Sending messages over SMTP: claimed, sent, and what became of them written on their row.

A message is claimed by moving its next try ahead, in a transaction of its own, before the server is spoken to: two workers
never hold the same one, and a worker killed while sending leaves it to be tried again after the lease. A message that the
server took while the worker died before writing so down is the one case in which a person gets it twice.

What a server says about a message (this recipient, this sender, these words) is about the message, which fails at once or
after its last wait. Everything else, a wrong password as much as a cable, is about the server: no message can fail by it,
it waits, and the run ends instead of asking the same for the next one.
"""

import logging
import smtplib
import time
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from portal.notices.models import MessageState, OutboundMessage
from portal.workdays import clock

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
# After the last wait a message has failed, visibly.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
# A server that is away is asked again after as long as the message has waited already, within these bounds.
SERVER_WAITS = (timedelta(minutes=1), timedelta(minutes=30))
# A slow server has the worker for so many seconds; beat wakes the next run.
RUN_SECONDS = 45
# "Service not available", "authentication required" and its kin: said of a message, but about us.
ABOUT_THE_SERVER = frozenset({421, 530, 534, 535, 538})


class Fault(Enum):
    """What a refusal is about."""

    MESSAGE = "it will never be taken"
    MOMENT = "it will be taken later"
    SERVER = "no message will be taken now"


class Refusal(NamedTuple):
    """Why a message was not taken."""

    fault: Fault
    reason: str


def run() -> int:
    """Send what is due, until nothing is, the server is away or the time is up; returns how many were taken."""
    sent, until = 0, time.monotonic() + RUN_SECONDS
    while time.monotonic() < until and (message := _claim()) is not None:
        refusal = _send(message)
        if refusal is None:
            sent += 1
        elif refusal.fault is Fault.SERVER:
            break
    return sent


@transaction.atomic
def _claim() -> OutboundMessage | None:
    due = OutboundMessage.objects.due().select_for_update(skip_locked=True, no_key=True)
    message = due.order_by("next_try_at").first()
    if message is not None:
        OutboundMessage.objects.filter(pk=message.pk).update(next_try_at=Now() + LEASE, attempts=F("attempts") + 1)
    return message


def _send(message: OutboundMessage) -> Refusal | None:
    """Speak to the server and write down what came of it; None when it took the message."""
    host = settings.SITE_URL.partition("//")[2].partition(":")[0]
    try:
        EmailMessage(
            message.subject,
            message.body,
            settings.DEFAULT_FROM_EMAIL,
            [message.address],
            headers={"Message-ID": f"<notice-{message.pk}@{host}>"},
            connection=get_connection(),
        ).send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        refusal = _judge(error)
        log.warning("Message %s was not taken: %s", message.pk, refusal.reason)
        _not_taken(message, refusal)
        return refusal
    _close(message, state=MessageState.SENT, sent_at=clock.now(), last_error="")
    return None


def _judge(error: Exception) -> Refusal:
    text = str(error) or type(error).__name__
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
            return _by_code(code, said)
        case smtplib.SMTPSenderRefused() | smtplib.SMTPDataError():
            return _by_code(error.smtp_code, error.smtp_error)
        case smtplib.SMTPResponseException():
            return Refusal(Fault.SERVER, _line(error.smtp_code, error.smtp_error))
        case ValueError():
            # A header or an address that cannot be written.
            return Refusal(Fault.MESSAGE, text)
    return Refusal(Fault.SERVER, text)


def _by_code(code: int, said: bytes | str) -> Refusal:
    of_this_message = Fault.MESSAGE if code >= 500 else Fault.MOMENT
    return Refusal(Fault.SERVER if code in ABOUT_THE_SERVER else of_this_message, _line(code, said))


def _line(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"


def _not_taken(message: OutboundMessage, refusal: Refusal) -> None:
    """Wait longer each time; give up, visibly, after the last wait or when the server will never take it."""
    row, error = OutboundMessage.objects.filter(pk=message.pk), refusal.reason[:500]
    if refusal.fault is Fault.SERVER:
        least, most = SERVER_WAITS
        wait = min(max(clock.now() - message.written_at, least), most)
        # The try does not count: the message was not looked at.
        row.update(next_try_at=Now() + wait, attempts=message.attempts, last_error=error)
    elif refusal.fault is Fault.MESSAGE or message.attempts >= len(WAITS):
        _close(message, state=MessageState.FAILED, last_error=error)
    else:
        row.update(next_try_at=Now() + WAITS[message.attempts], last_error=error)


def _close(message: OutboundMessage, **fields: object) -> None:
    """Write the end of a message; one that lets its reader in is forgotten."""
    if message.secret:
        fields["body"] = ""
    OutboundMessage.objects.filter(pk=message.pk).update(**fields)
