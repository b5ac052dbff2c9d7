"""The outbox: notices become one message a person a run, messages are sent with growing waits in between.

A run

1. leaves gathering to the next run while the clock is at work, which may have more to tell the same people;
2. lists who has something to be told, once, and puts all that a person has into one message, many people a transaction;
3. puts what has no words into a failed message of its own, which the page of the outbox shows with the reason;
4. sends what is due (`sending`).
"""

import logging
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.notices import sending
from portal.notices.models import MessageState, Notice, OutboundMessage
from portal.notices.wording import Unwordable, Words
from portal.web.dates import moment
from portal.workdays import clock

log = logging.getLogger(__name__)

# So many people's notices are gathered in one transaction.
PEOPLE = 200
# One worker gathers at a time; the number is used by no other advisory lock.
LOCK = 7_301_004
# `portal.obligations.clock.LOCK`, a floor above: held by the clock for as long as it runs.
CLOCK_LOCK = 7_301_001


def run() -> int:
    """Gather and send; returns how many messages the server took."""
    for people in _in_batches(_who_waits(), PEOPLE):
        if not gather(people):
            break
    return sending.run()


def _who_waits() -> list[int]:
    waiting = Notice.objects.waiting().order_by("recipient_id")
    return list(waiting.values_list("recipient_id", flat=True).distinct())


def _in_batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[first : first + size] for first in range(0, len(ids), size))


@transaction.atomic
def gather(people: Sequence[int]) -> bool:
    """Put all that waits for these users into messages, one for each; False when now is not the time."""
    if _clock_runs() or not _alone():
        return False
    waiting = Notice.objects.waiting().filter(recipient_id__in=people).select_related("recipient")
    for _recipient, group in groupby(waiting.order_by("recipient_id", "pk"), key=lambda notice: notice.recipient_id):
        notices = list(group)
        try:
            with transaction.atomic():
                _put_into_message(notices)
        except (DatabaseError, LookupError, ValueError, TypeError, AttributeError) as error:
            # One person's trouble is not everybody's.
            log.exception("The notices of user %s could not be put into a message.", notices[0].recipient_id)
            _put_aside(notices, f"{type(error).__name__} {error}")
    return True


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _clock_runs() -> bool:
    """Whether somebody holds the clock's lock. It is looked at, never taken: the clock does not wait for mail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [CLOCK_LOCK],
        )
        return bool(cursor.fetchone()[0])


def _put_into_message(notices: list[Notice]) -> None:
    """One message with all that can be said; what has no words is put aside. Must be called inside a savepoint."""
    recipient = notices[0].recipient
    if not recipient.email or not recipient.is_active:
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(unsendable=True)
        return
    said: list[tuple[Notice, Words]] = []
    language = recipient.language or settings.LANGUAGE_CODE
    with translation.override(language):
        for notice in notices:
            try:
                said.append((notice, notice.words()))
            except Unwordable as error:
                log.error("Notice %s has no words: %s", notice.pk, error)
                _put_aside([notice], str(error))
        if said:
            _attach([notice for notice, _words in said], *_letter(said), state=MessageState.QUEUED)


def _letter(said: Sequence[tuple[Notice, Words]]) -> tuple[str, str]:
    """Subject and text of the message that carries these notices, in the active language."""
    if len(said) == 1:
        subject = said[0][1].subject
    else:
        subject = ngettext(
            "%(count)s notice from the prevention portal", "%(count)s notices from the prevention portal", len(said)
        ) % {"count": len(said)}
    parts = [f"{words.subject}\n{words.body}\n{settings.SITE_URL}{notice.url}\n" for notice, words in said]
    foot = _("Written %(moment)s. Open the portal to answer; this address is not read.")
    return subject, "\n".join([*parts, foot % {"moment": moment(clock.now())}])


def _put_aside(notices: list[Notice], reason: str) -> None:
    """A failed message without a body, so that the outbox shows what was not told, and why."""
    try:
        with transaction.atomic():
            _attach(notices, notices[0].kind, "", state=MessageState.FAILED, last_error=reason[:500])
    except DatabaseError:
        log.exception("Not even that could be written; the next run tries again.")


def _attach(notices: Sequence[Notice], subject: str, body: str, **fields: str) -> None:
    recipient = notices[0].recipient
    message = OutboundMessage.objects.create(
        recipient=recipient,
        address=recipient.email,
        language=recipient.language or settings.LANGUAGE_CODE,
        subject=" ".join(subject.split())[:300],
        body=body,
        next_try_at=Now(),
        written_at=clock.now(),
        **fields,
    )
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(message=message)


def reword(message: OutboundMessage) -> tuple[str, str]:
    """Subject and text of a message that could not be put into words before. Raises Unwordable."""
    notices = message.notices.order_by("pk")
    with translation.override(message.language):
        return _letter([(notice, notice.words()) for notice in notices])
