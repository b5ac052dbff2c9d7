"""The one clock: whoever needs the time asks here, so that tests and the demo can set it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

Source = Callable[[], datetime]

_source: Source = timezone.now
_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def zone() -> ZoneInfo:
    """The zone in which days begin and end: the site's, whatever zone a person travels in."""
    return ZoneInfo(settings.TIME_ZONE)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return (_frozen.get() or _source()).astimezone(UTC)


def today() -> date:
    """The present day in the site's zone."""
    return now().astimezone(zone()).date()


def install(source: Source) -> None:
    """Let `source` tell the time from now on. The demo's movable clock is the only user."""
    global _source
    _source = source


@contextmanager
def frozen(at: datetime | date) -> Iterator[datetime]:
    """Stop the clock at an instant, or at nine in the morning of a day, for the code within."""
    instant = at if isinstance(at, datetime) else datetime.combine(at, time(9), zone())
    token = _frozen.set(instant)
    try:
        yield instant
    finally:
        _frozen.reset(token)
