"""Setting the demo's clock forward: the days in between are lived through, each with its run and its mail.

All of it is one transaction of the page. Beat and workers go on meanwhile, by the old time: what the days bring is not there
for them before it is all there together with the new time, so that no mail is sent before it was written and nothing
is performed twice. Where beat's own run holds the clock's lock, we wait for it; while we hold it, beat's runs leave.
"""

import time as machine
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.demo import clock as demo_clock
from portal.notices import outbox
from portal.obligations import clock as ladder_clock
from portal.obligations import facts
from portal.obligations.choices import FORMAL
from portal.obligations.models import Obligation
from portal.web.errors import WrongState
from portal.workdays import clock
from responsibility.services import letters
from systems.services import daily as systems

# So far the page looks ahead for the next formal step, and goes in one go.
AHEAD = timedelta(days=120)
CLOCK_AT, ACT_AT = time(6), time(9)
WAIT_SECONDS, TRIES = 0.2, 100


class NothingFormalComes(WrongState):
    """No formal step is near."""

    code = "nothing-formal-comes"
    message = _("No formal step comes in the next four months. Set the clock forward by days.")


class ClockIsBusy(WrongState):
    """Another run of the portal's clock does not end."""

    code = "clock-is-busy"
    message = _("The portal's own clock is at work. Try again in a moment.")


def next_formal_day(user: User) -> date:
    """The day of the next formal step that the person may see. Raises NothingFormalComes."""
    today = clock.today()
    seen = Obligation.objects.visible_to(user).open().filter(next_step_on__lte=today + AHEAD)
    coming = ladder_clock.forecast(today + AHEAD, facts.rows(seen), start=today + timedelta(days=1))
    found = next((step.on for step in coming if step.action in FORMAL), None)
    if found is None:
        raise NothingFormalComes
    return found


def forward(to: date) -> None:
    """Live through the days up to `to`, and let the clock stand there at nine in the morning. Raises ClockIsBusy.

    Must be called inside a transaction.
    """
    with _alone():
        day = clock.today()
        while day < to:
            day += timedelta(days=1)
            morning = datetime.combine(day, CLOCK_AT, clock.zone())
            with clock.frozen(morning):
                letters.follow_new_holders()
                systems.run()
                ladder_clock.run(day)
            with clock.frozen(morning + timedelta(minutes=1)):
                outbox.run()
        demo_clock.set_to(datetime.combine(to, ACT_AT, clock.zone()))


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of the portal's clock over all the days; our own runs take it again, beat's find it taken and leave."""
    with connection.cursor() as cursor:
        for _try in range(TRIES):
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ladder_clock.LOCK])
            if cursor.fetchone()[0]:
                break
            machine.sleep(WAIT_SECONDS)
        else:
            raise ClockIsBusy
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ladder_clock.LOCK])
