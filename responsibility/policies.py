"""Who may do what with letters, reports and cases; the same roles over the same paths as `visible_to`."""

from django.db.models import QuerySet

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.policies import coordinates_all
from portal.organisation.models import GroupMembership, Unit
from portal.web.errors import NotAllowed
from portal.workdays import clock
from responsibility import deciding
from responsibility.accountability_rules import MILDEST_FOR_MAJOR
from responsibility.deciding import Bench
from responsibility.models import (
    UNDECIDED,
    AccountabilityCase,
    CaseState,
    Cause,
    Decider,
    EntryKind,
    Letter,
    Measure,
    Part,
    Report,
)


def require(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed


def _is_own(user: User, unit: Unit) -> bool:
    return user.standing.over(str(unit.path), Role.TOP_LEADER)


# --- Programme and letters --------------------------------------------------------------------------------------------


def may_edit_programme(user: User) -> bool:
    """The site's coordinator keeps the programme's settings, years and template: they hold for everybody."""
    return coordinates_all(user)


def may_issue(user: User) -> bool:
    """Coordinators issue letters, each in the own part of the tree."""
    return user.standing.has(Role.COORDINATOR)


def may_issue_in(user: User, path: str) -> bool:
    """The coordinator of a part of the tree issues there."""
    return user.standing.over(path, Role.COORDINATOR)


def may_withdraw(user: User, letter: Letter) -> bool:
    """The coordinator withdraws an unsigned letter; never the one of his own unit."""
    return user.standing.over(str(letter.unit.path), Role.COORDINATOR) and not _is_own(user, letter.unit)


def is_top_leader(user: User, letter: Letter) -> bool:
    """Only who holds the unit's top post signs for the unit."""
    return _is_own(user, letter.unit)


# Who reads why a leader cannot sign: the leader, those who are told, and the auditor; not the leader's colleagues.
READ_OBSTACLES = (Role.TOP_LEADER, Role.COORDINATOR, Role.HEAD, Role.MEMBER, Role.AUDITOR)


def may_read_obstacles(user: User, letter: Letter) -> bool:
    """Whether a person reads why the leader cannot sign."""
    return user.standing.over(str(letter.unit.path), *READ_OBSTACLES)


def headed_groups(user: User) -> list[int]:
    """The leading groups that a person heads today."""
    heads = GroupMembership.objects.heads().on(clock.today()).filter(person__user=user)
    return list(heads.values_list("group_id", flat=True))


# --- Reports ----------------------------------------------------------------------------------------------------------


def may_open_periods(user: User) -> bool:
    """The site's coordinator opens reporting periods: every unit with a letter owes a report then."""
    return coordinates_all(user)


def may_write_part(user: User, report: Report, part: Part) -> bool:
    """Leader and liaison write; the clean-government part is the leader's alone."""
    if part == Part.CLEAN:
        return _is_own(user, report.unit)
    return user.standing.over(str(report.unit.path), Role.TOP_LEADER, Role.LIAISON)


def may_submit(user: User, report: Report) -> bool:
    """Only the top leader hands in."""
    return _is_own(user, report.unit)


def may_review(user: User, report: Report) -> bool:
    """The coordinator reviews; never a report of his own unit."""
    return user.standing.over(str(report.unit.path), Role.COORDINATOR) and not _is_own(user, report.unit)


def to_review(user: User) -> "QuerySet[Report]":
    """The reports that wait for this person's review, the longest first: `may_review`, asked of all at once."""
    own = scopes.q(user, roles=(Role.TOP_LEADER,))
    return Report.objects.filter(scopes.q(user, roles=(Role.COORDINATOR,)) & ~own).to_review()


def may_read_clean(user: User, report: Report) -> bool:
    """The leader who wrote it, the leading group above the unit and the coordinator; nobody else knows what it says."""
    return Report.objects.clean_open_to(user).filter(pk=report.pk).exists()


def may_attach(user: User, report: Report, part: Part) -> bool:
    """Who may write a part attaches its files, as long as it is written at."""
    return may_write_part(user, report, part) and report.stopped(clock.today()) is None


# --- Accountability ---------------------------------------------------------------------------------------------------


def is_person_concerned(user: User, case: AccountabilityCase) -> bool:
    """The person against whom the case is."""
    return case.person.user_id == user.pk


def may_propose(user: User, case: AccountabilityCase) -> bool:
    """The coordinator proposes; never in his own case."""
    return user.standing.over(str(case.unit.path), Role.COORDINATOR) and not is_person_concerned(user, case)


def may_refer(user: User, case: AccountabilityCase) -> bool:
    """The coordinator records that a case was referred to the body above; never his own."""
    return may_propose(user, case)


def may_attach_to_case(user: User, case: AccountabilityCase) -> bool:
    """The person concerned, until the decision; again once that was objected to, until the answer."""
    return is_person_concerned(user, case) and case.state in (*UNDECIDED, CaseState.OBJECTED)


def may_decide_case(user: User, case: AccountabilityCase, measure: Measure | None) -> bool:
    """The coordinator decides a reminder talk, who heads the deciding group everything else; nobody his own case."""
    return _is_decided_by(user, case, measure, None)


def _is_decided_by(user: User, case: AccountabilityCase, measure: Measure | None, bench: Bench | None) -> bool:
    """`bench`: who decides, where it has been read already."""
    if is_person_concerned(user, case):
        return False
    if measure is not None and measure.decider == Decider.COORDINATOR and may_propose(user, case):
        return True
    return user.pk in (deciding.decider_of(case) if bench is None else bench).user_ids


def possible_measures(case: AccountabilityCase) -> list[Measure]:
    """The measures that a case may have, mildest first: an admonishing talk is the mildest one for a major case."""
    measures = list(Measure.objects.all())
    if case.cause != Cause.MAJOR_CASE:
        return measures
    mildest = next(m.severity for m in measures if m.code == MILDEST_FOR_MAJOR)
    return [measure for measure in measures if measure.severity >= mildest]


def measures_for(user: User, case: AccountabilityCase) -> tuple[list[Measure], bool]:
    """The measures that a person may decide in a case, mildest first, and whether he may decide that none follows."""
    bench = deciding.decider_of(case)
    measures = [m for m in possible_measures(case) if _is_decided_by(user, case, m, bench)]
    return measures, _is_decided_by(user, case, None, bench)


def may_decide_at_all(user: User, case: AccountabilityCase) -> bool:
    """Whether there is a measure that this person may decide here."""
    return may_propose(user, case) or may_decide_case(user, case, None)


def deciders(case: AccountabilityCase, measure: Measure | None) -> "QuerySet[User]":
    """Who decides what was proposed."""
    if measure is not None and measure.decider == Decider.COORDINATOR:
        return coordinators(case)
    return User.objects.filter(pk__in=deciding.decider_of(case).user_ids, is_active=True)


def coordinators(case: AccountabilityCase) -> "QuerySet[User]":
    """The coordinators over the unit of a case, but not in their own."""
    return scopes.users_with(Role.COORDINATOR, str(case.unit.path)).exclude(pk=case.person.user_id or 0)


def objection_deciders(case: AccountabilityCase) -> "QuerySet[User]":
    """Who answers an objection: one level above the decision, at the top another member; never who decided."""
    return User.objects.filter(pk__in=deciding.answerer_of(case).user_ids, is_active=True)


def may_answer_objection(user: User, case: AccountabilityCase) -> bool:
    """Who answers the objection to the last decision; where there is none, nobody. Never the person concerned."""
    if is_person_concerned(user, case) or not case.entries.filter(kind=EntryKind.DECISION).exists():
        return False
    return user.pk in deciding.answerer_of(case).user_ids


# --- Assessment -------------------------------------------------------------------------------------------------------


def may_mark(user: User, unit: Unit) -> bool:
    """Who coordinates marks units and answers their objections; never the own unit."""
    return user.standing.over(str(unit.path), Role.COORDINATOR) and not _is_own(user, unit)


def is_leader_of(user: User, unit: Unit) -> bool:
    """The top leader speaks for the unit."""
    return _is_own(user, unit)
