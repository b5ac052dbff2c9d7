"""The verbs of projects: plan, involve units, set milestones, start, report, check, complete, stop."""

from systems.services.projects.checking import check, report
from systems.services.projects.following import follow_closed
from systems.services.projects.planning import (
    MilestonePlan,
    ProjectPlan,
    add_milestone,
    change,
    involve,
    plan,
    release,
    remove_milestone,
)
from systems.services.projects.running import complete, start, stop

__all__ = [
    "MilestonePlan",
    "ProjectPlan",
    "add_milestone",
    "change",
    "check",
    "complete",
    "follow_closed",
    "involve",
    "plan",
    "release",
    "remove_milestone",
    "report",
    "start",
    "stop",
]
