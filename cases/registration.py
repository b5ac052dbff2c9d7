"""What this room makes known to the floors below: duties, notices, jobs, places, sentences of the log."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from cases import measures, policies, rooms, unit_file
from cases.models import Clue, ClueOfficer, CrimeCase, Recommendation, ScreeningHit
from cases.punishments import indexing, screening
from cases.services import imports
from cases.told import ACTIONS, NOTICES
from portal.accounts.models import User
from portal.audit import actions
from portal.notices.registry import register as register_notices
from portal.obligations.models import Obligation
from portal.obligations.registry import Kind
from portal.obligations.registry import register as register_duty
from portal.organisation import sections
from portal.web import jobs
from portal.web.navigation import Item
from portal.web.navigation import register as register_places
from systems import outcomes

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
    for duty in DUTIES:
        register_duty(duty)
    outcomes.register(outcomes.Outcome(_("Duty-crime cases filed"), measures.filed_in))
    register_notices(*NOTICES)
    for section in unit_file.SECTIONS:
        sections.register(section)
    actions.register(ACTIONS)


def _has_room(user: User) -> bool:
    return bool(rooms.of(user))


def _hits(user: User) -> int:
    return ScreeningHit.objects.visible_to(user).open()[:100].count()


def _clues(user: User) -> int:
    return Clue.objects.visible_to(user).open()[:100].count()


def _clue_url(duty: Obligation) -> str:
    clue = getattr(duty, "clue", None)
    return clue.get_absolute_url() if isinstance(clue, Clue) else "/cases/clues/"


def _case_url(duty: Obligation) -> str:
    case = getattr(duty, "crime_case", None)
    return case.get_absolute_url() if isinstance(case, CrimeCase) else "/cases/crimes/"


def _recommendation_url(duty: Obligation) -> str:
    found = getattr(duty, "recommendation", None)
    return found.get_absolute_url() if isinstance(found, Recommendation) else "/cases/recommendations/"


def _officers_of_cases(duties: Collection[int]) -> Mapping[int, set[int]]:
    rows = CrimeCase.objects.filter(obligation__in=duties).values_list("obligation_id", "officer_id")
    return {duty: {officer} for duty, officer in rows if duty is not None}


def _officers_of_clues(duties: Collection[int]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = ClueOfficer.objects.filter(clue__obligation__in=duties).values_list("clue__obligation_id", "user_id")
    for duty, user in rows:
        found.setdefault(duty, set()).add(user)
    return found


DUTIES = (
    Kind(
        "recommendation_reply",
        _("Reply to a recommendation"),
        _("Recommendation"),
        _("Write the reply"),
        _recommendation_url,
        order=55,
        look=_("Open the recommendation"),
    ),
    Kind(
        "recommendation_receipt",
        _("Acknowledgement of a recommendation"),
        _("Acknowledgement"),
        _("Read and acknowledge"),
        _recommendation_url,
        order=50,
        look=_("Open the recommendation"),
    ),
    Kind(
        "case_stage",
        _("Limit of a proceeding"),
        _("Proceeding"),
        _("Go on with the case"),
        _case_url,
        order=65,
        workers=_officers_of_cases,
        look=_("Open the case"),
    ),
    Kind(
        "clue",
        _("Verification of a clue"),
        _("Clue"),
        _("Verify the clue"),
        _clue_url,
        order=60,
        workers=_officers_of_clues,
        look=_("Open the clue"),
    ),
)
ROOMS = (
    rooms.Room(_("Search"), "cases:search", policies.may_read, order=0),
    rooms.Room(_("Clues"), "cases:clues", policies.may_see_clues, _clues, order=5),
    rooms.Room(_("Duty-crime cases"), "cases:cases", policies.may_read, order=1),
    rooms.Room(_("Recommendations"), "cases:recommendations", policies.may_see_recommendations, order=15),
    rooms.Room(_("Exposure"), "cases:exposures", policies.may_read, order=30),
    rooms.Room(_("Patterns"), "cases:patterns", policies.may_read, order=35),
    rooms.Room(_("Timeliness"), "cases:analysis", policies.may_read, order=40),
    rooms.Room(_("Screening"), "cases:screening", policies.may_read, _hits, order=20),
)
