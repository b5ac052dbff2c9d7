"""Who reaches the Regulations, projects, investigations, measures, reports and proposals."""

from datetime import date
from typing import Any

from systems.models.projects import Project
from systems.models.regulations import Regulations
from systems.services import regulations as verbs
from tests.authorization.table import COORDINATOR, NOBODY, SEES_B, SEES_CONTENT, Case, Row, nothing
from tests.systems import projects, regulations


def version(number: int) -> Any:
    """A version of the Regulations; the third is a draft."""

    def kwargs(case: Case) -> dict[str, Any]:
        if not Regulations.objects.exists():
            regulations.issued(case.world, since=date(2026, 1, 1))
            regulations.issued(case.world, since=date(2026, 2, 1))
            verbs.draft(case.world.user("coordinator"), **regulations.HEAD)
        return {"number": number}

    return kwargs


def article(number: int) -> Any:
    """The first article of a version."""
    return lambda case: version(number)(case) | {"article": 1}


def project(**more: Any) -> Any:
    """A project under way in which the bureau takes part, or one that is planned."""

    def kwargs(case: Case) -> dict[str, Any]:
        made = Project.objects.filter(state="running").first() or projects.running(case.world)
        if "pk" in more:
            return {"year": made.year, "serial": made.serial, "pk": projects.check_of(made).pk}
        return {"year": made.year, "serial": made.serial, **more}

    return kwargs


def planned_milestone(case: Case) -> dict[str, Any]:
    """A milestone that can still be removed."""
    made = Project.objects.filter(state="planned").first() or projects.ready(case.world)
    return {"year": made.year, "serial": made.serial, "pk": made.milestones.all()[0].pk}


ROWS: dict[str, Row] = {
    "systems:projects": Row(nothing, SEES_CONTENT),
    "systems:plan-project": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "systems:project": Row(project(), SEES_B | {"other_leader"}, others=404, elsewhere={"other_staff"}),
    "systems:change-project": Row(project(), COORDINATOR, others=404),
    "systems:add-milestone": Row(project(), COORDINATOR, others=404),
    "systems:remove-milestone": Row(planned_milestone, COORDINATOR, others=404),
    "systems:involve-units": Row(project(), COORDINATOR, others=404),
    "systems:release-unit": Row(project(code="B"), COORDINATOR, others=404),
    "systems:start-project": Row(project(), COORDINATOR, others=404),
    "systems:complete-project": Row(project(), COORDINATOR, others=404),
    "systems:stop-project": Row(project(), COORDINATOR, others=404),
    "systems:project-check": Row(project(pk=0), SEES_B, others=404),
    "systems:report-milestone": Row(project(pk=0), {"leader", "liaison"}, others=404),
    "systems:check-milestone": Row(project(pk=0), {"coordinator", "head"}, others=404),
    "systems:regulations": Row(nothing, SEES_CONTENT),
    "systems:regulations-version": Row(version(1), SEES_CONTENT),
    "systems:compare-regulations": Row(version(2), SEES_CONTENT),
    "systems:article": Row(article(1), SEES_CONTENT),
    "systems:draft-regulations": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "systems:edit-regulations": Row(version(3), COORDINATOR, elsewhere=NOBODY),
    "systems:add-article": Row(version(3), COORDINATOR, elsewhere=NOBODY),
    "systems:issue-regulations": Row(version(3), COORDINATOR, elsewhere=NOBODY),
    "systems:discard-regulations": Row(version(3), COORDINATOR, elsewhere=NOBODY),
    "systems:edit-article": Row(article(3), COORDINATOR, elsewhere=NOBODY),
    "systems:remove-article": Row(article(3), COORDINATOR, elsewhere=NOBODY),
    "systems:tie-article": Row(article(1), COORDINATOR, elsewhere=NOBODY),
}
