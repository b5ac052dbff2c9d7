from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit import anchors, services, verification
from portal.audit.models import Entry, Head


class Command(BaseCommand):
    """Go through the chain of the log and name the first entry that was changed, removed, inserted or cut off."""

    help = "Check the log's chain of hashes and its head. Exits with 1 and names the entry when it is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, and the head that was kept elsewhere."""
        parser.add_argument("--from", dest="start", type=int, default=1, metavar="NUMBER")
        parser.add_argument("--head", metavar="NUMBER:HASH", help="a head printed earlier, kept outside this machine")
        parser.add_argument(
            "--anchor",
            metavar="FILE or HASH",
            help="whether the log still contains the heads in a file (a kept mail, the text of a sheet) or this one",
        )
        parser.add_argument(
            "--sign",
            action="store_true",
            help="sign the head again after a new AUDIT_KEY or an old backup, when nothing else is wrong; it is logged",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many entries were checked, and the head to keep elsewhere."""
        if options["start"] < 1:
            raise CommandError("The log begins at 1.")
        seen, flaw = verification.verify(options["start"])
        if flaw is not None and flaw.only_signature and options["sign"]:
            services.sign_head(None)
        elif flaw is not None:
            raise CommandError(f"The log is broken at {flaw.seq}: {flaw.sentence}.")
        if options["head"]:
            self._check_head(options["head"])
        if options["anchor"]:
            self._check_anchors(options["anchor"])
        self.stdout.write(f"{seen} entries checked, the chain is whole. Head: {Head.objects.get()}")

    def _check_anchors(self, kept: str) -> None:
        """Each head that was kept, in the order in which it stands there."""
        # A hash in groups of four is longer than a file's name may be, and no path.
        path = Path(kept)
        known = anchors.read(kept) or anchors.read(path.read_text(encoding="utf-8") if path.is_file() else "")
        if not known:
            raise CommandError(f"“{kept}” is neither a head nor a file in which one stands.")
        for anchor in known:
            entry = anchors.entry_of(anchor)
            if entry is None:
                at = f" at {anchor.seq}" if anchor.seq is not None else ""
                raise CommandError(f"The log was rewritten: the head {anchor} that was kept is not in it{at}.")
            self.stdout.write(f"The log contains the head {entry.seq}:{entry.hash}.")

    def _check_head(self, kept: str) -> None:
        """Who has the whole machine can write another log, head and all; only a head kept elsewhere shows it."""
        number, _colon, digest = kept.partition(":")
        if not number.isdecimal():
            raise CommandError(f"“{kept}” is not a head. Write NUMBER:HASH as it was printed.")
        if not Entry.objects.filter(seq=int(number), hash=digest).exists():
            raise CommandError(f"The log is broken at {number}: entry {number} is not the one that was kept.")
