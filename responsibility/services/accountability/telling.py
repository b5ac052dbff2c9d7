"""Who is told what about a case; each function must be called inside the verb's transaction."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from portal.accounts.models import Grant
from portal.accounts.roles import Role
from portal.notices import services as notices
from portal.notices.services import Draft, reference_to
from portal.web.i18n import both
from portal.workdays.calendar import provisional_mark
from responsibility import deciding, policies
from responsibility.models import AccountabilityCase, Measure, Programme


class _Teller:
    """Drafts of notices about several cases; programme and coordinators are read once."""

    def __init__(self) -> None:
        self.programme = Programme.objects.get(pk=1)
        self.body = both(self.programme, "referral")
        grants = Grant.objects.in_force().filter(role=Role.COORDINATOR, user__is_active=True)
        self._coordinators = [(user_id, str(path)) for user_id, path in grants.values_list("user_id", "path")]

    def coordinators(self, case: AccountabilityCase) -> set[int]:
        """The coordinators over the unit of a case, but not in their own."""
        path = f"{case.unit.path}."
        return {u for u, over in self._coordinators if path.startswith(f"{over}.")} - {case.person.user_id}

    def to(self, users: Iterable[int | None], kind: str, case: AccountabilityCase, **data: Any) -> Iterator[Draft]:
        """One notice about a case to each user."""
        names = {
            "unit_name": both(case.unit),
            "number": self.programme.case_number(case.year, case.serial),
            **data,
        }
        for user_id in sorted({user for user in users if user}):
            yield Draft(user_id, kind, names, case.get_absolute_url(), reference_to(case), case.unit_id)

    def to_refer(self, case: AccountabilityCase) -> Iterator[Draft]:
        """The coordinator: nobody in the tree may act."""
        yield from self.to(self.coordinators(case), "case_to_refer", case, body=self.body)


def opened(cases: Sequence[AccountabilityCase]) -> None:
    """Each person concerned; the coordinator too where nobody in the tree may decide."""
    teller, benches = _Teller(), deciding.deciders(case.pk for case in cases)
    drafts: list[Draft] = []
    for case in cases:
        drafts += teller.to([case.person.user_id], "case_opened", case, **_until(explain_on=case.explain_until))
        if not benches[case.pk].members:
            drafts += teller.to_refer(case)
    notices.queue_many(drafts)


def raised(cases: Sequence[AccountabilityCase]) -> None:
    """Each person concerned, who decides from now on, and the coordinator."""
    teller, benches = _Teller(), deciding.deciders(case.pk for case in cases)
    drafts: list[Draft] = []
    for case in cases:
        bench, until = benches[case.pk], _until(explain_on=case.explain_until)
        names = {"level": case.level, "group": both(bench.group) if bench.group else teller.body}
        drafts += teller.to([case.person.user_id], "case_raised_own", case, **until, **names)
        if bench.members:
            drafts += teller.to(bench.user_ids | teller.coordinators(case), "case_raised", case, **names)
        else:
            drafts += teller.to_refer(case)
    notices.queue_many(drafts)


def explained(case: AccountabilityCase) -> None:
    """The coordinator, who proposes."""
    teller = _Teller()
    notices.queue_many(teller.to(teller.coordinators(case), "case_explained", case))


def proposed(case: AccountabilityCase, measure: Measure | None) -> None:
    """Who decides it; where nobody may, the coordinator."""
    teller, to = _Teller(), [user.pk for user in policies.deciders(case, measure)]
    nobody = not to and not deciding.decider_of(case).members
    notices.queue_many(teller.to_refer(case) if nobody else teller.to(to, "case_proposed", case))


def decided(case: AccountabilityCase) -> None:
    """The person concerned, with the last day of the objection."""
    assert case.object_until is not None, "a decision can be objected to until a day"
    _person(case, "case_decided", **_until(object_on=case.object_until))


def objected(case: AccountabilityCase) -> None:
    """Who answers; where nobody may, the coordinator."""
    teller, bench = _Teller(), deciding.answerer_of(case)
    notices.queue_many(teller.to(bench.user_ids, "case_objected", case) if bench.members else teller.to_refer(case))


def answered(case: AccountabilityCase) -> None:
    """The person concerned."""
    _person(case, "case_answered")


def referred(case: AccountabilityCase) -> None:
    """The person concerned."""
    _person(case, "case_referred", body=both(Programme.objects.get(pk=1), "referral"))


def _until(**days: date) -> dict[str, Any]:
    """Days that are counted, as a notice keeps them: provisional where the year's holiday notice is not out."""
    return {name: day.isoformat() for name, day in days.items()} | provisional_mark(**days)


def _person(case: AccountabilityCase, kind: str, **data: Any) -> None:
    notices.queue_many(_Teller().to([case.person.user_id], kind, case, **data))
