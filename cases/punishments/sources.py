"""The rows of a file as COPY takes them: the bytes as they are where that works, else row by row."""

import csv
import io
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.db import connection
from django.utils.translation import gettext as _

from cases.punishments.layout import Layout
from portal.web.imports.reading import FileRefused, stream

Told = Callable[[int], None]
# How often progress is told, in seconds.
EVERY = 1.0


class Counted(io.RawIOBase):
    """A file that tells how many bytes were taken, at most once a second."""

    def __init__(self, file: BinaryIO, told: Told) -> None:
        self.file, self.told = file, told
        self.taken, self.last = 0, time.monotonic()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        block = self.file.read(size)
        self.taken += len(block)
        now = time.monotonic()
        if now - self.last > EVERY or not block:
            self.told(self.taken)
            self.taken, self.last = 0, now
        return block


class Lines(io.RawIOBase):
    """Rows as the bytes of a CSV file, made as they are asked for: memory does not grow with them."""

    def __init__(self, rows: Iterable[list[str]], told: Told) -> None:
        self.rows, self.told = iter(rows), told
        self.left = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At least one row; nothing at the end."""
        while len(self.left) < max(size, 1):
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
            count = 0
            for row in self.rows:
                writer.writerow(row)
                count += 1
                if count == 500:
                    break
            if not count:
                break
            self.left += text.getvalue().encode()
            self.told(text.tell())
        block, self.left = self.left[:size], self.left[size:]
        return block


def copy_raw(table: str, path: Path, layout: Layout, told: Told) -> None:
    """COPY the bytes of a text file into the raw table. Raises what the database says of a file it cannot take so."""
    names = ", ".join(f"c{place}" for place in range(len(layout.headings)))
    encoding = "GB18030" if layout.encoding == "gb18030" else "UTF8"
    statement = (
        f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv, ENCODING '{encoding}',"
        f" DELIMITER '{layout.delimiter}', FORCE_NOT_NULL *)"
    )
    with path.open("rb") as file, connection.cursor() as cursor:
        file.seek(layout.offset)
        cursor.copy_expert(statement, Counted(file, told))


def copy_rows(table: str, path: Path, name: str, layout: Layout, told: Told) -> None:
    """COPY a workbook, or a text that is not even, row by row: short rows are filled up, what is too much is kept apart."""
    wide = len(layout.headings)
    names = ", ".join(f"c{place}" for place in range(wide))
    rows = _workbook(path, name, layout.skip) if not layout.encoding else _text(path, layout)
    even = ([*row[:wide], *[""] * (wide - len(row)), " ".join(filter(None, row[wide:]))] for row in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({names}, extra) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL *)", Lines(even, told)
        )


def _workbook(path: Path, name: str, skip: int) -> Iterator[list[str]]:
    rows = stream(path, name).rows
    for _number in range(skip):
        next(rows, None)
    yield from rows


def _text(path: Path, layout: Layout) -> Iterator[list[str]]:
    """Broken bytes become the sign for them, so that the row is found and given back."""
    with path.open(encoding=layout.encoding, errors="replace", newline="") as text:
        lines = (line.replace("\x00", "\ufffd") for line in text)
        reader = csv.reader(lines, delimiter=layout.delimiter)
        try:
            for number, row in enumerate(reader):
                if number >= layout.skip:
                    yield row
        except csv.Error as error:
            raise FileRefused(_("The text cannot be read as CSV: a quotation mark does not end.")) from error


def quiet(taken: int) -> None:
    """Tell nobody."""


__all__ = ["Told", "copy_raw", "copy_rows", "quiet"]
