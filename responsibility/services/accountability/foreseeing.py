"""What raising would do to the cases of duties: the branches of `by_clock.raise_cases`, asked before it happens."""

from collections.abc import Collection

from portal.obligations.choices import Action, Outcome, Raising
from portal.obligations.models import Obligation, Step
from portal.organisation.models import LeadingGroup
from responsibility import deciding
from responsibility.models import AccountabilityCase, CaseState
from responsibility.services.accountability.by_clock import groups_above


def raisings(duty_ids: Collection[int]) -> dict[int, Raising]:
    """By duty; in a fixed number of queries, however many duties."""
    cases = list(AccountabilityCase.objects.filter(obligation__in=duty_ids).select_related("group"))
    benches = deciding.deciders(case.pk for case in cases)
    # Where the search for the group above begins: the group that decides today, or would decide a case not yet open.
    seats: dict[int, int | None] = {}
    found: dict[int, Raising] = {}
    for case in cases:
        assert case.obligation_id is not None, "found by its duty"
        group = benches[case.pk].group or case.group
        if case.state == CaseState.REFERRED:
            found[case.obligation_id] = Raising.REFERRED
        else:
            seats[case.obligation_id] = group.unit_id if group else None
    seats |= _seats_of_cases_to_come(set(duty_ids) - found.keys() - seats.keys())
    above = groups_above(seat for seat in seats.values() if seat is not None)
    for duty_id, seat in seats.items():
        found[duty_id] = Raising.UP if seat is not None and above.get(seat) else Raising.TOP
    return found


def _seats_of_cases_to_come(duty_ids: set[int]) -> dict[int, int | None]:
    """The unit whose group would decide, of duties whose case is still to be opened. Others have none: nobody was in
    office when it should have been."""
    if not duty_ids:
        return {}
    opened = Step.objects.filter(action=Action.OPEN_ACCOUNTABILITY, outcome=Outcome.TAKEN, obligation__in=duty_ids)
    left = Obligation.objects.filter(pk__in=duty_ids, tenure__isnull=False).exclude(steps__in=opened)
    units = dict(left.values_list("pk", "unit_id"))
    groups = groups_above(units.values())
    at = dict(LeadingGroup.objects.filter(pk__in={g for g in groups.values() if g}).values_list("pk", "unit_id"))
    return {duty_id: at.get(groups.get(unit_id) or 0) for duty_id, unit_id in units.items()}
