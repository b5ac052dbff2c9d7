"""Telling people: rows written in the transaction that causes them, sent afterwards by a worker."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notices.models import MessageState, Notice, OutboundMessage
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
_as_json = json.JSONEncoder(ensure_ascii=False).encode


def queue_many(drafts: Iterable[Draft]) -> None:
    """Write notices in one statement. Must be called inside the transaction that causes them."""
    copy_rows(Notice._meta.db_table, COLUMNS, _rows(drafts), not_null=("url", "about"))


def _rows(drafts: Iterable[Draft]) -> Iterator[tuple[Any, ...]]:
    now = clock.now()
    last, text = None, ""
    for draft in drafts:
        # Several people are told the same, one after the other: the words are turned into JSON once.
        if draft.data is not last:
            last, text = draft.data, _as_json(draft.data)
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


def mark_all_read(user: User) -> int:
    """Open all of a person's notices."""
    return Notice.objects.visible_to(user).unread().update(read_at=clock.now())


class NotFailed(WrongState):
    """The message is waiting or was sent."""

    code = "not-failed"


@transaction.atomic
def send_again(by: User, message_id: int) -> OutboundMessage:
    """Put a failed message back into the outbox, to the address the person has now. Raises NotFailed."""
    message = OutboundMessage.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=message_id)
    if message.state != MessageState.FAILED:
        raise NotFailed
    OutboundMessage.objects.filter(pk=message.pk).update(
        state=MessageState.QUEUED,
        address=message.recipient.email or message.address,
        attempts=0,
        next_try_at=Now(),
    )
    audit.record(by, "message.sent_again", message)
    return message
