"""What this part of the room makes known to the floors below; `systems.registration` calls it."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.audit import actions
from portal.documents import registry as documents
from portal.notices.registry import register as register_notices
from portal.obligations.models import Obligation
from portal.obligations.registry import Kind
from portal.obligations.registry import register as register_duty
from portal.obligations.signals import duty_closed
from portal.web.navigation import Item
from portal.web.navigation import register as register_places
from systems import policies_programme as policies
from systems.models.projects import ASKED, MilestoneCheck
from systems.services import projects
from systems.services.projects.checking import FILES as PROJECT_FILES
from systems.told_programme import ACTIONS, NOTICES


def check_url(duty: Obligation) -> str:
    """Where a milestone is reported."""
    check = getattr(duty, "milestone_check", None) or getattr(duty, "corrected_milestone_check", None)
    return check.get_absolute_url() if isinstance(check, MilestoneCheck) else reverse("systems:projects")


DUTIES = (
    Kind(
        "project_check",
        _("Milestone of a prevention project"),
        _("Milestone"),
        _("Report what was done"),
        check_url,
        order=70,
        look=_("Open the check"),
    ),
)


def _reads_check(user: User, check: MilestoneCheck) -> bool:
    return MilestoneCheck.objects.visible_to(user).filter(pk=check.pk).exists()


def _reports(user: User, check: MilestoneCheck) -> bool:
    # Fresh and locked until the file is there: what was reported must not pass it by.
    with transaction.atomic():
        fresh = MilestoneCheck.objects.select_related("unit").locked(check.pk)
        return fresh.state in ASKED and policies.may_report(user, fresh)


PLACES = (
    Item("prevention", _("Projects"), "systems:projects", "route", policies.may_read, 40),
    Item("prevention", _("Regulations"), "systems:regulations", "scale", policies.may_read, 70),
)


def register_all() -> None:
    """Called once, in `AppConfig.ready()`."""
    for kind in DUTIES:
        register_duty(kind)
    register_notices(*NOTICES)
    actions.register(ACTIONS)
    register_places(*PLACES)
    documents.register_purpose(documents.Purpose(PROJECT_FILES, MilestoneCheck, _reads_check, _reports))
    duty_closed.connect(projects.follow_closed, dispatch_uid="systems.project_checks")
