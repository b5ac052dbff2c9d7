"""Who is told what about a case; each function must be called inside the verb's transaction."""

from collections.abc import Iterable
from typing import Any

from portal.accounts.models import User
from portal.notices import services as notices
from portal.web.i18n import both
from responsibility import deciding, policies
from responsibility.models import AccountabilityCase, Measure, Programme


def opened(case: AccountabilityCase) -> None:
    """The person concerned; the coordinator too where nobody in the tree may decide."""
    _person(case, "case_opened", explain_on=case.explain_until.isoformat())
    if not deciding.decider_of(case).members:
        _to_refer(case)


def explained(case: AccountabilityCase) -> None:
    """The coordinator, who proposes."""
    _tell(case, "case_explained", policies.coordinators(case))


def proposed(case: AccountabilityCase, measure: Measure | None) -> None:
    """Who decides it; where nobody may, the coordinator."""
    to = list(policies.deciders(case, measure))
    if to or deciding.decider_of(case).members:
        _tell(case, "case_proposed", to)
    else:
        _to_refer(case)


def decided(case: AccountabilityCase) -> None:
    """The person concerned, with the last day of the objection."""
    assert case.object_until is not None, "a decision can be objected to until a day"
    _person(case, "case_decided", object_on=case.object_until.isoformat())


def objected(case: AccountabilityCase) -> None:
    """Who answers; where nobody may, the coordinator."""
    if deciding.answerer_of(case).members:
        _tell(case, "case_objected", policies.objection_deciders(case))
    else:
        _to_refer(case)


def answered(case: AccountabilityCase) -> None:
    """The person concerned."""
    _person(case, "case_answered")


def raised(case: AccountabilityCase) -> None:
    """The person concerned, who decides from now on, and the coordinator."""
    bench = deciding.decider_of(case)
    names = {
        "level": case.level,
        "group": both(bench.group) if bench.group else both(_programme(), "referral"),
    }
    _person(case, "case_raised_own", explain_on=case.explain_until.isoformat(), **names)
    coordinators = set(policies.coordinators(case))
    if bench.members:
        heads = User.objects.filter(pk__in=bench.user_ids, is_active=True)
        _tell(case, "case_raised", sorted(coordinators | set(heads), key=lambda user: user.pk), **names)
    else:
        _to_refer(case)


def referred(case: AccountabilityCase) -> None:
    """The person concerned."""
    _person(case, "case_referred", body=both(_programme(), "referral"))


def _to_refer(case: AccountabilityCase) -> None:
    _tell(case, "case_to_refer", policies.coordinators(case), body=both(_programme(), "referral"))


def _programme() -> Programme:
    return Programme.objects.get(pk=1)


def _person(case: AccountabilityCase, kind: str, **data: Any) -> None:
    if case.person.user:
        _tell(case, kind, [case.person.user], **data)


def _tell(case: AccountabilityCase, kind: str, to: Iterable[User], **data: Any) -> None:
    notices.queue(
        kind,
        to=to,
        about=case,
        unit=case.unit,
        url=case.get_absolute_url(),
        unit_name=both(case.unit),
        number=_programme().case_number(case.year, case.serial),
        **data,
    )
