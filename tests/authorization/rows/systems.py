"""Who reaches catalogue, coverage, register, powers, joint supervision, inspections, findings."""

from collections.abc import Callable
from datetime import date
from typing import Any

from portal.web.models import ImportRun
from portal.workdays import clock
from systems.models import Finding, Inspection, JointGroup, JointShare, Power, PowerReview, UnitSystem
from systems.services import daily
from tests.authorization.table import COORDINATOR, NOBODY, SEES_B, SEES_CONTENT, Case, Row, nothing
from tests.systems import things

WRITERS, LEADER = {"leader", "liaison"}, {"leader"}
TOWN_COORDINATOR = {"town_coordinator"}
IMPORTS = {"coordinator", "head", "leader", "liaison", "other_leader"}
# Of those elsewhere, who leads a unit there too.
IMPORT_ELSEWHERE = {"town_coordinator", "town_head", "village_leader"}
SHARED_CONTENT = {"head", "auditor", "coordinator", "security_admin"}


def _system(case: Case) -> UnitSystem:
    return UnitSystem.objects.filter(unit__code="B").first() or things.in_force(case.world)


def in_force(case: Case) -> dict[str, Any]:
    """A system in force."""
    return {"pk": _system(case).pk}


def coming(case: Case) -> dict[str, Any]:
    """One in draft."""
    known = UnitSystem.objects.filter(unit__code="B", category__code="logistics").first()
    return {"pk": (known or things.draft(case.world, "logistics")).pk}


def unit(case: Case) -> dict[str, Any]:
    return {"code": "B"}


def adopted(case: Case) -> dict[str, Any]:
    return {"code": "B", "category": "decision_making"}


def known_category(case: Case) -> dict[str, Any]:
    return {"code": "gov_procurement"}


def _power(case: Case) -> Power:
    return Power.objects.first() or things.supervised(case.world)


def power(case: Case) -> dict[str, Any]:
    return {"pk": _power(case).pk}


def measure(case: Case) -> dict[str, Any]:
    made = _power(case)
    return {"pk": made.pk, "measure": made.measures.get().pk}


def power_review(case: Case) -> dict[str, Any]:
    _power(case)
    if not PowerReview.objects.exists():
        with clock.frozen(date(2026, 10, 8)):
            daily.open_power_reviews()
    return {"pk": PowerReview.objects.get(unit__code="B").pk}


def _group(case: Case) -> JointGroup:
    return JointGroup.objects.first() or things.bureau_group(case.world)


def group(case: Case) -> dict[str, Any]:
    return {"pk": _group(case).pk}


def share(case: Case) -> dict[str, Any]:
    if not JointShare.objects.exists():
        things.joint_duty(case.world, _group(case))
    return {"pk": JointShare.objects.get(unit__code="B").pk}


def inspection(make: Callable[[Any], Inspection], *, item: bool = False) -> Any:
    """The inspection of the bureau; one is enough for every page."""

    def kwargs(case: Case) -> dict[str, Any]:
        made = Inspection.objects.first() or make(case.world)
        address: dict[str, Any] = {"year": made.year, "serial": made.serial}
        return address | ({"position": 1} if item else {})

    return kwargs


def finding(case: Case) -> dict[str, Any]:
    made = Finding.objects.filter(unit__code="B").first() or things.finding(case.world)
    return {"year": made.year, "serial": made.serial}


def run(kind: str) -> Any:
    """An uploaded file of the coordinator's."""

    def kwargs(case: Case) -> dict[str, Any]:
        known = ImportRun.objects.filter(kind=kind).first()
        if known is None:
            known = ImportRun.objects.get(pk=case.run.pk)
            known.pk, known.kind = None, kind
            known.save()
        return {"pk": known.pk}

    return kwargs


under_way = inspection(things.under_way)
item = inspection(things.under_way, item=True)

ROWS: dict[str, Row] = {
    "systems:coverage": Row(nothing, SEES_CONTENT),
    "systems:blanks": Row(nothing, SEES_CONTENT),
    "systems:register": Row(nothing, SEES_CONTENT),
    "systems:search": Row(nothing, SEES_CONTENT),
    "systems:catalogue": Row(nothing, SEES_CONTENT),
    "systems:add-category": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "systems:category": Row(known_category, SEES_CONTENT),
    "systems:new-requirement": Row(known_category, COORDINATOR, elsewhere=NOBODY),
    "systems:repeal-category": Row(known_category, COORDINATOR, elsewhere=NOBODY),
    "systems:unit": Row(unit, SEES_B, others=404),
    "systems:adopt": Row(adopted, WRITERS, others=404),
    "systems:draft-own": Row(unit, WRITERS, others=404),
    "systems:unit-powers": Row(unit, SEES_B, others=404),
    "systems:enter-power": Row(unit, WRITERS, others=404),
    "systems:plan-inspection": Row(unit, COORDINATOR, others=404),
    "systems:record-finding": Row(unit, COORDINATOR, others=404),
    "systems:system": Row(in_force, SEES_B, others=404),
    "systems:compare": Row(in_force, SEES_B, others=404),
    "systems:write": Row(coming, WRITERS, others=404),
    "systems:attach": Row(coming, WRITERS, others=404),
    "systems:describe": Row(coming, WRITERS, others=404),
    "systems:consult": Row(coming, WRITERS, others=404),
    "systems:issue": Row(coming, LEADER, others=404),
    "systems:revise": Row(in_force, WRITERS, others=404),
    "systems:discard": Row(coming, WRITERS, others=404),
    "systems:repeal": Row(in_force, LEADER, others=404),
    "systems:review": Row(in_force, LEADER, others=404),
    "systems:powers": Row(nothing, SEES_CONTENT),
    "systems:review-powers": Row(power_review, LEADER, others=404),
    "systems:power": Row(power, SEES_B, others=404),
    "systems:change-power": Row(power, WRITERS, others=404),
    "systems:give-up-power": Row(power, WRITERS, others=404),
    "systems:supervise": Row(power, WRITERS, others=404),
    "systems:end-measure": Row(measure, WRITERS, others=404),
    "systems:joints": Row(nothing, SEES_CONTENT),
    "systems:bind": Row(nothing, COORDINATOR, elsewhere=TOWN_COORDINATOR),
    "systems:joint": Row(group, SEES_B, others=404),
    "systems:end-joint": Row(group, COORDINATOR, others=404),
    "systems:joint-duty": Row(group, COORDINATOR, others=404),
    "systems:confirm-share": Row(share, LEADER, others=404),
    "systems:inspections": Row(nothing, SEES_CONTENT),
    "systems:plan-round": Row(nothing, COORDINATOR, elsewhere=TOWN_COORDINATOR),
    "systems:inspection": Row(under_way, SEES_B, others=404),
    "systems:begin-inspection": Row(under_way, COORDINATOR, others=404),
    "systems:complete-inspection": Row(under_way, COORDINATOR, others=404),
    "systems:cancel-inspection": Row(under_way, COORDINATOR, others=404),
    "systems:inspection-item": Row(item, COORDINATOR, others=404),
    "systems:inspection-finding": Row(item, COORDINATOR, others=404),
    "systems:findings": Row(nothing, SEES_CONTENT),
    "systems:finding": Row(finding, SEES_B, others=404),
    "systems:name-measure": Row(finding, WRITERS, others=404),
    "systems:submit-rectification": Row(finding, WRITERS, others=404),
    "systems:verify-rectification": Row(finding, COORDINATOR, others=404),
    "systems:return-rectification": Row(finding, COORDINATOR, others=404),
    "systems:except-rectification": Row(finding, {"coordinator", "head"}, others=404),
    "systems:attach-to-finding": Row(finding, {"coordinator", *WRITERS}, others=404),
    "systems:import-register": Row(nothing, IMPORTS, elsewhere=IMPORT_ELSEWHERE),
    "systems:import-register-template": Row(nothing, {*SEES_CONTENT, "system_admin"}),
    "systems:import-register-check": Row(run("register"), COORDINATOR, others=404, elsewhere=NOBODY),
    "systems:import-powers": Row(nothing, IMPORTS, elsewhere=IMPORT_ELSEWHERE),
    "systems:import-powers-template": Row(nothing, {*SEES_CONTENT, "system_admin"}),
    "systems:import-powers-check": Row(run("powers"), COORDINATOR, others=404, elsewhere=NOBODY),
    "systems:import-findings": Row(nothing, COORDINATOR, elsewhere=TOWN_COORDINATOR),
    "systems:import-findings-template": Row(nothing, {*SEES_CONTENT, "system_admin"}),
    "systems:import-findings-check": Row(run("findings"), COORDINATOR, others=404, elsewhere=NOBODY),
}
