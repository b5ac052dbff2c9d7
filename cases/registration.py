"""What this room makes known to the floors below: duties, notices, jobs, places, sentences of the log."""

from django.utils.translation import gettext_lazy as _

from cases import policies, rooms
from cases.models import ScreeningHit
from cases.punishments import indexing, screening
from cases.services import imports
from cases.told import ACTIONS
from portal.accounts.models import User
from portal.audit import actions
from portal.web import jobs
from portal.web.navigation import Item
from portal.web.navigation import register as register_places

JOBS = (
    (imports.CHECK_JOB, jobs.Kind(_("Check a file"), imports.run_check)),
    (imports.WRITE_JOB, jobs.Kind(_("Import the rows that are ready"), imports.run_write)),
    (indexing.JOB, jobs.Kind(_("Write the words of decisions"), indexing.run)),
    (screening.JOB, jobs.Kind(_("Screen all decisions"), screening.run)),
)


def register_all() -> None:
    """Called once, in `AppConfig.ready()`."""
    for code, kind in JOBS:
        jobs.register(code, kind)
    register_places(Item("prevention", _("Cases"), "cases:home", "folder-search", _has_room, 20))
    rooms.register(*ROOMS)
    actions.register(ACTIONS)


def _has_room(user: User) -> bool:
    return bool(rooms.of(user))


def _hits(user: User) -> int:
    return ScreeningHit.objects.visible_to(user).open()[:100].count()


ROOMS = (
    rooms.Room(_("Punishments"), "cases:punishments", policies.may_read, order=10),
    rooms.Room(_("Screening"), "cases:screening", policies.may_read, _hits, order=20),
)
