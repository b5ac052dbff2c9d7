from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.documents.signing import verifying


class Command(BaseCommand):
    """Say whether a file is a document that the portal issued, whether it is in force, and what its signatures are worth."""

    help = "Judge a PDF by its fingerprint and its signatures. Exits with 1 unless it is a document that was issued."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files."""
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line for each file, and one for each of its signatures."""
        judged = [self._judge(Path(name)) for name in options["files"]]
        if not all(judged):
            raise CommandError("Not every file is a document that was issued here.")

    def _judge(self, path: Path) -> bool:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        found = verifying.judge(content, signatures_of_strangers=True)
        document = f" ({found.document.number}, {found.document.code})" if found.document else ""
        self.stdout.write(f"{path}: {found.verdict.label}{document}")
        for finding in found.findings:
            kept = "unchanged" if finding.intact else "BROKEN"
            ours = "by a key of this portal" if finding.trusted else "NOT by a key of this portal"
            at = finding.at.isoformat() if finding.at else "no time"
            self.stdout.write(f"  {finding.field}: {finding.name or 'no name'}, {at}, {kept}, {ours}")
        return found.genuine
