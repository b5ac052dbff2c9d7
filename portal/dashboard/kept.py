"""What a page has drawn is kept for its reader until something happens.

Every deed writes an entry in the log and every run of the clock a row, in the transaction of what they change: when neither
has grown, the figures cannot have moved. What is not logged (a message that fails) shows after a minute at the latest.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import cache
from django.utils.translation import get_language

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import clock as ladder_clock
from portal.workdays import clock

T = TypeVar("T")
SECONDS = 60


def kept(user: User, name: str, about: tuple[Any, ...], draw: Callable[[], T]) -> T:
    """What `draw` gives; drawn anew when the log or the clock has gone on, on another day, or after a minute."""
    moment = (audit.last(), ladder_clock.last_deed(), clock.today(), get_language())
    digest = sha256(repr((user.pk, moment, about)).encode()).hexdigest()
    found: T = cache.get_or_set(f"{name}:{digest}", draw, SECONDS)  # type: ignore[assignment]
    return found
