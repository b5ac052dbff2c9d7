"""Entering holiday notices and single days; open due days that depend on them are derived anew."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import policies
from portal.obligations.errors import ReasonMissing
from portal.obligations.models import Obligation
from portal.obligations.services.schedule import refresh
from portal.workdays import clock
from portal.workdays.models import CalendarDay, NoticeYear

# No rung lies further from its due day than this; a duty due further off does not feel the change of a day.
REACH = timedelta(days=90)


@transaction.atomic
def enter_notice(by: User, year: int, *, reference: str, days: Mapping[date, bool]) -> int:
    """Enter a year's holiday notice: rest days on weekdays (False) and make-up working days (True).

    Returns how many open duties were derived anew. Source: the yearly notice of the General Office of the State Council.
    """
    policies.require(policies.may_edit_calendar(by))
    if not reference.strip():
        raise ReasonMissing
    now = clock.now()
    NoticeYear.objects.update_or_create(
        year=year, defaults={"reference": reference.strip(), "entered_by": by, "entered_at": now}
    )
    CalendarDay.objects.filter(date__year=year).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, is_workday=works, reason=reference.strip(), entered_by=by, entered_at=now)
        for day, works in days.items()
    )
    touched = refresh(
        Obligation.objects.filter(due_on__gte=date(year, 1, 1) - REACH, due_on__lte=date(year, 12, 31) + REACH)
    )
    audit.record(by, "calendar.notice_entered", data={"year": year, "reference": reference, "days": len(days)})
    return touched


@transaction.atomic
def set_day(by: User, day: date, *, is_workday: bool, reason: str) -> int:
    """Make one day a working day or a rest day. Returns how many open duties were derived anew."""
    policies.require(policies.may_edit_calendar(by))
    if not reason.strip():
        raise ReasonMissing
    CalendarDay.objects.update_or_create(
        date=day,
        defaults={
            "is_workday": is_workday,
            "reason": reason.strip(),
            "entered_by": by,
            "entered_at": clock.now(),
        },
    )
    audit.record(by, "calendar.day_set", data={"day": day.isoformat(), "is_workday": is_workday, "reason": reason})
    return refresh(Obligation.objects.filter(due_on__range=(day - REACH, day + REACH)))
