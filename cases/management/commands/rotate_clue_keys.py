from typing import Any

from django.core.management.base import BaseCommand

from cases import sealing
from cases.services import clues


class Command(BaseCommand):
    """Enclose the keys of all clues by the first of CLUE_KEYS; people may go on working."""

    help = "Enclose the keys of all clues by the first of CLUE_KEYS. Then take the old key out of the settings."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were."""
        count = clues.rotate_keys()
        self.stdout.write(f"{count} keys are now enclosed by “{sealing.current_key()}”.")
