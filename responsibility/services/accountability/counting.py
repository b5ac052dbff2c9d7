"""The days of a case that are counted in working days follow the calendar, as those of duties do."""

from datetime import date

from django.db.models import Q

from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.rules import Calendar, OutOfCalendar
from responsibility.accountability_rules import EXPLAIN_DAYS, OBJECT_DAYS
from responsibility.models import UNDECIDED, AccountabilityCase, CaseState

BATCH = 500


def follow_calendar(sender: object, first_changed: date, **kwargs: object) -> int:
    """Count anew until when a person may explain or object; in the transaction of the change. Returns how many days moved.

    What has passed stays passed, and a time that would have ended already ends today.
    """
    today, calendar = clock.today(), load_calendar()
    ahead = max(today, first_changed)
    explaining = Q(state__in=UNDECIDED, explain_until__gte=ahead)
    objecting = Q(state__in=(CaseState.DECIDED, *UNDECIDED), object_until__gte=ahead)
    cases = AccountabilityCase.objects.filter(explaining | objecting).order_by("pk")
    changed, moved = [], 0
    for case in cases.select_for_update(of=("self",), no_key=True):
        explain = _counted(calendar, case.explain_from, EXPLAIN_DAYS, case.explain_until, ahead)
        objection = _counted(calendar, case.decided_on, OBJECT_DAYS, case.object_until, ahead)
        days = (explain != case.explain_until) + (objection != case.object_until)
        if days:
            case.explain_until, case.object_until = explain or case.explain_until, objection
            changed.append(case)
            moved += days
    AccountabilityCase.objects.bulk_update(changed, ["explain_until", "object_until"], batch_size=BATCH)
    return moved


def _counted(calendar: Calendar, since: date | None, days: int, until: date | None, ahead: date) -> date | None:
    """The last day, counted anew; as it was where it does not lie ahead, was not counted, or lies past the calendar."""
    if since is None or until is None or until < ahead:
        return until
    try:
        return max(calendar.add(since, days), clock.today())
    except OutOfCalendar:
        return until
