"""Up to the decision: explain, propose, decide."""

from django.db import transaction

from portal.accounts.models import User
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import policies
from responsibility.accountability_rules import OBJECT_DAYS
from responsibility.deciding import decider_of
from responsibility.errors import ExplanationMissing, ReasonMissing
from responsibility.models import AccountabilityCase, CaseState, EntryKind, Measure
from responsibility.services.accountability import telling
from responsibility.services.accountability.words import (
    found,
    log,
    require_heard,
    require_possible,
    require_undecided,
    say,
)


@transaction.atomic
def explain(by: User, case_id: int, *, expected_version: int, text: str) -> AccountabilityCase:
    """Give the explanation of the person concerned, at any time before the decision.

    Raises CaseDecided, CaseReferred, ExplanationMissing, NotAllowed, Conflict.
    """
    case = found(by, case_id)
    policies.require(policies.is_person_concerned(by, case))
    require_undecided(case)
    if not text.strip():
        raise ExplanationMissing
    say(case, by, EntryKind.EXPLANATION, text=text.strip())
    case.move_to(CaseState.EXPLAINED, expected_version=expected_version)
    log(by, "explained", case)
    telling.explained(case)
    return case


@transaction.atomic
def propose(
    by: User, case_id: int, *, expected_version: int, measure: Measure | None, reason: str
) -> AccountabilityCase:
    """Propose a measure, or none, to who decides.

    Raises CaseDecided, CaseReferred, NotHeardYet, TooMild, ReasonMissing, NotAllowed, Conflict.
    """
    case = found(by, case_id)
    policies.require(policies.may_propose(by, case))
    require_heard(case)
    require_possible(case, measure)
    if not reason.strip():
        raise ReasonMissing
    say(case, by, EntryKind.PROPOSAL, text=reason.strip(), measure=measure)
    case.move_to(CaseState.PROPOSED, expected_version=expected_version)
    log(by, "proposed", case)
    telling.proposed(case, measure)
    return case


@transaction.atomic
def decide(
    by: User, case_id: int, *, expected_version: int, measure: Measure | None, reason: str, basis: str = ""
) -> AccountabilityCase:
    """Decide a case: a measure, or none with the reason. The person reads both.

    In a raised case it is a further measure: where none follows, the one decided before stands.
    Raises CaseDecided, CaseReferred, NotHeardYet, TooMild, ReasonMissing, NotAllowed (also in one's own case), Conflict.
    """
    case = found(by, case_id)
    policies.require(policies.may_decide_case(by, case, measure))
    require_heard(case)
    require_possible(case, measure)
    if not reason.strip():
        raise ReasonMissing
    today = clock.today()
    in_force = measure or case.measure
    say(
        case,
        by,
        EntryKind.DECISION,
        text=reason.strip(),
        measure=measure,
        basis=basis.strip(),
        group=decider_of(case).group,
    )
    case.move_to(
        CaseState.DECIDED,
        expected_version=expected_version,
        measure=in_force,
        no_measure=in_force is None,
        decided_on=today,
        object_until=load_calendar().add(today, OBJECT_DAYS),
    )
    log(by, "decided", case)
    telling.decided(case)
    return case
