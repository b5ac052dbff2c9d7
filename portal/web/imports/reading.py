"""Reading an uploaded file into rows of text, without trusting it."""

import csv
import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from portal.web.errors import PortalError

# What the parts of an XLSX file may add up to once unpacked.
UNPACKED_MAX_BYTES = 600 * 1024 * 1024
PARSE_SECONDS = 300
ROWS_MAX = 200_000
# What the process that parses a workbook may answer; one shared text in millions of cells would fill our memory.
OUTPUT_MAX_BYTES = 256 * 1024 * 1024
# How that process ends when there is more.
TOO_LARGE = 3


class FileRefused(PortalError):
    """The file as a whole cannot be read; the sentence says why and what to upload instead."""

    code = "file-refused"
    field = "file"

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__()

    def __str__(self) -> str:
        return self.sentence


def read_rows(path: Path, name: str) -> list[list[str]]:
    """Every row of the first sheet, the headings first. Raises FileRefused."""
    size = path.stat().st_size
    if size > settings.IMPORT_MAX_BYTES:
        limit = settings.IMPORT_MAX_BYTES // (1024 * 1024)
        raise FileRefused(_("The file is larger than %(limit)s MB. Split it and import the parts.") % {"limit": limit})
    if size == 0:
        raise FileRefused(_("The file is empty."))
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    suffix = Path(name).suffix.lower()
    if suffix == ".xlsx" and is_zip:
        rows = _xlsx(path)
    elif suffix in (".csv", ".txt") and not is_zip:
        rows = _csv(path)
    else:
        raise FileRefused(_("This is neither an XLSX workbook nor a CSV file, whatever its name says."))
    if len(rows) > ROWS_MAX:
        raise FileRefused(
            _("The file has more than %(limit)s rows. Split it and import the parts.") % {"limit": ROWS_MAX}
        )
    if not rows:
        raise FileRefused(_("The file is empty."))
    return rows


def _csv(path: Path) -> list[list[str]]:
    """Chinese offices write UTF-8 or GB18030; the fixed order of trying beats guessing."""
    raw = path.read_bytes()
    if b"\x00" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(_("This is neither an XLSX workbook nor a CSV file, whatever its name says."))
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
        try:
            return [[c.strip() for c in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
        except csv.Error as error:
            raise FileRefused(_("This is neither an XLSX workbook nor a CSV file, whatever its name says.")) from error
    raise FileRefused(_("The text is neither UTF-8 nor GB18030. Save the file again as “CSV UTF-8”."))


def _xlsx(path: Path) -> list[list[str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            known = "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile as error:
        raise FileRefused(_("The workbook is damaged. Open it, save it again, and upload that.")) from error
    if not known:
        raise FileRefused(_("This is neither an XLSX workbook nor a CSV file, whatever its name says."))
    if unpacked > UNPACKED_MAX_BYTES:
        raise FileRefused(_("The workbook is too large once unpacked. Split it and import the parts."))
    _require_true_sizes(path)
    command = [sys.executable, "-m", "portal.web.imports.xlsx_worker", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PARSE_SECONDS, check=False, cwd=settings.BASE_DIR)
    except subprocess.TimeoutExpired as error:
        raise FileRefused(_("The workbook took too long to read. Split it and import the parts.")) from error
    if done.returncode == TOO_LARGE:
        raise FileRefused(_("The workbook is too large once unpacked. Split it and import the parts."))
    if done.returncode:
        raise FileRefused(_("The workbook is damaged. Open it, save it again, and upload that."))
    return [json.loads(line) for line in done.stdout.splitlines()]


def _require_true_sizes(path: Path) -> None:
    """Unpack every part once: one that is larger than the directory says fails its checksum."""
    try:
        with zipfile.ZipFile(path) as archive:
            bad = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise FileRefused(_("The workbook is damaged. Open it, save it again, and upload that.")) from error
    if bad is not None:
        raise FileRefused(_("The workbook is damaged. Open it, save it again, and upload that."))
