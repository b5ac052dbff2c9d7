"""The verbs of documents: attach, detach, seal, verify."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import QuerySet

from portal.accounts.models import User
from portal.audit import services as audit
from portal.documents import registry
from portal.documents.errors import EmptyFile, TooLarge
from portal.documents.models import Attachment, EndReason, SealedDocument, TimeStamp
from portal.documents.signing.wanted import Seal
from portal.documents.tasks import stamp_documents
from portal.documents.types import content_type
from portal.web import broker
from portal.web.errors import NotAllowed
from portal.workdays import clock

# A file without a row is removed after so long: its transaction is over by then.
ORPHAN_AGE = timedelta(hours=24)


@transaction.atomic
def attach(by: User, purpose: str, obj: models.Model, upload: "UploadedFile[Any]") -> Attachment:
    """Keep a file with an object. Raises NotAllowed, TooLarge, EmptyFile, TypeNotAllowed, NameAndContentDiffer.

    The file is written before the row; when the transaction fails, the reaper removes it.
    """
    if not registry.get(purpose).can_attach(by, obj):
        raise NotAllowed
    name = PurePath(upload.name or "file").name[-200:]
    if (upload.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        raise TooLarge(name=name, limit=settings.ATTACHMENT_MAX_BYTES // (1024 * 1024))
    if not upload.size:
        raise EmptyFile(name=name)
    kind = content_type(name, upload.file)  # type: ignore[arg-type]
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    made = Attachment(
        purpose=purpose,
        object_id=obj.pk,
        name=name,
        size=upload.size,
        content_type=kind,
        sha256=digest.hexdigest(),
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    made.file.save(name, upload, save=False)
    made.save()
    audit.record(by, "file.attached", made, data={"sha256": made.sha256, "to": f"{purpose}:{obj.pk}"})
    return made


def for_object(purpose: str, obj: models.Model) -> "QuerySet[Attachment]":
    """The files of an object; who may read the object may read them."""
    return Attachment.objects.filter(purpose=purpose, object_id=obj.pk)


@transaction.atomic
def detach(by: User, attachment_id: int) -> None:
    """Take a file away again while the object is still written at. Raises NotAllowed, and what its app refuses with."""
    attachment = Attachment.objects.select_for_update().get(pk=attachment_id)
    purpose = registry.get(attachment.purpose)
    obj = purpose.model._default_manager.get(pk=attachment.object_id)
    if not purpose.can_attach(by, obj):
        raise NotAllowed
    purpose.before_detach(obj, attachment)
    audit.record(by, "file.detached", attachment, data={"sha256": attachment.sha256})
    name = str(attachment.file.name)
    attachment.delete()
    transaction.on_commit(lambda: default_storage.delete(name))


def readable(user: User, attachment: Attachment) -> bool:
    """Whether a person may read the object that the file belongs to."""
    purpose = registry.get(attachment.purpose)
    obj = purpose.model._default_manager.filter(pk=attachment.object_id).first()
    return obj is not None and purpose.can_read(user, obj)


@transaction.atomic
def seal(
    kind: str,
    *,
    number: str,
    titles: Mapping[str, str],
    about: str,
    language: str,
    code: str,
    content: bytes,
    seals: Sequence[Seal] = (),
    replaces: SealedDocument | None = None,
) -> SealedDocument:
    """Sign a PDF and keep it for good, under the verification code that is printed in it.

    `seals` are the signatures it gets, in this order; none given: the portal's own. Raises SigningFault. The time-stamp of an
    authority, where there is one, is asked for afterwards: sealing never waits for it.
    """
    wanted = seals or (Seal("Seal", reason=number),)
    content = _signed(content, wanted, code)
    document = SealedDocument(
        kind=kind,
        number=number,
        title_en=titles["en"],
        title_zh=titles["zh-hans"],
        about=about,
        language=language,
        code=code,
        sha256=hashlib.sha256(content).hexdigest(),
        signatures=len(wanted),
        issued_at=clock.now(),
        replaces=replaces,
    )
    document.file.save(f"{code}.pdf", ContentFile(content), save=False)
    document.save()
    _want_stamp(document)
    audit.record(None, "document.sealed", document, data={"sha256": document.sha256})
    return document


def _signed(content: bytes, seals: Sequence[Seal], code: str) -> bytes:
    # Imported by the first call, as the renderer is: a web process that never seals does not pay for it.
    from portal.documents.signing.seals import sign

    contact = f"{settings.SITE_URL}/verify/{code}/"
    return sign(content, [seal._replace(contact=contact) for seal in seals])


def _want_stamp(document: SealedDocument) -> None:
    """Mark that a document lacks its time-stamp, where there is an authority, and wake who asks for it."""
    if settings.SIGNING_TSA_URL:
        TimeStamp.objects.create(document=document, wanted_at=clock.now())
        broker.wake(stamp_documents)


@transaction.atomic
def end(kind: str, *, about: str, reason: EndReason, on: date | None = None) -> int:
    """Say of the documents about something that they are no longer in force since a day (today); returns of how many.

    Called in the transaction in which that thing ends, so that no copy is called valid a moment longer. What ended
    before keeps its day and its reason.
    """
    day = on or clock.today()
    standing = SealedDocument.objects.filter(kind=kind, about=about, ended_on__isnull=True).order_by("pk")
    documents = list(standing.select_for_update(no_key=True))
    if not documents:
        return 0
    standing.update(ended_on=day, ended_reason=reason)
    data = {"ended_on": day.isoformat(), "reason": str(reason)}
    audit.record_many(None, [audit.Draft("document.ended", document, data=data) for document in documents])
    return len(documents)


def remove_orphans() -> int:
    """Remove files that no row names, once they are old enough; returns how many."""
    keepers = (Attachment, SealedDocument, TimeStamp)
    known = {name for model in keepers for name in model._default_manager.values_list("file", flat=True)}
    removed = 0
    for name in _stored("attachments"):
        old = clock.now() - default_storage.get_modified_time(name) > ORPHAN_AGE
        if name not in known and old:
            default_storage.delete(name)
            removed += 1
    return removed


def _stored(folder: str) -> list[str]:
    if not default_storage.exists(folder):
        return []
    folders, _files = default_storage.listdir(folder)
    return [f"{folder}/{sub}/{name}" for sub in folders for name in default_storage.listdir(f"{folder}/{sub}")[1]]
