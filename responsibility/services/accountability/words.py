"""What the verbs of a case have in common: finding it, its last decision, the word said, the log."""

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation.models import LeadingGroup
from portal.workdays import clock
from responsibility import policies
from responsibility.accountability_rules import has_been_heard, state_before_decision
from responsibility.errors import CaseDecided, CaseReferred, NotHeardYet, TooMild
from responsibility.models import UNDECIDED, AccountabilityCase, CaseEntry, CaseState, EntryKind, Measure


def found(by: User, case_id: int) -> AccountabilityCase:
    """The case, locked, if `by` may see it. Raises DoesNotExist."""
    AccountabilityCase.objects.visible_to(by).get(pk=case_id)
    return AccountabilityCase.objects.locked(case_id)


def last_decision(case: AccountabilityCase) -> CaseEntry | None:
    """The decision that an objection would be about."""
    return case.entries.filter(kind=EntryKind.DECISION).last()


def require_undecided(case: AccountabilityCase) -> None:
    """Raises CaseReferred, CaseDecided."""
    if case.state == CaseState.REFERRED:
        raise CaseReferred
    if case.state not in UNDECIDED:
        raise CaseDecided


def require_heard(case: AccountabilityCase) -> None:
    """Something can be proposed or decided now. Raises CaseReferred, CaseDecided, NotHeardYet."""
    require_undecided(case)
    explained = case.entries.filter(kind=EntryKind.EXPLANATION).exists()
    if not has_been_heard(explained, case.explain_until, clock.today()):
        raise NotHeardYet


def require_possible(case: AccountabilityCase, measure: Measure | None) -> None:
    """The measure, or none, is one that the case may have. Raises TooMild."""
    if measure is not None and measure not in policies.possible_measures(case):
        raise TooMild


def state_to_decide(case: AccountabilityCase) -> CaseState:
    """The state of a case that is to be decided further. What was explained before counts; a proposal before does not."""
    explained = case.entries.filter(kind=EntryKind.EXPLANATION).exists()
    decision = last_decision(case)
    since = case.entries.filter(kind=EntryKind.PROPOSAL, pk__gt=decision.pk if decision else 0)
    return CaseState(state_before_decision(explained, since.exists()))


def say(
    case: AccountabilityCase,
    by: User,
    kind: EntryKind,
    *,
    text: str = "",
    measure: Measure | None = None,
    basis: str = "",
    level: int | None = None,
    group: LeadingGroup | None = None,
) -> None:
    """Keep a word in the case; at its present level, where none is given."""
    CaseEntry.objects.create(
        case=case,
        kind=kind,
        author=by,
        made_at=clock.now(),
        text=text,
        measure=measure,
        basis=basis,
        level=level or case.level,
        group=group,
    )


def log(by: User, verb: str, case: AccountabilityCase) -> None:
    """Write the verb into the log."""
    data = {"version": case.version, "level": case.level}
    audit.record(by, f"case.{verb}", case, path=str(case.unit.path), data=data)
