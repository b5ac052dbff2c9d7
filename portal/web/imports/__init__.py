"""Importing files of rows: read safely, checked as a whole, shown before anything is written, all or nothing."""

from portal.web.imports.base import Column, Importer, Preview, Row, RowError, Summary, match_headings
from portal.web.imports.reading import FileRefused, read_rows

__all__ = [
    "Column",
    "FileRefused",
    "Importer",
    "Preview",
    "Row",
    "RowError",
    "Summary",
    "match_headings",
    "read_rows",
]
