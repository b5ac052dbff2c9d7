"""What this room makes known to the floors below: duties, notices, places, attachments, sentences of the log."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import history
from portal.accounts.models import User
from portal.audit import actions
from portal.documents import registry as documents
from portal.notices.registry import register as register_notices
from portal.obligations.models import Obligation
from portal.obligations.registry import Kind
from portal.obligations.registry import register as register_duty
from portal.organisation import sections
from portal.organisation.signals import change_begins, change_made
from portal.web.navigation import Item
from portal.web.navigation import register as register_places
from systems import following, policies, registration_programme, unit_file
from systems.models import Finding, Rectification, SystemVersion
from systems.models.rectification import OWED
from systems.services import blanks, daily, findings, joint, register
from systems.told import ACTIONS, NOTICES
from systems.views.base import reads
from systems.views.findings import may_attach


def review_url(duty: Obligation) -> str:
    """Where the system is reviewed."""
    review = getattr(duty, "system_review", None)
    return reverse("systems:review", args=(review.system_id,)) if review else reverse("systems:register")


def blank_url(duty: Obligation) -> str:
    """Where the blank area is filled."""
    area = getattr(duty, "blank_area", None)
    if area is None:
        return reverse("systems:blanks")
    if area.power_id is not None:
        return reverse("systems:power", args=(area.power_id,))
    return reverse("systems:unit", args=(duty.unit.code,))


def powers_url(duty: Obligation) -> str:
    """Where the list of powers is looked through."""
    return reverse("systems:unit-powers", args=(duty.unit.code,))


def rectification_url(duty: Obligation) -> str:
    """The page of the finding."""
    found = getattr(duty, "rectification", None) or getattr(duty, "corrected_rectification", None)
    return found.get_absolute_url() if isinstance(found, Rectification) else reverse("systems:findings")


def joint_url(duty: Obligation) -> str:
    """Where the part of the unit is confirmed."""
    share = getattr(duty, "joint_share", None)
    return reverse("systems:confirm-share", args=(share.pk,)) if share else reverse("systems:joints")


DUTIES = (
    Kind(
        blanks.DUTY,
        _("Blank area"),
        _("Blank areas"),
        _("Fill the blank area"),
        blank_url,
        order=50,
        look=_("Look at the systems"),
        gathered=True,
    ),
    Kind(
        daily.REVIEW_DUTY,
        _("Review of a system"),
        _("Reviews"),
        _("Review the system"),
        review_url,
        order=55,
        look=_("Look at the system"),
        gathered=True,
    ),
    Kind(
        findings.DUTY,
        _("Rectification"),
        _("Rectification"),
        _("Put it right"),
        rectification_url,
        order=60,
        look=_("Open the finding"),
        pass_on=following.pass_on,
        gathered=True,
    ),
    Kind(
        daily.POWERS_DUTY,
        _("Review of the list of powers"),
        _("Powers"),
        _("Review the list"),
        powers_url,
        order=65,
        look=_("Look at the powers"),
        gathered=True,
    ),
    Kind(
        joint.DUTY,
        _("Joint duty"),
        _("Joint duties"),
        _("Confirm our part"),
        joint_url,
        order=68,
        look=_("Look at the group"),
        gathered=True,
    ),
)


def register_all() -> None:
    """Called once, in `AppConfig.ready()`."""
    for kind in DUTIES:
        register_duty(kind)
    register_notices(*NOTICES)
    actions.register(ACTIONS)
    register_places(Item("prevention", _("Systems"), "systems:coverage", "shield-check", reads, 10, _waiting))
    change_begins.connect(following.lock, dispatch_uid="systems.change_begins")
    change_made.connect(following.follow, dispatch_uid="systems.change_made")
    documents.register_purpose(documents.Purpose(register.DOCUMENTS, SystemVersion, _reads_version, _writes_version))
    documents.register_purpose(documents.Purpose(findings.FILES, Finding, _reads_finding, may_attach))
    sections.register(unit_file.SECTION)
    registration_programme.register_all()
    history.name_kinds(
        {SystemVersion._meta.label_lower: _("Version of a system"), Finding._meta.label_lower: _("Finding")}
    )


def _waiting(user: User) -> int:
    """What waits for the reader: rectifications to verify; for a unit, findings to put right."""
    if policies.inspects(user):
        return Rectification.objects.visible_to(user).to_verify().count()
    return Rectification.objects.visible_to(user).filter(state__in=OWED).count()


def _reads_version(user: User, version: SystemVersion) -> bool:
    return SystemVersion.objects.visible_to(user).filter(pk=version.pk).exists()


def _writes_version(user: User, version: Any) -> bool:
    return version.is_writable and policies.may_write(user, version.system.unit)


def _reads_finding(user: User, finding: Finding) -> bool:
    return Finding.objects.visible_to(user).filter(pk=finding.pk).exists()
