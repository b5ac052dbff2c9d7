"""Living through a story: in the morning the clock, then what people do, and mail is sent and read in between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction

from portal.notices import outbox
from portal.notices.models import Notice
from portal.obligations import clock as ladder_clock
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems.services import daily as systems

YEAR = 2026
FIRST_DAY = date(2026, 1, 5)
TODAY = date(2026, 11, 24)
# When the clock runs, when people begin to read and to act, how long a deed takes.
CLOCK_AT, READ_AT, ACT_AT = time(6), time(8, 37), time(9)
A_DEED, A_MINUTE = timedelta(minutes=7), timedelta(minutes=1)
# What a day brings to systems waits for the Monday: a year of days would take too long to tell.
MONDAY, DAYS_OF_A_WEEK = 0, 7
# Before the register has been brought in everything would be blank.
REGISTER_OPENS = date(2026, 2, 2)
# People who are shown in the demo with what they have not read yet.
DO_NOT_READ = ("leader", "village")


@dataclass
class Story:
    """What happens on which day; several things on one day happen in the order in which they were written down."""

    events: dict[date, list[Callable[[], object]]] = field(default_factory=dict)

    def on(self, day: date, event: Callable[[], object]) -> None:
        """Write an event down."""
        self.events.setdefault(day, []).append(event)

    def tell(self, first: date, last: date) -> None:
        """Live through the days; what somebody is told goes out within the minute, as a worker would send it."""
        calendar = load_calendar()
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            morning = _at(day, CLOCK_AT)
            with clock.frozen(morning):
                if day.weekday() == MONDAY and day >= REGISTER_OPENS:
                    systems.run()
                    if day.day <= DAYS_OF_A_WEEK:
                        _look_at_tables()
                ladder_clock.run(day)
            _send(morning + A_MINUTE)
            if calendar.is_workday(day):
                _read(day)
            self._act(day)

    def _act(self, day: date) -> None:
        at = _at(day, ACT_AT)
        for event in self.events.get(day, ()):
            with clock.frozen(at), transaction.atomic():
                event()
            at += A_DEED
        if day in self.events:
            _send(at - A_DEED + A_MINUTE)


def _look_at_tables() -> None:
    """All of it is one transaction: nobody else sees the rows, and without figures on them the planner guesses badly."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.zone())


def _send(at: datetime) -> None:
    if Notice.objects.filter(message__isnull=True, unsendable=False).exists():
        with clock.frozen(at):
            outbox.run()


def _read(day: date) -> None:
    """People open in the morning what they were told by noon of the day before."""
    until = _at(day - timedelta(days=1), time(12))
    unread = Notice.objects.unread().filter(written_at__lt=until).exclude(recipient__username__in=DO_NOT_READ)
    unread.update(read_at=_at(day, READ_AT))
