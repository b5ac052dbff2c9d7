"""Where nobody in the tree may decide: the coordinator records what the body above did. The portal does not judge."""

from django.db import transaction

from portal.accounts.models import User
from portal.workdays import clock
from responsibility import policies
from responsibility.deciding import answerer_of, decider_of
from responsibility.errors import ReasonMissing, StillDecidedHere
from responsibility.models import AccountabilityCase, CaseState, EntryKind, Measure
from responsibility.services.accountability import telling
from responsibility.services.accountability.words import found, log, require_heard, say


def may_be_referred(case: AccountabilityCase) -> bool:
    """Whether the tree has nobody (left) for the next step of a case: no decider, no level above, nobody to answer."""
    if case.state == CaseState.OBJECTED:
        return not answerer_of(case).members
    return case.at_top or not decider_of(case).members


@transaction.atomic
def refer(
    by: User,
    case_id: int,
    *,
    expected_version: int,
    reason: str,
    measure: Measure | None = None,
    no_measure: bool = False,
    basis: str = "",
) -> AccountabilityCase:
    """Record that a case was referred to the body above: the outcome, its reason, the paper. The case ends with it.

    The outcome is a measure, `no_measure`, or neither: then the reason tells it, and the measure in force stands.
    Raises StillDecidedHere, CaseDecided, CaseReferred, NotHeardYet, ReasonMissing, NotAllowed, Conflict.
    """
    case = found(by, case_id)
    policies.require(policies.may_refer(by, case))
    if case.state != CaseState.OBJECTED:
        require_heard(case)
    if not may_be_referred(case):
        raise StillDecidedHere
    if not reason.strip():
        raise ReasonMissing
    say(case, by, EntryKind.REFERRED, text=reason.strip(), measure=measure, basis=basis.strip())
    told = measure is not None or no_measure
    case.move_to(
        CaseState.REFERRED,
        expected_version=expected_version,
        measure=measure if told else case.measure,
        no_measure=no_measure if told else case.no_measure,
        decided_on=case.decided_on or clock.today(),
        closed_on=clock.today(),
    )
    log(by, "referred", case)
    telling.referred(case)
    return case
