"""Entering holiday notices and single days; open due days that depend on them are derived anew."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import policies, signals
from portal.obligations.choices import DecisionKind
from portal.obligations.errors import ReasonMissing
from portal.obligations.models import Decision, Obligation, ObligationQuerySet, Rung
from portal.obligations.services.schedule import Refreshed, recount
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.models import CalendarDay, NoticeYear
from portal.workdays.rules import Calendar


@transaction.atomic
def enter_notice(by: User, year: int, *, reference: str, days: Mapping[date, bool]) -> Refreshed:
    """Enter a year's holiday notice: rest days on weekdays (False) and make-up working days (True).

    Entered again, it replaces its own days; a day that the coordinator set by itself stays and wins. Returns how many
    open duties were derived anew, and how many of them moved. Source: the yearly notice of the General Office of the
    State Council.
    """
    policies.require(policies.may_edit_calendar(by))
    reference = reference.strip()
    if not reference:
        raise ReasonMissing
    before, now = load_calendar(), clock.now()
    notice, _made = NoticeYear.objects.update_or_create(
        year=year, defaults={"reference": reference, "entered_by": by, "entered_at": now}
    )
    notice.days.all().delete()
    own = set(CalendarDay.objects.filter(date__year=year).values_list("date", flat=True))
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, is_workday=works, reason=reference, notice=notice, entered_by=by, entered_at=now)
        for day, works in days.items()
        if day not in own
    )
    # Duties are locked before the log, as the clock does: the other way round the two would wait for each other.
    refreshed = recount(feeling(date(year, 1, 1), before))
    signals.calendar_changed.send(NoticeYear, first_changed=date(year, 1, 1))
    NoticeYear.objects.filter(pk=year).update(counted=refreshed.counted, moved=refreshed.moved)
    audit.record(by, "calendar.notice_entered", data={"year": year, "reference": reference, "days": len(days)})
    return refreshed


@transaction.atomic
def set_day(by: User, day: date, *, is_workday: bool, reason: str) -> Refreshed:
    """Make one day a working day or a rest day. Returns how many open duties were derived anew, and how many moved.

    Raises OutOfCalendar for a day of a year whose working days the portal does not know.
    """
    policies.require(policies.may_edit_calendar(by))
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    before = load_calendar()
    before.is_workday(day)
    values = {"is_workday": is_workday, "reason": reason, "notice": None, "entered_by": by, "entered_at": clock.now()}
    CalendarDay.objects.update_or_create(date=day, defaults=values)
    refreshed = recount(feeling(day, before))
    signals.calendar_changed.send(CalendarDay, first_changed=day)
    audit.record(by, "calendar.day_set", data={"day": day.isoformat(), "is_workday": is_workday, "reason": reason})
    return refreshed


def feeling(first_changed: date, calendar: Calendar) -> ObligationQuerySet:
    """The open duties that a change of days from `first_changed` on may move, or whose steps it may.

    A step lies as many working days after the due day as its rung says, and no further; a due day counted across the
    change lies after it, unless a suspension reached into it and somebody has set an earlier one since.
    """
    farthest = Rung.objects.aggregate(farthest=Max("offset"))["farthest"] or 0
    from_day = calendar.add_within(first_changed, -max(farthest, 1))
    stopped = Decision.objects.filter(obligation=OuterRef("pk"), kind=DecisionKind.SUSPENSION)
    overlaps = stopped.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first_changed))
    return Obligation.objects.open().filter(Q(due_on__gte=from_day) | Exists(overlaps))
