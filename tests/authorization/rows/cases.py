"""Who reaches the pages of `cases`."""

from typing import Any

from cases.models import (
    Clue,
    CrimeCase,
    Exposure,
    Punishment,
    PunishmentUpload,
    Recommendation,
    ScreeningHit,
    ScreeningRule,
    StageLimit,
)
from cases.punishments import screening
from cases.services import clues, exposures, recommendations
from cases.services.clues.receiving import Told
from tests.authorization.table import COORDINATOR, ELSEWHERE, NOBODY, OPEN_TO_ALL, OVERSEE, Case, Row, nothing
from tests.cases.crimes import another_coordinator, exposed, filed
from tests.cases.files import begun, csv, imported, row

# Who reads the databases of cases; the security administrator and the units do not.
READS = OVERSEE


def upload(case: Case) -> dict[str, Any]:
    found = PunishmentUpload.objects.first() or begun(case.world, csv(row()))
    return {"pk": found.pk}


def checked(case: Case) -> dict[str, Any]:
    decision(case)
    run = Punishment.objects.get().run
    assert run is not None
    return {"pk": run.pk}


def decision(case: Case) -> dict[str, Any]:
    if not Punishment.objects.exists():
        imported(case.world, csv(row(案件名称="给付回扣案")))
    return {"pk": Punishment.objects.get().pk}


def hit(case: Case) -> dict[str, Any]:
    decision(case)
    screening.apply(ScreeningRule.objects.get(code="over-threshold"))
    return {"pk": ScreeningHit.objects.get().pk}


def rule(case: Case) -> dict[str, Any]:
    return {"code": "late-decision"}


def clue(case: Case) -> dict[str, Any]:
    found = Clue.objects.first() or clues.receive(
        case.world.user("coordinator"), office=case.world.unit("D"), source="report", told=Told("secret")
    )
    return {"pk": found.pk}


def own_clue(case: Case) -> dict[str, Any]:
    """One on which the coordinator is named."""
    clue(case)
    found, by = Clue.objects.get(), case.world.user("coordinator")
    if not found.officers.exists():
        clues.name_officers(by, found.pk, expected_version=0, users=[by], grade="a")
    return {"pk": found.pk}


def opened(case: Case) -> dict[str, Any]:
    return {"pk": clues.open_clue(case.world.user("coordinator"), own_clue(case)["pk"], purpose="test").pk}


def opened_file(case: Case) -> dict[str, Any]:
    return opened(case) | {"file": 0}


def crime_case(case: Case) -> dict[str, Any]:
    found = CrimeCase.objects.first() or filed(case.world)
    return {"pk": found.pk}


def milestone(case: Case) -> dict[str, Any]:
    return crime_case(case) | {"stage": "filed"}


def offence(case: Case) -> dict[str, Any]:
    return {"code": "CL385"}


def limit(case: Case) -> dict[str, Any]:
    return {"pk": StageLimit.objects.all()[0].pk}


CASE_VERBS = (
    *("edit-case", "add-charge", "add-suspect", "reach-stage", "extend-limit", "suspend-case", "resume-case"),
    *("check-quality", "conclude-case", "join-case", "split-case", "decide-major"),
)


def recommendation(case: Case) -> dict[str, Any]:
    """One that the bureau has been sent."""
    found = Recommendation.objects.first() or recommendations.draft(
        case.world.user("coordinator"), number="7", unit=case.world.unit("B"), facts="f", basis="b", measures="m"
    )
    if found.state == "draft":
        recommendations.sign(case.world.user("head"), found.pk, expected_version=found.version)
    return {"pk": found.pk}


# Both sides of a recommendation.
SIDES, OFFICE_VERBS = (
    READS | {"leader", "liaison"},
    (*("edit-recommendation", "judge-reply", "visit-recommendation", "serve-recommendation"),),
)


def loophole(case: Case) -> dict[str, Any]:
    return {"code": "gov_procurement"}


def exposure(case: Case) -> dict[str, Any]:
    found = Exposure.objects.first() or exposed(case.world, CrimeCase.objects.first())
    return {"pk": found.pk}


def published(case: Case) -> dict[str, Any]:
    pk = exposure(case)["pk"]
    if Exposure.objects.get(pk=pk).state == "draft":
        for who in ("head", "other_coordinator"):
            by = case.world.user("head") if who == "head" else another_coordinator(case.world)
            exposures.release(by, pk, expected_version=Exposure.objects.get(pk=pk).version)
    return {"pk": pk}


ROWS: dict[str, Row] = {
    "cases:home": Row(nothing, READS | {"leader", "liaison", "other_leader"}, ok=302),
    "cases:search": Row(nothing, READS),
    "cases:punishment": Row(decision, READS, others=404),
    "cases:import": Row(nothing, COORDINATOR),
    "cases:import-columns": Row(upload, COORDINATOR, others=404),
    "cases:import-check": Row(checked, COORDINATOR, others=404, ok=302),
    "cases:mend-rows": Row(checked, COORDINATOR, others=404, ok=302),
    "cases:screening": Row(nothing, READS),
    "cases:screen": Row(nothing, COORDINATOR),
    "cases:rules": Row(nothing, READS),
    "cases:edit-rule": Row(rule, COORDINATOR, elsewhere=NOBODY),
    "cases:hit": Row(hit, READS, others=404),
    "cases:make-clue": Row(hit, COORDINATOR, others=404),
    "cases:clues": Row(nothing, READS),
    "cases:enter-clue": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "cases:clue-settings": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "cases:clue": Row(clue, READS, others=404),
    "cases:open-clue": Row(own_clue, COORDINATOR, others=404),
    "cases:opened-clue": Row(opened, COORDINATOR, others=404),
    "cases:opened-file": Row(opened_file, NOBODY, others=404),
    "cases:name-officers": Row(own_clue, COORDINATOR, others=404),
    "cases:clue-step": Row(own_clue, COORDINATOR, others=404),
    "cases:ask-sender": Row(own_clue, COORDINATOR, others=404),
    "cases:close-clue": Row(own_clue, COORDINATOR, others=404),
    "cases:send-clue": Row(nothing, OPEN_TO_ALL, elsewhere=set(ELSEWHERE)),
    "cases:follow-clue": Row(nothing, OPEN_TO_ALL, elsewhere=set(ELSEWHERE)),
    "cases:cases": Row(nothing, READS),
    "cases:file-case": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "cases:case": Row(crime_case, READS, others=404),
    **{f"cases:{name}": Row(crime_case, COORDINATOR, others=404) for name in CASE_VERBS},
    "cases:law": Row(nothing, READS),
    "cases:add-offence-text": Row(offence, COORDINATOR, elsewhere=NOBODY),
    "cases:add-limit-text": Row(limit, COORDINATOR, elsewhere=NOBODY),
    "cases:correct-milestone": Row(milestone, COORDINATOR, others=404),
    "cases:recommendations": Row(nothing, SIDES | {"other_leader"}),
    "cases:draft-recommendation": Row(nothing, COORDINATOR),
    "cases:recommendation": Row(recommendation, SIDES, others=404),
    "cases:recommendation-pdf": Row(recommendation, SIDES, others=404),
    "cases:sign-recommendation": Row(recommendation, {"coordinator", "head"}, others=404),
    "cases:acknowledge-recommendation": Row(recommendation, {"leader", "liaison"}, others=404),
    "cases:reply-recommendation": Row(recommendation, {"leader"}, others=404),
    "cases:withdraw-recommendation": Row(recommendation, COORDINATOR, others=404),
    **{f"cases:{name}": Row(recommendation, COORDINATOR, others=404) for name in OFFICE_VERBS},
    "cases:prepare-exposure": Row(crime_case, COORDINATOR, others=404),
    "cases:exposures": Row(nothing, READS),
    "cases:exposure": Row(exposure, READS, others=404),
    "cases:mend-masks": Row(exposure, COORDINATOR, others=404),
    "cases:release-exposure": Row(exposure, {"coordinator", "head"}, others=404),
    "cases:withdraw-exposure": Row(exposure, COORDINATOR, others=404),
    "cases:public-exposures": Row(nothing, OPEN_TO_ALL, elsewhere=set(ELSEWHERE)),
    "cases:public-exposure": Row(published, OPEN_TO_ALL, elsewhere=set(ELSEWHERE)),
    "cases:analysis": Row(nothing, READS),
    "cases:patterns": Row(nothing, READS),
    "cases:loophole": Row(loophole, READS, elsewhere={"town_coordinator", "town_head", "town_auditor"}),
    "cases:recommend-to-many": Row(loophole, COORDINATOR, elsewhere={"town_coordinator"}),
    "cases:add-source": Row(crime_case, COORDINATOR, others=404),
    "cases:dismiss-hit": Row(hit, COORDINATOR, others=404),
}
