"""Major cases: by rank, by amount, or by the coordinator's reasoned decision. Upper floors hear of it by a signal."""

from datetime import date

from django.db import transaction

from cases import case_rules, policies, signals
from cases.errors import MajorAlready, ReasonMissing
from cases.models import CrimeCase, LeaderAtTheTime, Major
from cases.services.crime.base import locked, log
from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.notices import services as notices
from portal.organisation.models import Tenure
from portal.workdays import clock


def look_whether_major(case: CrimeCase, by: User) -> None:
    """Make a case a major one where rank or amount say so; it must be locked or new."""
    if case.major:
        return
    if any(case_rules.is_major_by_rank(order) for order in case.suspects.values_list("rank__order", flat=True)):
        _become(case, by, Major.RANK, "")
        return
    for charge in case.charges.select_related("law"):
        tiers = (charge.law.relatively_large, charge.law.huge, charge.law.especially_huge)
        if case_rules.is_major_by_amount(charge.amount, tiers):
            _become(case, by, Major.AMOUNT, "")
            return


@transaction.atomic
def decide_major(by: User, case_id: int, *, expected_version: int, reason: str) -> CrimeCase:
    """Decide that a case is of wide influence. Raises CaseNotOpen, MajorAlready, ReasonMissing, NotAllowed, Conflict."""
    case = locked(by, case_id)
    policies.require(policies.may_decide_major(by, case))
    if case.major:
        raise MajorAlready
    if not reason.strip():
        raise ReasonMissing
    case.save_fields(expected_version=expected_version, major_reason=reason.strip())
    _become(case, by, Major.DECIDED, reason.strip())
    return case


def _become(case: CrimeCase, by: User, why: Major, reason: str) -> None:
    case.major = why
    case.save(update_fields=["major"])
    tenure = leader_on(case, _day_of_act(case))
    LeaderAtTheTime.objects.create(case=case, tenure=tenure, found_on=clock.today())
    log(by, "became_major", case, why=why, **({"reason": reason} if reason else {}))
    # Whom the case is about does not learn of it here.
    about = case.suspects.filter(person__user__isnull=False).values("person__user")
    now = list(scopes.users_with(Role.TOP_LEADER, str(case.unit.path)).exclude(pk__in=about))
    notices.queue("major_case", to=now, about=case, unit=case.unit, unit_name=case.unit.name)
    signals.major_case.send(CrimeCase, case=case, tenure=tenure, by=by)


def _day_of_act(case: CrimeCase) -> date:
    """The last day of the acts; today where none is charged yet."""
    return max(case.charges.values_list("act_until", flat=True), default=clock.today())


def leader_on(case: CrimeCase, day: date) -> Tenure | None:
    """Who held the top post of the unit on a day; None where nobody did."""
    return Tenure.objects.top_leaders().on(day).filter(post__unit=case.unit).select_related("person").first()
