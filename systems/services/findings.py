"""Recording what is wrong: each finding opens its rectification, a duty of the unit."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.documents import services as documents
from portal.obligations import services as obligations
from portal.obligations.policies import require
from portal.organisation.models import Unit
from portal.web.i18n import both
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import policies
from systems.errors import NotUnderWay
from systems.models import (
    Finding,
    Gravity,
    Inspection,
    InspectionItem,
    InspectionState,
    JointGroup,
    Power,
    Rectification,
    RequiredSystem,
)
from systems.register_rules import add_months
from systems.services.guards import require_reason, require_unit
from systems.services.numbering import next_serial
from systems.services.people import of_unit, tell

DUTY = "rectification"
FILES = "finding"
# Working days to put it right. An early sign is answered soon: it is small and must not grow.
DAYS = {Gravity.EARLY_SIGN: 15, Gravity.MINOR: 20, Gravity.ORDINARY: 30, Gravity.SERIOUS: 20}
# A finding on the same system within so many months comes back.
RECURS_MONTHS = 24


@transaction.atomic
def record(
    by: User,
    unit: Unit,
    *,
    gravity: Gravity,
    text: str,
    category: RequiredSystem | None = None,
    power: Power | None = None,
    inspection: Inspection | None = None,
    item: InspectionItem | None = None,
) -> Finding:
    """Record a finding, in an inspection that is under way or outside of one, and open its rectification.

    Units that answer jointly under the same system are told. Raises ReasonMissing where nothing is said, NotUnderWay, UnitEnded,
    NotAllowed.
    """
    require(policies.may_inspect(by, unit))
    require_unit(unit)
    if inspection is not None and Inspection.objects.locked(inspection.pk).state != InspectionState.UNDER_WAY:
        raise NotUnderWay
    today = clock.today()
    finding = Finding.objects.create(
        year=today.year,
        serial=next_serial(Finding, today.year),
        unit=unit,
        inspection=inspection,
        item=item,
        category=category,
        power=power,
        joint_group=_joint(unit, category),
        gravity=gravity,
        text=require_reason(text),
        recurs=earlier(unit, category, power),
        found_on=today,
        found_by=by,
    )
    _open(finding)
    audit.record(by, "finding.recorded", finding, path=str(unit.path), data={"gravity": str(gravity)})
    _tell(finding)
    return finding


def _tell(finding: Finding) -> None:
    """The unit, and those who answer for it jointly."""
    unit, group = finding.unit, finding.joint_group
    tell("finding_recorded", of_unit(unit), finding, unit)
    for member in group.members.exclude(unit=unit).select_related("unit") if group is not None else ():
        tell("finding_shared", of_unit(member.unit), finding, unit)


def earlier(unit: Unit, category: RequiredSystem | None, power: Power | None) -> Finding | None:
    """The latest finding of the same kind in the unit; None where there was none in the last two years."""
    if category is None and power is None:
        return None
    since = add_months(clock.today(), -RECURS_MONTHS)
    known = Finding.objects.filter(unit=unit, found_on__gte=since)
    known = known.filter(category=category) if category is not None else known.filter(power=power)
    return known.order_by("-found_on", "-pk").first()


def _joint(unit: Unit, category: RequiredSystem | None) -> JointGroup | None:
    """The group in which the unit answers jointly under this system."""
    return JointGroup.objects.live().filter(members__unit=unit, category=category).first() if category else None


def _open(finding: Finding) -> Rectification:
    today, days = clock.today(), DAYS[Gravity(finding.gravity)]
    en, zh = label_of(finding)
    duty = obligations.open_duty(
        DUTY,
        finding.unit_id,
        load_calendar().add(today, days),
        label_en=en,
        label_zh=zh,
        year=today.year,
        anchor_on=today,
        anchor_days=days,
    )
    return Rectification.objects.create(finding=finding, obligation=duty)


def label_of(finding: Finding) -> tuple[str, str]:
    """What the duty is called in both languages. Of few words: duties under one label share a figure."""
    if finding.category is None:
        return "Rectification of a finding", "问题整改"
    names = both(finding.category)
    return f"Rectification: {names['en']}"[:200], f"问题整改：{names['zh-hans']}"[:200]


@transaction.atomic
def attach(by: User, finding: Finding, upload: "UploadedFile[Any]") -> Any:
    """Keep a picture or document with a finding; see `registration` for who may. Raises what `documents.attach` raises."""
    return documents.attach(by, FILES, finding, upload)
