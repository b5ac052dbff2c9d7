"""Reading an uploaded file into rows of text, without trusting it."""

import codecs
import csv
import json
import signal
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.errors import PortalError

XLSX_SUFFIX, TEXT_SUFFIXES = ".xlsx", (".csv", ".txt")
# What the parts of an XLSX file may add up to once unpacked.
UNPACKED_MAX_BYTES = 600 * 1024 * 1024
# The processor time that a workbook may take.
PARSE_SECONDS = 300
# What is read at once, and not row by row.
ROWS_MAX = 200_000
# One shared text in millions of cells would fill our memory.
TEXT_MAX = 128 * 1024 * 1024
BLOCK = 1024 * 1024
NEITHER = gettext_lazy("This is neither an XLSX workbook nor a CSV file, whatever its name says.")
DAMAGED = gettext_lazy("The workbook is damaged. Open it, save it again, and upload that.")
TOO_LARGE = gettext_lazy("The workbook is too large once unpacked. Split it and import the parts.")
TOO_SLOW = gettext_lazy("The workbook took too long to read. Split it and import the parts.")


class FileRefused(PortalError):
    """The file as a whole cannot be read; the sentence says why and what to upload instead."""

    code = "file-refused"
    field = "file"

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__()

    def __str__(self) -> str:
        return self.sentence


class Stream(NamedTuple):
    """The rows of a file, one after the other, the headings first; and about how many there are."""

    about: int
    rows: Iterator[list[str]]


def read_rows(path: Path, name: str) -> list[list[str]]:
    """Every row of the first sheet, the headings first. Raises FileRefused."""
    rows: list[list[str]] = []
    written = 0
    for row in stream(path, name).rows:
        written += sum(map(len, row))
        if len(rows) == ROWS_MAX:
            raise FileRefused(
                _("The file has more than %(limit)s rows. Split it and import the parts.") % {"limit": ROWS_MAX}
            )
        if written > TEXT_MAX:
            raise FileRefused(str(TOO_LARGE))
        rows.append(row)
    if not rows:
        raise FileRefused(_("The file is empty."))
    return rows


def require_kind(path: Path, name: str) -> None:
    """Refuse, before anything is read, what is too large, empty, or neither a workbook nor a text. Raises FileRefused."""
    size = path.stat().st_size
    if size > settings.IMPORT_MAX_BYTES:
        limit = settings.IMPORT_MAX_BYTES // (1024 * 1024)
        raise FileRefused(_("The file is larger than %(limit)s MB. Split it and import the parts.") % {"limit": limit})
    if size == 0:
        raise FileRefused(_("The file is empty."))
    if Path(name).suffix.lower() not in (XLSX_SUFFIX, *TEXT_SUFFIXES) or _is_zip(path) != _says_xlsx(name):
        raise FileRefused(str(NEITHER))


def stream(path: Path, name: str) -> Stream:
    """The rows as they are read; memory does not grow with them. Raises FileRefused, also while rows are taken."""
    require_kind(path, name)
    return _xlsx(path) if _says_xlsx(name) else _csv(path)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _says_xlsx(name: str) -> bool:
    return Path(name).suffix.lower() == XLSX_SUFFIX


def _csv(path: Path) -> Stream:
    """Chinese offices write UTF-8 or GB18030; the fixed order of trying beats guessing."""
    with path.open("rb") as file:
        wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        lines = _lines_in(path, encoding, wide=wide)
        if lines is not None:
            return Stream(lines, _csv_rows(path, encoding))
    raise FileRefused(_("The text is neither UTF-8 nor GB18030. Save the file again as “CSV UTF-8”."))


def _lines_in(path: Path, encoding: str, *, wide: bool) -> int | None:
    """How many lines a text has; None when it is not in this encoding. Raises FileRefused for what is no text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if b"\x00" in block and not wide:
                raise FileRefused(str(NEITHER))
            try:
                lines += decoder.decode(block).count("\n")
            except UnicodeDecodeError:
                return None
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return lines


def _csv_rows(path: Path, encoding: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as text:
        first = text.readline()
        text.seek(0)
        reader = csv.reader(text, delimiter=max(",;\t", key=first.count))
        try:
            for row in reader:
                yield [cell.strip() for cell in row]
        except csv.Error as error:
            raise FileRefused(str(NEITHER)) from error


def _xlsx(path: Path) -> Stream:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            known = "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile as error:
        raise FileRefused(str(DAMAGED)) from error
    if not known:
        raise FileRefused(str(NEITHER))
    if unpacked > UNPACKED_MAX_BYTES:
        raise FileRefused(str(TOO_LARGE))
    _require_true_sizes(path)
    answers = _worker_lines(path)
    return Stream(int(next(answers)), (json.loads(line) for line in answers))


def _worker_lines(path: Path) -> Iterator[bytes]:
    """What the process that parses the workbook prints; it ends with us, and no later than its time."""
    command = [sys.executable, "-m", "portal.web.imports.xlsx_worker", str(path), str(PARSE_SECONDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=settings.BASE_DIR) as process:
        try:
            yield from process.stdout or ()
            if code := process.wait():
                raise FileRefused(str(TOO_SLOW if code == -signal.SIGXCPU else DAMAGED))
        finally:
            process.kill()


def _require_true_sizes(path: Path) -> None:
    """Unpack every part once: one that is larger than the directory says fails its checksum."""
    try:
        with zipfile.ZipFile(path) as archive:
            bad = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise FileRefused(str(DAMAGED)) from error
    if bad is not None:
        raise FileRefused(str(DAMAGED))
