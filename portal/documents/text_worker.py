"""Reads the text of a PDF or a DOCX in a process of its own, with limits on memory and time; prints it.

Ends with one of the codes below where there is no text to be had.
"""

import resource
import sys
from collections.abc import Iterator
from typing import Any

MEMORY_MAX_BYTES = 2 * 1024**3
TEXT_MAX = 4_000_000
ENCRYPTED, DAMAGED = 3, 4


def of_pdf(path: str) -> Iterator[str]:
    """Page by page."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise SystemExit(ENCRYPTED if "password" in str(error).lower() else DAMAGED) from error
    for page in document:
        yield page.get_textpage().get_text_range()


def of_docx(path: str) -> Iterator[str]:
    """Paragraph by paragraph, with what stands in tables."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(path)
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise SystemExit(DAMAGED) from error
    for block in document.iter_inner_content():
        yield from _cells(block) if hasattr(block, "rows") else (block.text,)


def _cells(table: Any) -> Iterator[str]:
    for row in table.rows:
        yield "\t".join(cell.text for cell in row.cells)


def main(path: str, kind: str, seconds: int) -> None:
    """Print the text, as much of it as is kept."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    left = TEXT_MAX
    for piece in of_pdf(path) if kind == "pdf" else of_docx(path):
        sys.stdout.buffer.write(piece[:left].encode("utf-8", "replace") + b"\n")
        left -= len(piece)
        if left <= 0:
            break


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
