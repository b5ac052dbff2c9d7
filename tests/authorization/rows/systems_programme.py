"""Who reaches the Regulations, projects, investigations, measures, reports and proposals."""

from datetime import date
from typing import Any

from systems.models.experience import PreventiveMeasure, Proposal
from systems.models.investigations import (
    Investigation,
)
from systems.models.projects import Project
from systems.models.regulations import Regulations
from systems.models.research import ResearchReport
from systems.services import regulations as verbs
from tests.authorization.table import COORDINATOR, NOBODY, SEES_B, SEES_CONTENT, Case, Row, nothing
from tests.systems import experience, projects, regulations


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


def investigation(state: str = "open", **more: Any) -> Any:
    """An investigation that asks the bureau, being answered or a draft."""

    def kwargs(case: Case) -> dict[str, Any]:
        make = experience.opened if state == "open" else experience.draft
        made = Investigation.objects.filter(state=state).first() or make(case.world)
        question = {"pk": made.questions.all()[0].pk} if "pk" in more else {}
        return {"year": made.year, "serial": made.serial} | more | question

    return kwargs


def report(case: Case) -> dict[str, Any]:
    """A research report that is a draft."""
    made = ResearchReport.objects.first() or experience.report(case.world)
    return {"year": made.year, "serial": made.serial}


def measure(case: Case) -> dict[str, Any]:
    """A measure of the library."""
    return {"pk": (PreventiveMeasure.objects.first() or experience.measure(case.world)).pk}


def proposal(case: Case) -> dict[str, Any]:
    """A proposal of the bureau's leader that waits to be decided."""
    made = Proposal.objects.first() or experience.proposal(case.world)
    return {"year": made.year, "serial": made.serial}


PROPOSERS = {"coordinator", "head", "leader", "liaison", "other_leader"}

ROWS: dict[str, Row] = {
    "systems:measures": Row(nothing, SEES_CONTENT),
    "systems:add-measure": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "systems:measure": Row(measure, SEES_CONTENT),
    "systems:change-measure": Row(measure, COORDINATOR, others=404),
    "systems:try-measure": Row(measure, COORDINATOR, others=404),
    "systems:judge-measure": Row(measure, COORDINATOR, others=404),
    "systems:investigations": Row(nothing, SEES_CONTENT),
    "systems:draft-investigation": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "systems:investigation": Row(investigation(), SEES_B | {"other_leader"}, others=404, elsewhere={"other_staff"}),
    "systems:investigation-answers": Row(
        investigation(), SEES_B | {"other_leader"}, others=404, elsewhere={"other_staff"}
    ),
    "systems:change-investigation": Row(investigation("draft"), COORDINATOR, others=404),
    "systems:add-question": Row(investigation("draft"), COORDINATOR, others=404),
    "systems:edit-question": Row(investigation("draft", pk=0), COORDINATOR, others=404),
    "systems:remove-question": Row(investigation("draft", pk=0), COORDINATOR, others=404),
    "systems:address-units": Row(investigation("draft"), COORDINATOR, others=404),
    "systems:open-investigation": Row(investigation("draft"), COORDINATOR, others=404),
    "systems:close-investigation": Row(investigation(), COORDINATOR, others=404),
    "systems:questionnaire": Row(investigation(code="B"), SEES_B, others=404),
    "systems:answer-questionnaire": Row(investigation(code="B"), {"leader", "liaison"}, others=404),
    "systems:write-research": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "systems:research-report": Row(report, COORDINATOR, others=404),
    "systems:change-research": Row(report, COORDINATOR, others=404),
    "systems:publish-research": Row(report, COORDINATOR, others=404),
    "systems:proposals": Row(nothing, SEES_CONTENT),
    "systems:propose": Row(nothing, PROPOSERS, elsewhere={"town_head", "village_leader"}),
    "systems:proposal": Row(proposal, SEES_B, others=404),
    "systems:adopt-proposal": Row(proposal, {"head"}, others=404),
    "systems:decline-proposal": Row(proposal, {"head"}, others=404),
    "systems:withdraw-proposal": Row(proposal, {"leader"}, others=404),
    "systems:record-proposal-result": Row(proposal, COORDINATOR, others=404),
    "systems:proposal-into-catalogue": Row(proposal, COORDINATOR, others=404),
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
