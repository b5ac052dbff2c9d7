"""The demo's movable clock: the machine's time and an offset kept in the database, so that all processes agree."""

import threading
import time
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, transaction

from portal.demo.models import DemoState
from portal.workdays import clock

# A process asks the database for the offset at most so often.
CACHE_SECONDS = 1.0
NOTHING = (-1e9, timedelta())
# When we asked and what we were told; how often the clock was moved in this process.
_known: tuple[float, timedelta] = NOTHING
_moves = 0
_lock = threading.Lock()


def machine_now() -> datetime:
    """The machine's own time."""
    return datetime.now(UTC)


def now() -> datetime:
    """The demo's time."""
    global _known
    known, moves = _known, _moves
    if time.monotonic() - known[0] > CACHE_SECONDS:
        known = (time.monotonic(), _offset())
        with _lock:
            # Where the clock was moved while we asked, what we were told may be the old time.
            if moves == _moves:
                _known = known
    return machine_now() + known[1]


def _offset() -> timedelta:
    """The offset in force; none before the first migration."""
    try:
        with transaction.atomic():
            seconds = DemoState.objects.values_list("offset_seconds", flat=True).first()
    except DatabaseError:
        return timedelta()
    return timedelta(seconds=seconds or 0)


def set_to(instant: datetime) -> None:
    """Move the clock to an instant, from where it goes on. It only ever moves forward, as time does."""
    state = DemoState.objects.get()
    offset = instant - machine_now()
    state.offset_seconds = int(offset.total_seconds())
    state.save(update_fields=["offset_seconds"])
    _forget()
    # Other threads of this process have asked meanwhile, and were told the old time.
    transaction.on_commit(_forget)


def _forget() -> None:
    """Ask the database anew."""
    global _known, _moves
    with _lock:
        _known, _moves = NOTHING, _moves + 1


def install() -> None:
    """Make the whole portal follow the demo's clock."""
    clock.install(now)
