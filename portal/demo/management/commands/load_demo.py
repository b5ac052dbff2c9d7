from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts.models import User
from portal.demo import clock as demo_clock
from portal.demo import district, story
from portal.demo.models import DemoState
from portal.notices import outbox
from portal.workdays import clock
from responsibility.services import programme


class Command(BaseCommand):
    """Load the demo district and tell its year; where that was done before, nothing happens."""

    help = "Load the fictional district with a year in motion. Only where PORTAL_DEMO is set."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load once; the demo's clock then stands at its first day and runs from there."""
        if not settings.DEMO:
            raise CommandError("The demo is loaded only where PORTAL_DEMO is set. Run: make demo")
        if DemoState.objects.filter(told=True).exists():
            self.stdout.write("The demo district is there and goes on where it stopped.")
            return
        with transaction.atomic():
            state, _new = DemoState.objects.get_or_create(pk=1)
            with clock.frozen(datetime.combine(story.FIRST_DAY, time(8), clock.zone())):
                programme.update_programme(None, district.PROGRAMME)
                district.load()
                User.objects.create(
                    username="leader",
                    password=User.objects.get(username="head").password,
                    email="leader@qingshi.example",
                    name_en="Chen Haoran",
                    name_zh="陈浩然",
                )
        story.write().tell(story.FIRST_DAY, story.TODAY)
        with clock.frozen(datetime.combine(story.TODAY, time(7), clock.zone())):
            outbox.run()
        state.told = True
        state.save(update_fields=["told"])
        demo_clock.set_to(datetime.combine(story.TODAY, time(9), clock.zone()))
        self.stdout.write("The demo district is loaded.")
