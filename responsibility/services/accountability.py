"""The verbs of an accountability case: open, explain, propose, decide, object, answer, raise."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Max

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import services as audit
from portal.notices import services as notices
from portal.obligations.choices import Action
from portal.obligations.models import Step
from portal.organisation.models import GroupMembership, LeadingGroup, Tenure, Unit
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import policies
from responsibility.accountability_rules import EXPLAIN_DAYS, OBJECT_DAYS, deciding_group, has_been_heard
from responsibility.errors import (
    CaseDecided,
    CaseNotDecided,
    ExplanationMissing,
    NotHeardYet,
    ObjectedAlready,
    ObjectionTooLate,
    ReasonMissing,
)
from responsibility.models import (
    UNDECIDED,
    AccountabilityCase,
    CaseEntry,
    CaseState,
    Cause,
    EntryKind,
    Measure,
)

# Numbers of a year are given one after another, without a gap; the lock goes with the transaction.
NUMBER_LOCK = 7_301_002


def follow_steps(sender: object, steps: Sequence[Step], **kwargs: object) -> None:
    """Open and raise cases for the formal steps that the clock has just taken, in its transaction."""
    for step in steps:
        if step.action == Action.OPEN_ACCOUNTABILITY and step.tenure is not None:
            open_case(step)
        elif step.action == Action.RAISE_LEVEL:
            raise_case(step)


def open_case(step: Step) -> AccountabilityCase:
    """Open the case of an overdue duty against the person in office on the due day.

    Called by the clock once for each duty; must be called inside a transaction.
    """
    duty, tenure = step.obligation, step.tenure
    assert tenure is not None, "a case needs somebody in office on the due day"
    today = step.taken_on
    group_id, upper_id = _groups(duty.unit_id)
    case = AccountabilityCase.objects.create(
        year=today.year,
        serial=_next_serial(today.year),
        cause=Cause.OVERDUE,
        unit=duty.unit,
        person=tenure.person,
        tenure=tenure,
        obligation=duty,
        group_id=deciding_group(_heads(group_id, tenure), group_id, upper_id),
        opened_on=today,
        explain_until=load_calendar().add(today, EXPLAIN_DAYS),
    )
    _say(case, None, EntryKind.OPENED)
    if tenure.person.user:
        _tell(case, "case_opened", [tenure.person.user], explain_on=case.explain_until.isoformat())
    return case


def raise_case(step: Step) -> None:
    """Take an undecided case one level up the tree; a decided one has had its effect and stays."""
    case = AccountabilityCase.objects.filter(obligation=step.obligation, state__in=UNDECIDED).first()
    if case is None:
        return
    _group, upper = _groups(case.group.unit_id) if case.group else (None, None)
    case.save_fields(expected_version=case.version, level=case.level + 1, group_id=_group or case.group_id or upper)
    _say(case, None, EntryKind.RAISED)


def _groups(unit_id: int) -> tuple[int | None, int | None]:
    """The leading group responsible for a unit, and the one responsible for that group's own unit."""
    group_id = Unit.objects.filter(pk=unit_id).with_responsible_group().get().responsible_group_id
    if group_id is None:
        return None, None
    seat = LeadingGroup.objects.get(pk=group_id).unit_id
    return group_id, Unit.objects.filter(pk=seat).with_responsible_group().get().responsible_group_id


def _heads(group_id: int | None, tenure: Tenure) -> bool:
    """Whether the person concerned heads the group today."""
    head = GroupMembership.objects.heads().on(clock.today()).filter(group_id=group_id, person_id=tenure.person_id)
    return head.exists()


def _next_serial(year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBER_LOCK % 2**31, year])
    last = AccountabilityCase.objects.filter(year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def _case(by: User, case_id: int) -> AccountabilityCase:
    """The case, locked, if `by` may see it."""
    AccountabilityCase.objects.visible_to(by).get(pk=case_id)
    return AccountabilityCase.objects.locked(case_id)


@transaction.atomic
def explain(by: User, case_id: int, *, expected_version: int, text: str) -> AccountabilityCase:
    """Give the explanation of the person concerned. Raises CaseDecided, ExplanationMissing, NotAllowed, Conflict."""
    case = _case(by, case_id)
    policies.require(policies.is_person_concerned(by, case))
    if case.state not in UNDECIDED:
        raise CaseDecided
    if not text.strip():
        raise ExplanationMissing
    _say(case, by, EntryKind.EXPLANATION, text=text.strip())
    case.move_to(CaseState.EXPLAINED, expected_version=expected_version)
    _log(by, "explained", case)
    _tell(case, "case_explained", scopes.users_with(Role.COORDINATOR, str(case.unit.path)))
    return case


@transaction.atomic
def propose(
    by: User, case_id: int, *, expected_version: int, measure: Measure | None, reason: str
) -> AccountabilityCase:
    """Propose a measure, or none, to who decides. Raises CaseDecided, NotHeardYet, ReasonMissing, NotAllowed, Conflict."""
    case = _case(by, case_id)
    policies.require(policies.may_propose(by, case))
    _require_heard(case)
    if not reason.strip():
        raise ReasonMissing
    _say(case, by, EntryKind.PROPOSAL, text=reason.strip(), measure=measure)
    case.move_to(CaseState.PROPOSED, expected_version=expected_version)
    _log(by, "proposed", case)
    _tell(case, "case_proposed", policies.deciders(case, measure))
    return case


def _require_heard(case: AccountabilityCase) -> None:
    if case.state not in UNDECIDED:
        raise CaseDecided
    explained = case.entries.filter(kind=EntryKind.EXPLANATION).exists()
    if not has_been_heard(explained, case.explain_until, clock.today()):
        raise NotHeardYet


@transaction.atomic
def decide(
    by: User, case_id: int, *, expected_version: int, measure: Measure | None, reason: str, basis: str = ""
) -> AccountabilityCase:
    """Decide a case: a measure, or none with the reason. The person reads both.

    Raises CaseDecided, NotHeardYet, ReasonMissing, NotAllowed (also in one's own case), Conflict.
    """
    case = _case(by, case_id)
    policies.require(policies.may_decide_case(by, case, measure))
    _require_heard(case)
    if not reason.strip():
        raise ReasonMissing
    today = clock.today()
    object_until = load_calendar().add(today, OBJECT_DAYS)
    _say(case, by, EntryKind.DECISION, text=reason.strip(), measure=measure, basis=basis.strip())
    case.move_to(
        CaseState.DECIDED,
        expected_version=expected_version,
        measure=measure,
        no_measure=measure is None,
        decided_on=today,
        object_until=object_until,
    )
    _log(by, "decided", case)
    if case.person.user:
        _tell(case, "case_decided", [case.person.user], object_on=object_until.isoformat())
    return case


@transaction.atomic
def object_to(by: User, case_id: int, *, expected_version: int, text: str) -> AccountabilityCase:
    """Object to the decision, once. Raises CaseNotDecided, ObjectionTooLate, ObjectedAlready, NotAllowed, Conflict."""
    case = _case(by, case_id)
    policies.require(policies.is_person_concerned(by, case))
    if case.entries.filter(kind=EntryKind.OBJECTION).exists():
        raise ObjectedAlready
    if case.state != CaseState.DECIDED:
        raise CaseNotDecided
    if case.is_final(clock.today()):
        raise ObjectionTooLate
    if not text.strip():
        raise ReasonMissing
    _say(case, by, EntryKind.OBJECTION, text=text.strip())
    case.move_to(CaseState.OBJECTED, expected_version=expected_version)
    _log(by, "objected", case)
    _tell(case, "case_objected", policies.objection_deciders(case))
    return case


@transaction.atomic
def answer_objection(
    by: User, case_id: int, *, expected_version: int, measure: Measure | None, reason: str
) -> AccountabilityCase:
    """Answer the objection: the measure that stands from now on, or none. It is final.

    Raises CaseNotDecided, ReasonMissing, NotAllowed, Conflict.
    """
    case = _case(by, case_id)
    policies.require(policies.may_answer_objection(by, case))
    if case.state != CaseState.OBJECTED:
        raise CaseNotDecided
    if not reason.strip():
        raise ReasonMissing
    _say(case, by, EntryKind.ANSWER, text=reason.strip(), measure=measure)
    case.move_to(
        CaseState.CLOSED,
        expected_version=expected_version,
        measure=measure,
        no_measure=measure is None,
        closed_on=clock.today(),
    )
    _log(by, "answered", case)
    if case.person.user:
        _tell(case, "case_answered", [case.person.user])
    return case


def _say(
    case: AccountabilityCase,
    by: User | None,
    kind: EntryKind,
    *,
    text: str = "",
    measure: Measure | None = None,
    basis: str = "",
) -> None:
    CaseEntry.objects.create(
        case=case, kind=kind, author=by, made_at=clock.now(), text=text, measure=measure, basis=basis
    )


def _log(by: User, verb: str, case: AccountabilityCase) -> None:
    audit.record(by, f"case.{verb}", case, path=str(case.unit.path), data={"version": case.version})


def _tell(case: AccountabilityCase, kind: str, to: Iterable[User], **data: str) -> None:
    notices.queue(
        kind,
        to=to,
        about=case,
        unit=case.unit,
        url=case.get_absolute_url(),
        unit_name={"en": case.unit.name_en, "zh-hans": case.unit.name_zh},
        number=str(case),
        **data,
    )
