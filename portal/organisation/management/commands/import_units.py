from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.organisation.importing import UnitsImporter
from portal.web.imports import FileRefused, Summary, read_rows


class Command(BaseCommand):
    """Import units, posts and persons from an XLSX or CSV file: all of it, or none."""

    help = "Import units, posts and persons. Bad rows are named by row, column and reason; then nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether only to look."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only check; nothing is written")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was written, or what is wrong."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        importer = UnitsImporter()
        try:
            table = read_rows(path, path.name)
        except FileRefused as error:
            raise CommandError(str(error)) from error
        preview = importer.check(table)
        if preview.errors:
            for wrong in preview.errors:
                self.stderr.write(f"row {wrong.row}, {wrong.column}: {wrong.reason}")
            raise CommandError(f"{len(preview.bad_rows)} rows cannot be imported; nothing was written.")
        if options["dry_run"]:
            self._say("Would write", preview.summary)
            return
        with transaction.atomic():
            self._say("Wrote", importer.apply(None, table))

    def _say(self, verb: str, summary: Summary) -> None:
        new = ", ".join(f"{count} {what}" for what, count in summary.new.items()) or "nothing"
        changed = ", ".join(f"{count} {what}" for what, count in summary.changed.items()) or "nothing"
        self.stdout.write(f"{verb}: new {new}; changed {changed}; unchanged {summary.unchanged}.")
