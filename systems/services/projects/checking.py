"""What a unit reports at a milestone, and the check of it by somebody else."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.documents import services as documents
from portal.obligations import services as obligations
from portal.obligations.policies import require
from portal.web.i18n import both
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import policies_programme as policies
from systems.errors_programme import NotToCheck, NotToReport, OwnCheck, ProjectNotRunning, WordsMissing
from systems.models.projects import ASKED, CheckState, CheckWord, MilestoneCheck, ProjectState
from systems.services import telling
from systems.services.projects.planning import DUTY

FILES = "project"
# Working days in which a unit reports again.
CORRECTION_DAYS = 10


@transaction.atomic
def report(
    by: User, check_id: int, *, expected_version: int, text: str, file: "UploadedFile[Any] | None" = None
) -> MilestoneCheck:
    """Say what the unit has done by a milestone, with what proves it; its duty is discharged.

    Raises WordsMissing, NotToReport, ProjectNotRunning, NotAllowed, Conflict, and what `documents.attach` raises.
    """
    check = _locked(by, check_id)
    require(policies.may_report(by, check))
    if check.state not in ASKED:
        raise NotToReport
    if not text.strip():
        raise WordsMissing
    if file is not None:
        documents.attach(by, FILES, check, file)
    check.move_to(CheckState.REPORTED, expected_version=expected_version, reported_by=by, reported_at=clock.now())
    _say(by, check, text)
    obligations.discharge(check.obligation_id)
    if check.correction_id is not None:
        obligations.discharge(check.correction_id)
    words = {"unit_name": both(check.unit), "milestone": _names(check)}
    telling.people("milestone_reported", telling.site_coordinators(), check, unit=check.unit, **words)
    return check


@transaction.atomic
def check(by: User, check_id: int, *, expected_version: int, kept: bool, text: str) -> MilestoneCheck:
    """Record what the check of a milestone found: kept, or to be reported again within ten working days.

    Raises OwnCheck, WordsMissing where it was not kept and nothing is said, NotToCheck, NotAllowed, Conflict.
    """
    found = _locked(by, check_id)
    if found.reported_by_id == by.pk or policies.is_of_unit(by, found.unit):
        raise OwnCheck
    require(policies.may_check(by, found))
    if found.state != CheckState.REPORTED:
        raise NotToCheck
    if not kept and not text.strip():
        raise WordsMissing
    fields: dict[str, Any] = {"checked_by": by, "checked_at": clock.now()}
    if not kept:
        fields["correction"] = _ask_again(found)
    found.move_to(CheckState.PASSED if kept else CheckState.RETURNED, expected_version=expected_version, **fields)
    _say(by, found, text)
    if not kept:
        telling.units("milestone_returned", [(found.unit, found)], milestone=_names(found), reason=text.strip())
    return found


def _locked(by: User, check_id: int) -> MilestoneCheck:
    """The check, locked, of a project under way, if `by` may see it. Raises DoesNotExist, ProjectNotRunning."""
    MilestoneCheck.objects.visible_to(by).get(pk=check_id)
    found = MilestoneCheck.objects.select_related("milestone__project__unit", "unit").locked(check_id)
    if found.milestone.project.state != ProjectState.RUNNING:
        raise ProjectNotRunning
    return found


def _ask_again(found: MilestoneCheck) -> Any:
    today = clock.today()
    names = _names(found)
    return obligations.open_duty(
        DUTY,
        found.unit_id,
        load_calendar().add(today, CORRECTION_DAYS),
        label_en=f"Milestone again: {names['en']}"[:200],
        label_zh=f"项目节点补正：{names['zh-hans']}"[:200],
        year=today.year,
        anchor_on=today,
        anchor_days=CORRECTION_DAYS,
    )


def _names(found: MilestoneCheck) -> dict[str, str]:
    milestone = found.milestone
    return {"en": milestone.name_en or milestone.name_zh, "zh-hans": milestone.name_zh}


def _say(by: User, found: MilestoneCheck, text: str) -> None:
    CheckWord.objects.create(check_of=found, state=found.state, author=by, made_at=clock.now(), text=text.strip())
    audit.record(by, f"milestone.{found.state}", found, path=str(found.unit.path))
