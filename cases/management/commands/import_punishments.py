from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError

from cases.models import PunishmentUpload
from cases.punishments import indexing, wording
from cases.services import imports
from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.web.imports.reading import FileRefused


class Command(BaseCommand):
    """Import decisions on administrative penalties from a CSV or XLSX file of an agency."""

    help = "Import an agency's decisions. Rows with something wrong are left out and counted by reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, whose it is, in whose name, and whether only to look."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True, help="code of the unit that decided")
        parser.add_argument("--user", help="user name of who imports; without it the first coordinator's")
        parser.add_argument("--dry-run", action="store_true", help="only check; nothing is written")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was written, or would be."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        agency = Unit.objects.filter(code=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no unit {options['agency']}.")
        try:
            with path.open("rb") as file:
                upload = imports.begin(self._user(options["user"]), agency, File(file, name=path.name))
            found = imports.import_now(upload, dry_run=options["dry_run"])
        except FileRefused as error:
            raise CommandError(str(error)) from error
        verb = "Would write" if options["dry_run"] else "Wrote"
        self.stdout.write(f"{verb}: {found.new} new, {found.changed} changed; unchanged {found.unchanged}.")
        self._say_wrong(upload, found.mend)
        if not options["dry_run"]:
            indexing.write_all()

    def _user(self, name: str | None) -> User:
        users = User.objects.filter(is_active=True)
        found = users.filter(username=name).first() if name else users.filter(grants__role="coordinator").first()
        if found is None:
            raise CommandError("Name an account with --user: the import is kept in its name.")
        return found

    def _say_wrong(self, upload: PunishmentUpload, count: int) -> None:
        if not count:
            return
        self.stderr.write(f"{count} rows were left out:")
        for code, (rows, first) in upload.run.summary["reasons"].items():
            self.stderr.write(f"  {rows} rows, from row {first}: {wording.problem(code)}")
