"""What a file is, told by its content and not by its name."""

import zipfile
from pathlib import PurePath
from typing import IO

import puremagic

from portal.documents.errors import NameAndContentDiffer, TypeNotAllowed

OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX, XLSX = f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"
TYPES = {
    ".pdf": "application/pdf",
    ".docx": DOCX,
    ".xlsx": XLSX,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
TEXT = frozenset({".txt", ".csv"})
HEAD_BYTES = 8192
# What the parts of an office file may add up to once unpacked.
UNPACKED_MAX_BYTES = 500 * 1024 * 1024


def content_type(name: str, file: IO[bytes]) -> str:
    """The type of an allowed file. Raises TypeNotAllowed, NameAndContentDiffer."""
    suffix = PurePath(name).suffix.lower()
    expected = TYPES.get(suffix)
    if expected is None:
        raise TypeNotAllowed(name=name)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    found = _text(head) if suffix in TEXT else _binary(head, file)
    if suffix in TEXT and found == "text":
        return expected
    if found != expected:
        raise NameAndContentDiffer(name=name)
    return expected


def _text(head: bytes) -> str:
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    for encoding in ("utf-8", "gb18030", "utf-16"):
        try:
            # The head may end within a character.
            head[: len(head) - 4 if len(head) == HEAD_BYTES else None].decode(encoding)
        except UnicodeDecodeError:
            continue
        return "text"
    return ""


def _binary(head: bytes, file: IO[bytes]) -> str:
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    try:
        return str(puremagic.from_string(head, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _office(file: IO[bytes]) -> str:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_MAX_BYTES:
                return ""
    except zipfile.BadZipFile:
        return ""
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else ""
