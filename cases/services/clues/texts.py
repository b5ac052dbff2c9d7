"""The sealed texts and files of a clue. Whoever calls has asked who may."""

import io
import uuid
from pathlib import PurePath
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from cases import sealing
from cases.errors import FileTooLarge
from cases.models import Clue, ClueFile, ClueText, TextKind
from cases.sealing import Envelope
from portal.accounts.models import User
from portal.documents.types import content_type
from portal.workdays import clock


class Said(NamedTuple):
    """A text of a clue, opened: what it is, who wrote it and when."""

    kind: str
    text: str
    by: str
    at: Any


def key_of(clue: Clue) -> bytes:
    """The key of a clue's texts. Raises SealBroken."""
    return sealing.disclose(Envelope(clue.key_id, bytes(clue.enclosed_key)), str(clue.pk))


def _place(clue: Clue, field: str) -> str:
    return f"cases_clue|{clue.pk}|{field}"


def write(clue: Clue, kind: TextKind, text: str, author: User | None = None) -> None:
    """Seal a text and keep it; an empty one is not kept."""
    if text.strip():
        sealed = sealing.seal(key_of(clue), text.strip().encode(), _place(clue, kind))
        ClueText.objects.create(clue=clue, kind=kind, sealed=sealed, author=author, written_at=clock.now())


def said(clue: Clue, *kinds: TextKind) -> list[Said]:
    """The texts of a clue, opened, in their order; of some kinds only where they are named."""
    rows = clue.texts.select_related("author")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    key = key_of(clue)
    return [
        Said(
            row.kind,
            sealing.open_sealed(key, row.sealed, _place(clue, row.kind)).decode(),
            row.author.name if row.author else "",
            row.written_at,
        )
        for row in rows
    ]


def keep_file(clue: Clue, upload: "UploadedFile[Any]") -> ClueFile:
    """Seal a file and keep it. Raises FileTooLarge, TypeNotAllowed, NameAndContentDiffer."""
    name = PurePath(upload.name or "file").name[-200:]
    if (upload.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        raise FileTooLarge(name=name, limit=settings.ATTACHMENT_MAX_BYTES // 2**20)
    content = upload.read()
    kind = content_type(name, io.BytesIO(content))
    key = key_of(clue)
    made = ClueFile(clue=clue, content_type=kind, size=len(content), received_at=clock.now())
    made.name = sealing.seal(key, name.encode(), _place(clue, "file-name"))
    made.file.save(uuid.uuid4().hex, ContentFile(sealing.seal(key, content, _place(clue, "file"))), save=False)
    made.save()
    return made


def file_name(file: ClueFile, key: bytes) -> str:
    """The name of a file, opened."""
    return sealing.open_sealed(key, file.name, _place(file.clue, "file-name")).decode()


def file_content(file: ClueFile, key: bytes) -> bytes:
    """A file, opened."""
    with file.file.open("rb") as sealed:
        return sealing.open_sealed(key, sealed.read(), _place(file.clue, "file"))
