"""A project from its start to its end."""

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.workdays import clock
from systems.errors_programme import (
    ChecksOutstanding,
    MilestonePast,
    NobodyInvolved,
    NoMilestones,
    OutcomeMissing,
    ProjectClosed,
    ProjectNotRunning,
)
from systems.models.projects import CheckState, MilestoneCheck, Project, ProjectState
from systems.services.projects.planning import ask, end_checks, kept, planned, units_of


@transaction.atomic
def start(by: User, project_id: int, *, expected_version: int) -> Project:
    """Start a project: every unit that takes part owes a report at every milestone.

    Raises NobodyInvolved, NoMilestones, MilestonePast, ProjectNotPlanned, NotAllowed, Conflict.
    """
    project = planned(by, project_id)
    units, milestones = units_of(project), list(project.milestones.all())
    if not units:
        raise NobodyInvolved
    if not milestones:
        raise NoMilestones
    for milestone in milestones:
        if milestone.due_on < clock.today():
            raise MilestonePast(name=milestone.name)
    project.move_to(ProjectState.RUNNING, expected_version=expected_version, began_on=clock.today())
    ask(project, milestones, units)
    data = {"units": len(units), "milestones": len(milestones)}
    audit.record(by, "project.started", project, path=str(project.unit.path), data=data)
    return project


@transaction.atomic
def complete(by: User, project_id: int, *, expected_version: int, outcome: str) -> Project:
    """Close a project of which every check was passed, with what came of it.

    Raises ChecksOutstanding, OutcomeMissing, ProjectNotRunning, NotAllowed, Conflict.
    """
    project = kept(by, project_id)
    if project.state != ProjectState.RUNNING:
        raise ProjectNotRunning
    if not outcome.strip():
        raise OutcomeMissing
    over = (CheckState.PASSED, CheckState.ENDED)
    left = MilestoneCheck.objects.filter(milestone__project=project).exclude(state__in=over).count()
    if left:
        raise ChecksOutstanding(count=left)
    return _close(by, project, ProjectState.COMPLETED, expected_version, outcome)


@transaction.atomic
def stop(by: User, project_id: int, *, expected_version: int, reason: str) -> Project:
    """Stop a project before its end: nobody owes anything for it any more.

    Raises OutcomeMissing where no reason is given, ProjectClosed, NotAllowed, Conflict.
    """
    project = kept(by, project_id)
    if project.state not in (ProjectState.PLANNED, ProjectState.RUNNING):
        raise ProjectClosed
    if not reason.strip():
        raise OutcomeMissing
    end_checks(by, MilestoneCheck.objects.filter(milestone__project=project), reason)
    return _close(by, project, ProjectState.STOPPED, expected_version, reason)


def _close(by: User, project: Project, state: ProjectState, version: int, outcome: str) -> Project:
    project.move_to(state, expected_version=version, closed_on=clock.today(), outcome=outcome.strip())
    audit.record(by, f"project.{state}", project, path=str(project.unit.path), data={"outcome": outcome})
    return project
