"""Projects of the small world."""

from datetime import date
from typing import Any

from portal.workdays import clock
from systems.models.projects import Method, MilestoneCheck, Project
from systems.services import projects
from systems.services.projects import MilestonePlan, ProjectPlan
from tests.world import World

FIRST, SECOND, END = date(2026, 4, 10), date(2026, 9, 10), date(2026, 12, 31)


def plan(world: World, **values: Any) -> Project:
    """A project that the district leads."""
    known = {
        "method": Method.SPECIAL,
        "name_zh": "工程招投标专项预防",
        "name_en": "Bidding for works",
        "subject": "bidding",
        "aim": "no bid without competition",
        "unit": world.unit("D"),
        "starts_on": date(2026, 3, 1),
        "ends_on": END,
    }
    return projects.plan(world.user("coordinator"), ProjectPlan(**known | values))


def ready(world: World, codes: str = "BO", **values: Any) -> Project:
    """Planned, with two milestones and the units that take part."""
    made, by = plan(world, **values), world.user("coordinator")
    for name, day in (("首次检查", FIRST), ("复查", SECOND)):
        projects.add_milestone(by, made.pk, MilestonePlan(name, day, f"Milestone {day.month}", "the minutes"))
    projects.involve(by, made.pk, [world.unit(code) for code in codes])
    return made


def running(world: World, codes: str = "BO", **values: Any) -> Project:
    """Under way: the units owe their reports."""
    made = ready(world, codes, **values)
    return projects.start(world.user("coordinator"), made.pk, expected_version=made.version)


def check_of(project: Project, code: str = "B", due_on: date = FIRST) -> MilestoneCheck:
    """The check of a unit at the milestone of a day."""
    return MilestoneCheck.objects.get(milestone__project=project, milestone__due_on=due_on, unit__code=code)


def report(world: World, check: MilestoneCheck, who: str = "leader", text: str = "Done.") -> MilestoneCheck:
    """Report as somebody of the unit."""
    return projects.report(world.user(who), check.pk, expected_version=check.version, text=text)


def pass_(world: World, check: MilestoneCheck, *, kept: bool = True, text: str = "seen") -> MilestoneCheck:
    """Check as the coordinator."""
    return projects.check(world.user("coordinator"), check.pk, expected_version=check.version, kept=kept, text=text)


def today() -> date:
    """The day of the test."""
    return clock.today()
