"""Planning a project: what it is about, which units take part, what is checked when."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db import models, transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import services as obligations
from portal.obligations.choices import State
from portal.obligations.policies import require
from portal.organisation.models import Unit
from portal.web.dates import full_day
from portal.workdays import clock
from systems.errors_programme import (
    MilestoneOutside,
    MilestonePast,
    NoUnits,
    ProjectClosed,
    ProjectDaysReversed,
    ProjectNotPlanned,
)
from systems.models import RequiredSystem
from systems.models.projects import (
    ASKED,
    CheckState,
    Method,
    Milestone,
    MilestoneCheck,
    Project,
    ProjectState,
    ProjectUnit,
)
from systems.policies_programme import may_keep_projects
from systems.services import telling
from systems.services.numbering import next_serial

DUTY = "project_check"


class ProjectPlan(NamedTuple):
    """What a project is about."""

    method: Method
    name_zh: str
    subject: str
    aim: str
    unit: Unit
    starts_on: date
    ends_on: date
    name_en: str = ""
    category: RequiredSystem | None = None


class MilestonePlan(NamedTuple):
    """What is to be done by when."""

    name_zh: str
    due_on: date
    name_en: str = ""
    looked_at: str = ""


@transaction.atomic
def plan(by: User, values: ProjectPlan) -> Project:
    """Plan a project; its leading unit takes no part unless it is named. Raises ProjectDaysReversed, NotAllowed."""
    require(may_keep_projects(by))
    if values.ends_on < values.starts_on:
        raise ProjectDaysReversed
    year = values.starts_on.year
    made = Project.objects.create(
        year=year, serial=next_serial(Project, year), made_by=by, made_at=clock.now(), **values._asdict()
    )
    audit.record(by, "project.planned", made, path=str(values.unit.path))
    return made


@transaction.atomic
def change(by: User, project_id: int, values: ProjectPlan, *, expected_version: int) -> Project:
    """Change what is planned. Raises ProjectNotPlanned, ProjectDaysReversed, MilestoneOutside, NotAllowed, Conflict."""
    project = planned(by, project_id)
    if values.ends_on < values.starts_on:
        raise ProjectDaysReversed
    project.save_fields(expected_version=expected_version, **values._asdict())
    for milestone in project.milestones.all():
        _require_inside(project, milestone.due_on)
    audit.record(by, "project.changed", project, path=str(project.unit.path))
    return project


def kept(by: User, project_id: int) -> Project:
    """The project, locked, for who keeps projects. Raises NotAllowed; must be called inside a transaction."""
    require(may_keep_projects(by))
    return Project.objects.locked(project_id)


def planned(by: User, project_id: int) -> Project:
    """The same, while it is planned. Raises ProjectNotPlanned, NotAllowed."""
    project = kept(by, project_id)
    if project.state != ProjectState.PLANNED:
        raise ProjectNotPlanned
    return project


def _open(by: User, project_id: int) -> Project:
    project = kept(by, project_id)
    if project.state not in (ProjectState.PLANNED, ProjectState.RUNNING):
        raise ProjectClosed
    return project


# --- Milestones -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_milestone(by: User, project_id: int, values: MilestonePlan) -> Milestone:
    """Set a milestone; of a project under way, every unit that takes part owes it at once.

    Raises MilestonePast, MilestoneOutside, ProjectClosed, NotAllowed.
    """
    project = _open(by, project_id)
    if values.due_on < clock.today():
        raise MilestonePast(name=values.name_zh)
    _require_inside(project, values.due_on)
    made = Milestone.objects.create(project=project, **values._asdict())
    audit.record(by, "project.milestone_set", made, path=str(project.unit.path), data={"due_on": values.due_on})
    if project.state == ProjectState.RUNNING:
        ask(project, [made], units_of(project))
    return made


def _require_inside(project: Project, day: date) -> None:
    if not project.starts_on <= day <= project.ends_on:
        raise MilestoneOutside(first=full_day(project.starts_on), last=full_day(project.ends_on))


@transaction.atomic
def remove_milestone(by: User, project_id: int, milestone_id: int) -> Project:
    """Take a milestone out of a project that is planned. Raises ProjectNotPlanned, NotAllowed."""
    project = planned(by, project_id)
    milestone = project.milestones.get(pk=milestone_id)
    audit.record(by, "project.milestone_removed", milestone, path=str(project.unit.path))
    milestone.delete()
    return project


# --- Units ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def involve(by: User, project_id: int, units: Collection[Unit]) -> int:
    """Let units take part; returns how many are new. Of a project under way they owe the milestones to come.

    Raises NoUnits, ProjectClosed, NotAllowed. Units that are no more are left out.
    """
    project = _open(by, project_id)
    there = set(project.involved.values_list("unit_id", flat=True))
    new = [unit for unit in units if unit.dissolved_on is None and unit.pk not in there]
    if not new and not there:
        raise NoUnits
    ProjectUnit.objects.bulk_create(ProjectUnit(project=project, unit=unit) for unit in new)
    audit.record(by, "project.units_involved", project, path=str(project.unit.path), data={"units": len(new)})
    if project.state == ProjectState.RUNNING and new:
        ask(project, project.milestones.filter(due_on__gte=clock.today()), new)
    return len(new)


@transaction.atomic
def release(by: User, project_id: int, unit: Unit, *, reason: str) -> Project:
    """Let a unit take part no more; what it still owes ends with the reason. Raises ProjectClosed, ReasonMissing, NotAllowed."""
    project = _open(by, project_id)
    part = project.involved.get(unit=unit)
    end_checks(by, MilestoneCheck.objects.filter(milestone__project=project, unit=unit), reason)
    part.delete()
    audit.record(by, "project.unit_released", project, path=str(unit.path), data={"reason": reason, "unit": unit.code})
    return project


def units_of(project: Project) -> list[Unit]:
    """The units that take part and still are."""
    involved = project.involved.filter(unit__dissolved_on__isnull=True).select_related("unit")
    return [part.unit for part in involved]


def ask(project: Project, milestones: Iterable[Milestone], units: Collection[Unit]) -> None:
    """Open a duty for each unit at each milestone, and tell the units. The project must be locked."""
    pairs = [(milestone, unit) for milestone in milestones for unit in units]
    duties = obligations.open_many(DUTY, [_draft(milestone, unit) for milestone, unit in pairs])
    made = MilestoneCheck.objects.bulk_create(
        MilestoneCheck(milestone=milestone, unit=unit, obligation=duty)
        for (milestone, unit), duty in zip(pairs, duties, strict=True)
    )
    first = {check.unit_id: check for check in reversed(made)}
    names = {"en": project.name_en or project.name_zh, "zh-hans": project.name_zh}
    telling.units("project_asks", [(unit, first[unit.pk]) for unit in units if unit.pk in first], project=names)


def _draft(milestone: Milestone, unit: Unit) -> obligations.DutyDraft:
    en, zh = f"Milestone: {milestone.name_en or milestone.name_zh}", f"项目节点：{milestone.name_zh}"
    return obligations.DutyDraft(unit.pk, milestone.due_on, en[:200], zh[:200], milestone.due_on.year)


def end_checks(by: User | None, checks: "models.QuerySet[MilestoneCheck]", reason: str) -> None:
    """Nothing more is asked in these checks: their open duties end with the reason, and the checks follow them."""
    for check in checks.select_related("obligation", "correction"):
        for duty in (check.obligation, check.correction):
            if duty is not None and duty.state == State.OPEN:
                obligations.cancel(duty.pk, reason=reason, by=by)
    checks.filter(state=CheckState.REPORTED).update(state=CheckState.ENDED, version=models.F("version") + 1)
    checks.filter(state__in=ASKED).update(state=CheckState.ENDED, version=models.F("version") + 1)
