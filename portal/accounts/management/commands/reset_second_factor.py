from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.accounts import second_factor
from portal.accounts.models import User


class Command(BaseCommand):
    """For somebody who has lost the phone, the passkeys and the recovery codes."""

    help = "Remove every second factor of an account and end its sessions; logged with the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and why."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="who asked, how the person was recognised")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were removed."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account named {options['username']}.")
        count = second_factor.remove_all(user, reason=options["reason"])
        self.stdout.write(f"{user.username}: {count} second factor(s) removed; the next sign-in asks for a new one.")
