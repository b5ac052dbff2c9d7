import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.accounts import services
from portal.accounts.models import User
from portal.accounts.roles import GRANTED_BY_HAND, Role
from portal.web.errors import PortalError


class Command(BaseCommand):
    """Make the first accounts of a site; later ones are made in the browser."""

    help = "Make an account with a temporary password, and grant it a role over a part of the tree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, which role, where."""
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="name in English")
        parser.add_argument("--name-zh", default="", help="name in Chinese")
        parser.add_argument("--email", default="")
        parser.add_argument("--role", choices=sorted(GRANTED_BY_HAND))
        parser.add_argument("--path", default="", help="path of the unit in the tree, as the unit's page shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the temporary password once."""
        if User.objects.filter(username=options["username"]).exists():
            raise CommandError(f"There is an account named {options['username']} already.")
        password = secrets.token_urlsafe(12)
        user = User.objects.create_user(
            options["username"],
            password,
            name_en=options["name"],
            name_zh=options["name_zh"],
            email=options["email"],
            must_change_password=True,
        )
        if options["role"]:
            try:
                services.grant(
                    None, user=user, role=Role(options["role"]), path=options["path"], reason="Set-up of the site"
                )
            except PortalError as error:
                user.delete()
                raise CommandError(str(error)) from error
        self.stdout.write(f"{user.username}: temporary password {password} (to be changed at the first sign-in)")
