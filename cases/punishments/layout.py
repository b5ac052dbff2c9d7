"""What a file looks like before its rows are read: encoding, delimiter, headings, where the rows begin.

Only the head of the file is read; a sheet may begin with a title, and its headings may stand in two rows, merged above.
"""

import codecs
import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from cases.punishments import columns
from portal.web.imports.reading import NEITHER, XLSX_SUFFIX, FileRefused, stream

HEAD_BYTES = 256 * 1024
# Among so many rows at the top stand the headings.
TOP_ROWS = 10
SAMPLES = 3
# So few known headings tell a row of headings from a row of values.
KNOWN_MIN = 2
COLUMNS_MAX = 80
ENCODINGS = ("utf-8-sig", "gb18030")


class Layout(NamedTuple):
    """How a file is laid out. `encoding` is empty for a workbook; `skip` counts rows, `offset` bytes before the first row."""

    encoding: str
    delimiter: str
    headings: list[str]
    samples: list[list[str]]
    skip: int
    offset: int
    size: int

    def as_dict(self) -> dict[str, Any]:
        """For a row of JSON."""
        return self._asdict()


def look_at(path: Path, name: str) -> Layout:
    """The layout of a CSV file or workbook. Raises FileRefused."""
    size = path.stat().st_size
    limit = settings.PUNISHMENT_FILE_MAX_BYTES
    if size > limit:
        sentence = _("The file is larger than %(limit)s MB. Split it and import the parts.")
        raise FileRefused(sentence % {"limit": limit // 2**20})
    if size == 0:
        raise FileRefused(_("The file is empty."))
    if Path(name).suffix.lower() == XLSX_SUFFIX:
        return _workbook(path, name, size)
    return _text(path, size)


def _workbook(path: Path, name: str, size: int) -> Layout:
    top: list[list[str]] = []
    rows = stream(path, name).rows
    for row in rows:
        top.append(row)
        if len(top) == TOP_ROWS + SAMPLES:
            break
    headings, skip = _headings(top)
    return Layout("", "", headings, top[skip : skip + SAMPLES], skip, 0, size)


def _text(path: Path, size: int) -> Layout:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    encoding = _encoding(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    lines = text.splitlines(keepends=True)[: 4 * TOP_ROWS]
    delimiter = max(",;\t", key="".join(lines[:TOP_ROWS]).count)
    reader = csv.reader(lines, delimiter=delimiter)
    top, ends = [], []
    try:
        for row in reader:
            top.append([cell.strip() for cell in row])
            ends.append(reader.line_num)
    except csv.Error as error:
        raise FileRefused(str(NEITHER)) from error
    headings, skip = _headings(top)
    plain = encoding.removesuffix("-sig")
    offset = len("".join(lines[: ends[skip - 1]]).encode(plain, "replace"))
    offset += 3 if head.startswith(codecs.BOM_UTF8) else 0
    return Layout(plain, delimiter, headings, top[skip : skip + SAMPLES], skip, offset, size)


def _encoding(head: bytes) -> str:
    """UTF-8 or GB18030 in a fixed order of trying; UTF-16 by its mark. Raises FileRefused for what is no text."""
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if b"\x00" in head or head.startswith(b"PK\x03\x04"):
        raise FileRefused(str(NEITHER))
    for encoding in ENCODINGS:
        try:
            # A character may be cut at the end of what was read.
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return encoding
    # Broken bytes stand in a few rows; these rows are then given back, not the file.
    return "gb18030"


def _headings(top: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """The headings, and how many rows stand before the first row of values. Raises FileRefused."""
    best, most = 0, 0
    for number, row in enumerate(top[:TOP_ROWS]):
        count = sum(map(columns.known, row))
        if count > most:
            best, most = number, count
    if not top or len(top[best]) > COLUMNS_MAX:
        raise FileRefused(_("The file has no row of headings. Write one above the rows."))
    if most < KNOWN_MIN:
        best = next((number for number, row in enumerate(top) if len([cell for cell in row if cell]) > 2), 0)
        return list(top[best]), best + 1
    headings = list(top[best])
    if best > 0 and most < len([cell for cell in headings if cell]) + 1:
        headings = _merged(top[best - 1], headings)
    if best + 1 < len(top) and sum(map(columns.known, top[best + 1])) >= 1 and _is_second(headings, top[best + 1]):
        return _merged(headings, top[best + 1]), best + 2
    return headings, best + 1


def _is_second(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a row goes on with the headings: it says something only where the upper one is merged or empty."""
    return any(not cell for cell in lower) and not any(any(char.isdigit() for char in cell) for cell in lower)


def _merged(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows of headings as one: the lower says more, the upper stands where the lower is empty."""
    wide = max(len(upper), len(lower))
    above = [*upper, *[""] * (wide - len(upper))]
    below = [*lower, *[""] * (wide - len(lower))]
    return [down or up for up, down in zip(above, below, strict=True)]
