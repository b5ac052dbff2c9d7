"""Investigations, measures and proposals of the small world."""

from datetime import date
from decimal import Decimal
from typing import Any

from portal.workdays import clock
from systems.investigation_rules import Given
from systems.models.experience import PreventiveMeasure, Proposal, ProposalKind
from systems.models.investigations import (
    Investigation,
    QuestionKind,
    Questionnaire,
)
from systems.models.research import ResearchReport
from systems.services import experience, investigations, proposals
from systems.services.experience import MeasureText
from systems.services.investigations import InvestigationPlan, QuestionText
from systems.services.proposals import ProposalText
from tests.world import World

DUE = date(2026, 4, 10)
OPTIONS = (("从不", "never"), ("每年", "yearly"), ("每季度", "quarterly"))
ALL = {1: Given((0,)), 2: Given((1,)), 3: Given((0, 2)), 4: Given((), Decimal(3)), 5: Given((), None, "more training")}


def draft(world: World, codes: str = "BO") -> Investigation:
    """A draft with a question of each kind, the last of which may be left out."""
    by = world.user("coordinator")
    made = investigations.draft(by, InvestigationPlan("岗位风险调查", "where risks are", DUE, "Risks of posts"))
    for kind in QuestionKind:
        text = QuestionText(kind, f"问题{kind}", f"Question {kind}", OPTIONS, is_required=kind != QuestionKind.TEXT)
        investigations.add_question(by, made.pk, text)
    investigations.address(by, made.pk, [world.unit(code) for code in codes])
    return made


def opened(world: World, codes: str = "BO") -> Investigation:
    """The same, being answered."""
    made = draft(world, codes)
    return investigations.open_(world.user("coordinator"), made.pk, expected_version=made.version)


def asked(made: Investigation, code: str = "B") -> Questionnaire:
    """The questionnaire of a unit."""
    return made.questionnaires.get(unit__code=code)


def hand_in(world: World, one: Questionnaire, who: str = "leader", given: Any = ALL) -> Questionnaire:
    """Hand it in as somebody of the unit."""
    return investigations.hand_in(world.user(who), one.pk, given, expected_version=one.version)


def report(world: World) -> ResearchReport:
    """A draft of a research report."""
    return investigations.write_report(world.user("coordinator"), title_zh="研究报告", summary="short", text="long")


def measure(world: World, **values: Any) -> PreventiveMeasure:
    """A measure of the library."""
    known = {"name_zh": "双人验收", "text": "Two people accept.", "name_en": "Two accept"}
    return experience.add(world.user("coordinator"), MeasureText(**known | values))


def proposal(world: World, who: str = "leader", code: str = "B", **values: Any) -> Proposal:
    """A proposal of a unit."""
    known = {"kind": ProposalKind.SYSTEM, "title_zh": "公车制度", "text": "x", "reason": "y", "title_en": "Cars"}
    return proposals.propose(world.user(who), world.unit(code), ProposalText(**known | values))


def adopt(world: World, one: Proposal, who: str = "head") -> Proposal:
    """Adopt it as the head of the leading group; the other bureau carries it out."""
    return proposals.adopt(
        world.user(who), one.pk, expected_version=one.version, text="good", unit=world.unit("O"), due_on=DUE
    )


def today() -> date:
    """The day of the test."""
    return clock.today()
