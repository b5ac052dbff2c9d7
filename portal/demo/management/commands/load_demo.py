import shutil
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from portal.accounts.models import User
from portal.demo import clock as demo_clock
from portal.demo import district, story
from portal.demo.models import DemoState
from portal.demo.story import offices
from portal.organisation.models import Unit
from portal.workdays import clock
from responsibility.services import programme


class Command(BaseCommand):
    """Load the demo district and tell its year; where that was done before, nothing happens.

    All of it is one transaction: whoever stops it half-way leaves nothing behind but a mark that it was begun, and the next
    load begins anew.
    """

    help = "Load the fictional district with a year in motion. Only where PORTAL_DEMO is set."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load once; the demo's clock then stands at its first day and runs from there."""
        if not settings.DEMO:
            raise CommandError("The demo is loaded only where PORTAL_DEMO is set. Run: make demo")
        state, new = DemoState.objects.get_or_create(pk=1)
        if state.told:
            self.stdout.write("The demo district is there and goes on where it stopped.")
            return
        if Unit.objects.exists():
            raise CommandError("The demo's database holds units of another origin. Type: make demo-reset")
        if not new:
            self.stdout.write("The demo district was not loaded to its end last time; it is begun anew.")
        # Mails are files, which no transaction takes back.
        shutil.rmtree(Path(str(getattr(settings, "EMAIL_FILE_PATH", None) or "/nonexistent")), ignore_errors=True)
        with transaction.atomic():
            self._load(state)
        self.stdout.write("The demo district is loaded.")

    @staticmethod
    def _load(state: DemoState) -> None:
        with clock.frozen(datetime.combine(story.FIRST_DAY, time(8), clock.zone())):
            programme.update_programme(None, district.PROGRAMME)
            district.load()
            new = offices.BUREAU
            User.objects.create(
                username=new.username,
                password=User.objects.get(username="head").password,
                email=f"{new.username}@qingshi.example",
                name_en=new.name_en,
                name_zh=new.name_zh,
            )
        # All of it is one transaction: nobody else sees the rows, and without figures on them the planner guesses badly.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        story.write().tell(story.FIRST_DAY, story.TODAY)
        state.told = True
        state.save(update_fields=["told"])
        demo_clock.set_to(datetime.combine(story.TODAY, time(9), clock.zone()))
