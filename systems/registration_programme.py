"""What this part of the room makes known to the floors below; `systems.registration` calls it."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
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
from systems.models.experience import Proposal
from systems.models.investigations import Questionnaire, QuestionnaireState
from systems.models.projects import ASKED, MilestoneCheck
from systems.services import investigations, projects
from systems.services.projects.checking import FILES as PROJECT_FILES
from systems.told_programme import ACTIONS, NOTICES


def check_url(duty: Obligation) -> str:
    """Where a milestone is reported."""
    check = getattr(duty, "milestone_check", None) or getattr(duty, "corrected_milestone_check", None)
    return check.get_absolute_url() if isinstance(check, MilestoneCheck) else reverse("systems:projects")


def questionnaire_url(duty: Obligation) -> str:
    """Where a questionnaire is read and answered."""
    one = getattr(duty, "questionnaire", None)
    return one.get_absolute_url() if isinstance(one, Questionnaire) else reverse("systems:investigations")


def proposal_url(duty: Obligation) -> str:
    """Where it stands what is to be carried out."""
    one = getattr(duty, "proposal", None)
    return one.get_absolute_url() if isinstance(one, Proposal) else reverse("systems:proposals")


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
    Kind(
        "questionnaire",
        _("Questionnaire of an investigation"),
        _("Questionnaire"),
        _("Answer the questionnaire"),
        questionnaire_url,
        order=75,
        look=_("Open the questionnaire"),
    ),
    Kind(
        "proposal",
        _("Adopted proposal"),
        _("Proposal"),
        _("Carry out the proposal"),
        proposal_url,
        order=80,
        look=_("Open the proposal"),
    ),
)


def _reads_check(user: User, check: MilestoneCheck) -> bool:
    return MilestoneCheck.objects.visible_to(user).filter(pk=check.pk).exists()


def _reports(user: User, check: MilestoneCheck) -> bool:
    # Fresh and locked until the file is there: what was reported must not pass it by.
    with transaction.atomic():
        fresh = MilestoneCheck.objects.select_related("unit").locked(check.pk)
        return fresh.state in ASKED and policies.may_report(user, fresh)


def _to_answer(user: User) -> int:
    """Questionnaires that wait for the answers of the person's units."""
    owed = Questionnaire.objects.filter(state=QuestionnaireState.OWED)
    return owed.filter(scopes.q(user, roles=(Role.TOP_LEADER, Role.LIAISON))).count()


def _to_decide(user: User) -> int:
    """Proposals that wait for who decides them."""
    if not user.standing.has(Role.HEAD) or not policies.decides_proposals(user):
        return 0
    return Proposal.objects.undecided().exclude(proposed_by=user).count()


PLACES = (
    Item("prevention", _("Projects"), "systems:projects", "route", policies.may_read, 40),
    Item("prevention", _("Measures"), "systems:measures", "bulb", policies.may_read, 50),
    Item(
        "prevention", _("Investigations"), "systems:investigations", "report-search", policies.may_read, 60, _to_answer
    ),
    Item("prevention", _("Proposals"), "systems:proposals", "message-2", policies.may_read, 65, _to_decide),
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
    duty_closed.connect(investigations.follow_closed, dispatch_uid="systems.questionnaires")
