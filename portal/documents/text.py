"""The text of a document, so that it can be searched: PDF and DOCX, read without trusting them."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.documents.text_worker import ENCRYPTED
from portal.documents.types import content_type
from portal.web.errors import PortalError

READ_SECONDS = 60
KINDS = {".pdf": "pdf", ".docx": "docx"}
# An encrypted DOCX is no archive but a container of the kind old office files are.
CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class DocumentRefused(PortalError):
    """A document whose text cannot be had."""

    code = "document-refused"
    status = 400
    field = "document"
    message = _("“%(name)s” cannot be read: it is damaged. Save it again, or export it as PDF.")


class NotADocument(DocumentRefused):
    """Neither PDF nor DOCX."""

    code = "not-a-document"
    message = _("“%(name)s” is neither a PDF nor a DOCX. Save it as one of these.")


class Encrypted(DocumentRefused):
    """A document that asks for a password."""

    code = "document-encrypted"
    message = _("“%(name)s” is locked with a password. Remove the password and attach it again.")


class WithoutText(DocumentRefused):
    """Pictures of pages, or nothing at all."""

    code = "document-without-text"
    message = _(
        "“%(name)s” has no text, only pictures of pages. Attach the original, or a scan that was read by a text recogniser."
    )


def extract(name: str, file: IO[bytes]) -> str:
    """The text of an uploaded PDF or DOCX.

    Raises NotADocument, Encrypted, WithoutText, DocumentRefused, and NameAndContentDiffer where the name says something else
    than the content.
    """
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise NotADocument(name=name)
    file.seek(0)
    if kind == "docx" and file.read(len(CONTAINER)) == CONTAINER:
        raise Encrypted(name=name)
    content_type(name, file)
    file.seek(0)
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        text = _read(name, copy.name, kind)
    file.seek(0)
    if not text.strip():
        raise WithoutText(name=name)
    return text


def _read(name: str, path: str, kind: str) -> str:
    command = [sys.executable, "-m", "portal.documents.text_worker", path, kind, str(READ_SECONDS)]
    try:
        done = subprocess.run(
            command, capture_output=True, cwd=settings.BASE_DIR, timeout=2 * READ_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentRefused(name=name) from error
    if done.returncode == ENCRYPTED:
        raise Encrypted(name=name)
    if done.returncode:
        raise DocumentRefused(name=name)
    # PostgreSQL keeps no null character; a form feed says nothing to a reader.
    return done.stdout.decode("utf-8").replace("\x00", "").replace("\f", "\n")
