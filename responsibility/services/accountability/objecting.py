"""After the decision: object, once, and the answer of somebody who did not decide."""

from django.db import transaction

from portal.accounts.models import User
from portal.workdays import clock
from responsibility import policies
from responsibility.deciding import answerer_of
from responsibility.errors import CaseNotDecided, CaseReferred, ObjectedAlready, ObjectionTooLate, ReasonMissing
from responsibility.models import AccountabilityCase, CaseEntry, CaseState, EntryKind, Measure
from responsibility.services.accountability import telling
from responsibility.services.accountability.words import (
    found,
    last_decision,
    log,
    require_possible,
    say,
    state_to_decide,
)


@transaction.atomic
def object_to(by: User, case_id: int, *, expected_version: int, text: str) -> AccountabilityCase:
    """Object to the last decision, once; also where the case was raised since.

    Raises CaseNotDecided, CaseReferred, ObjectionTooLate, ObjectedAlready, ReasonMissing, NotAllowed, Conflict.
    """
    case = found(by, case_id)
    policies.require(policies.is_person_concerned(by, case))
    decision = _require_open_to_objection(case)
    if not text.strip():
        raise ReasonMissing
    say(case, by, EntryKind.OBJECTION, text=text.strip(), level=decision.level)
    case.move_to(CaseState.OBJECTED, expected_version=expected_version)
    log(by, "objected", case)
    telling.objected(case)
    return case


def _require_open_to_objection(case: AccountabilityCase) -> CaseEntry:
    if case.state == CaseState.REFERRED:
        raise CaseReferred
    decision = last_decision(case)
    if decision is None:
        raise CaseNotDecided
    if case.entries.filter(kind=EntryKind.OBJECTION, level=decision.level).exists():
        raise ObjectedAlready
    if case.may_not_be_objected_to(clock.today()):
        raise ObjectionTooLate
    return decision


@transaction.atomic
def answer_objection(
    by: User, case_id: int, *, expected_version: int, measure: Measure | None, reason: str
) -> AccountabilityCase:
    """Answer the objection: the measure that stands from now on, or none. It is final.

    A case that was raised since the decision goes on to a further one. Raises CaseNotDecided, TooMild, ReasonMissing,
    NotAllowed (also for who decided), Conflict.
    """
    case = found(by, case_id)
    policies.require(policies.may_answer_objection(by, case))
    decision = last_decision(case)
    if case.state != CaseState.OBJECTED or decision is None:
        raise CaseNotDecided
    require_possible(case, measure)
    if not reason.strip():
        raise ReasonMissing
    group = answerer_of(case).group
    say(case, by, EntryKind.ANSWER, text=reason.strip(), measure=measure, level=decision.level, group=group)
    goes_on = case.level > decision.level
    case.move_to(
        state_to_decide(case) if goes_on else CaseState.CLOSED,
        expected_version=expected_version,
        measure=measure,
        no_measure=measure is None,
        closed_on=None if goes_on else clock.today(),
    )
    log(by, "answered", case)
    telling.answered(case)
    return case
