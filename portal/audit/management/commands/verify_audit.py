from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit import services
from portal.audit.models import Entry


class Command(BaseCommand):
    """Go through the chain of the log and name the first entry that was changed, removed or inserted."""

    help = "Check the log's chain of hashes. Exits with 1 and names the entry when it is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, and the head that was kept elsewhere."""
        parser.add_argument("--from", dest="start", type=int, default=1, metavar="NUMBER")
        parser.add_argument("--head", metavar="NUMBER:HASH", help="a head printed earlier, kept outside this machine")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many entries were checked, and the head to keep elsewhere."""
        seen, flaw = services.verify(options["start"])
        if flaw is not None:
            raise CommandError(f"The log is broken at {flaw.seq}: {flaw.sentence}.")
        if options["head"]:
            self._check_head(options["head"])
        head = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
        self.stdout.write(
            f"{seen} entries checked, the chain is whole. Head: {head[0]}:{head[1]}" if head else "Empty."
        )

    def _check_head(self, kept: str) -> None:
        """Entries cut off at the end leave a whole chain; only a head kept elsewhere shows it."""
        number, _colon, digest = kept.partition(":")
        if not Entry.objects.filter(seq=int(number), hash=digest).exists():
            raise CommandError(f"The log is broken at {number}: entry {number} is not the one that was kept.")
