"""What a page has drawn is kept for its reader until something happens.

Every deed, and every run of the clock that did something, writes an entry in the log: while the log has not grown, the
figures cannot have moved. What is not logged (a message that fails) shows after a minute at the latest. What
reads every duty, to look back or ahead over days, may be a minute old.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import cache
from django.utils.translation import get_language

from portal.accounts.models import User
from portal.audit import services as audit
from portal.workdays import clock

T = TypeVar("T")
SECONDS = 60


def until_deed(user: User, name: str, about: tuple[Any, ...], draw: Callable[[], T]) -> T:
    """What `draw` gives; drawn anew when the log has grown, on another day, or after a minute."""
    return _kept(name, (user.pk, audit.last(), *about), draw)


def a_minute(user: User, name: str, about: tuple[Any, ...], draw: Callable[[], T]) -> T:
    """What `draw` gives for everybody who sees the same part of the tree; drawn anew on another day or after a minute."""
    return _kept(name, (sorted({(a.path, a.subtree) for a in user.standing.assignments}), *about), draw)


def _kept(name: str, about: tuple[Any, ...], draw: Callable[[], T]) -> T:
    digest = sha256(repr((clock.today(), get_language(), about)).encode()).hexdigest()
    found: T = cache.get_or_set(f"{name}:{digest}", draw, SECONDS)  # type: ignore[assignment]
    return found
