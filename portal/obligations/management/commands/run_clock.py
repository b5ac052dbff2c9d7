from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from portal.obligations import clock


class Command(BaseCommand):
    """Run the clock by hand: the code that Celery beat wakes every minute."""

    help = "Take every step that is due by a day (today). Running again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day to run for."""
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="the day, as 2026-11-24")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and say in a line what was done."""
        report = clock.run(options["on"])
        if not report.ran:
            self.stdout.write("Another run of the clock is at work; nothing was done here.")
            return
        self.stdout.write(
            f"{report.on}: {report.looked_at} duties looked at, {report.steps} steps taken, "
            f"{report.formal_steps} of them formal, {report.errors} errors."
        )
