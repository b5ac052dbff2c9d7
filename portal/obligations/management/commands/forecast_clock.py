from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from portal.obligations import clock
from portal.organisation.models import Unit
from portal.workdays.calendar import load as load_calendar


class Command(BaseCommand):
    """Say what the clock will do if nobody acts; nothing is written."""

    help = "List, day by day, the steps that will be taken until a day if nobody acts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The last day to look at."""
        parser.add_argument("--until", type=date.fromisoformat, metavar="DATE", required=True, help="as 2026-12-31")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each step."""
        coming = clock.forecast(options["until"])
        codes = dict(Unit.objects.filter(pk__in={c.unit_id for c in coming}).values_list("pk", "code"))
        calendar = load_calendar()
        for step in coming:
            mark = " (provisional)" if calendar.is_provisional(step.on) else ""
            self.stdout.write(
                f"{step.on} {step.action.value} {codes[step.unit_id]} {step.label_en} #{step.obligation_id}{mark}"
            )
        self.stdout.write(f"{len(coming)} steps until {options['until']}.")
