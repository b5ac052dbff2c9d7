"""Telling people: rows written in the transaction that causes them, sent afterwards by a worker."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson
from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notices import outbox
from portal.notices.models import MessageState, Notice, OutboundMessage
from portal.notices.wording import Unwordable
from portal.web.copying import copy_rows
from portal.web.errors import WrongState
from portal.workdays import clock


class Draft(NamedTuple):
    """A notice about to be written."""

    recipient_id: int
    kind: str
    data: dict[str, Any]
    url: str = ""
    about: str = ""
    unit_id: int | None = None


COLUMNS = ("recipient_id", "kind", "data", "url", "about", "unit_id", "written_at", "unsendable")


def queue_many(drafts: Iterable[Draft]) -> None:
    """Write notices in one statement. Must be called inside the transaction that causes them."""
    copy_rows(Notice._meta.db_table, COLUMNS, _rows(drafts), not_null=("url", "about"))


def _rows(drafts: Iterable[Draft]) -> Iterator[tuple[Any, ...]]:
    # Turned into text once, and not for each row.
    now = str(clock.now())
    last, text = None, ""
    for draft in drafts:
        # Several people are told the same, one after the other: the words are turned into JSON once.
        if draft.data is not last:
            last, text = draft.data, orjson.dumps(draft.data).decode()
        yield draft.recipient_id, draft.kind, text, draft.url, draft.about, draft.unit_id, now, False


def queue(
    kind: str,
    *,
    to: Iterable[User],
    about: models.Model | str = "",
    unit: models.Model | None = None,
    url: str = "",
    **data: Any,
) -> None:
    """Tell several people one thing; `data` are the names that the kind's sentences use."""
    reference = about if isinstance(about, str) else reference_to(about)
    unit_id = unit.pk if unit is not None else None
    queue_many(Draft(user.pk, kind, data, url, reference, unit_id) for user in to)


def reference_to(obj: models.Model) -> str:
    """How a notice names what it is about."""
    return f"{obj._meta.model_name}:{obj.pk}"


def proof(about: models.Model | str) -> "QuerySet[Notice]":
    """Every notice about an object, with when it was written, sent and read."""
    reference = about if isinstance(about, str) else reference_to(about)
    return Notice.objects.filter(about=reference).select_related("recipient", "message").order_by("written_at", "pk")


def unread_count(user: User) -> int:
    """How many notices a person has not opened."""
    return Notice.objects.visible_to(user).unread().count()


def mark_read(user: User, notice_id: int) -> Notice:
    """Open a notice: the first time is kept. Raises DoesNotExist for somebody else's."""
    notice = Notice.objects.visible_to(user).get(pk=notice_id)
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=clock.now())
    return notice


def mark_all_read(user: User, *, until: int | None = None) -> int:
    """Open a person's notices up to the one with that id, the newest on the page; all where none is named."""
    unread = Notice.objects.visible_to(user).unread()
    if until is not None:
        unread = unread.filter(pk__lte=until)
    return unread.update(read_at=clock.now())


def mail(to: User | str, *, subject: str, body: str, language: str, secret: bool = False) -> OutboundMessage:
    """Put a letter that is no notice into the outbox: to a user, or to an address outside the portal.

    Must be called inside the transaction that causes it. `secret`: the body lets its reader in and is forgotten once sent.
    """
    recipient = to if isinstance(to, User) else None
    return OutboundMessage.objects.create(
        recipient=recipient,
        address=recipient.email if recipient is not None else str(to),
        language=language,
        subject=" ".join(subject.split())[:300],
        body=body,
        secret=secret,
        next_try_at=Now(),
        written_at=clock.now(),
    )


class NotFailed(WrongState):
    """The message is waiting or was sent."""

    code = "not-failed"


class SecretForgotten(WrongState):
    """The message held a link that lets in."""

    code = "secret-forgotten"
    message = _("The link of this message is forgotten. The person asks for a new one on the sign-in page.")


class StillWithoutWords(WrongState):
    """The kind of a notice is still unknown, or its data still do not fit."""

    code = "still-without-words"
    message = _("The portal still has no words for this notice. Tell whoever runs it: %(reason)s")


@transaction.atomic
def send_again(by: User, message_id: int) -> OutboundMessage:
    """Put a failed message back into the outbox, to the address the person has now.

    One that had no words is put into words now. Raises NotFailed, SecretForgotten, StillWithoutWords.
    """
    message = OutboundMessage.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=message_id)
    if message.state != MessageState.FAILED:
        raise NotFailed
    if message.secret:
        raise SecretForgotten
    if not message.body:
        try:
            message.subject, message.body = outbox.reword(message)
        except Unwordable as error:
            raise StillWithoutWords(reason=str(error)) from error
    recipient = message.recipient
    OutboundMessage.objects.filter(pk=message.pk).update(
        state=MessageState.QUEUED,
        address=(recipient.email if recipient is not None else "") or message.address,
        subject=message.subject[:300],
        body=message.body,
        attempts=0,
        next_try_at=Now(),
    )
    audit.record(by, "message.sent_again", message)
    return message
