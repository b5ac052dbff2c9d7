"""How long a session lasts, and ending one.

Measured by the machine's time, not by `portal.workdays.clock`: the demo's clock moves months at a click, and a session is
a thing of the machine.
"""

import time
from typing import Any, NamedTuple

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models.functions import Now

from portal.accounts.models import User
from portal.audit import services as audit

KEY = "portal_session"
# Seconds: what was seen is written down twice a minute at most, not at each request.
WRITE_AFTER = 30
# Seconds before the end at which the page warns; told to people as "two minutes".
WARNING = 120


class Limits(NamedTuple):
    """Seconds without a request, and seconds since signing in, after which a session ends."""

    idle: int
    absolute: int


def limits_of(user: User) -> Limits:
    """By what the person may reach."""
    idle, absolute = settings.SESSION_LIMITS["office" if user.is_office else "others"]
    return Limits(idle * 60, absolute * 60)


def begin(request: Any) -> None:
    """Write down when the session began and how long it lasts. A role given later counts from the next sign-in on."""
    now = int(time.time())
    idle, absolute = limits_of(request.user)
    request.session[KEY] = {"since": now, "seen": now, "idle": idle, "absolute": absolute}


def why_ended(request: Any) -> str:
    """Why the session has come to its end: "idle", "absolute", or empty while it lasts."""
    kept, now = request.session.get(KEY), time.time()
    if kept is None:
        return ""
    if now >= kept["since"] + kept["absolute"]:
        return "absolute"
    return "idle" if now >= kept["seen"] + kept["idle"] else ""


def touch(request: Any, *, at_once: bool = False) -> None:
    """Note that the person is there."""
    if KEY not in request.session:
        begin(request)
        return
    kept, now = request.session[KEY], int(time.time())
    if not at_once and now < kept["seen"] + WRITE_AFTER:
        return
    request.session[KEY] = kept | {"seen": now}
    fields: dict[str, Any] = {"last_seen_at": Now()}
    if address := audit.origin().ip:
        fields["ip"] = address
    UserSession.objects.filter(session_key=request.session.session_key).update(**fields)


def seconds_left(request: Any) -> int:
    """Until the session ends if nothing more is done."""
    kept = request.session.get(KEY)
    if kept is None:
        return 0
    return int(min(kept["seen"] + kept["idle"], kept["since"] + kept["absolute"]) - time.time())


def is_last_stretch(request: Any) -> bool:
    """Whether staying no longer lengthens the session, because its longest duration is near."""
    kept = request.session.get(KEY)
    return kept is not None and kept["since"] + kept["absolute"] - time.time() <= WARNING


@transaction.atomic
def expire(request: Any, why: str) -> None:
    """End the request's own session at its limit; log it."""
    audit.record(request.user, "user.session_ended", request.user, data={"why": why})
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()
    request.user = AnonymousUser()


@transaction.atomic
def end_all(user: User, *, but: str | None = None) -> int:
    """End a person's sessions, except the one with the key `but`; returns how many."""
    ending = list(UserSession.objects.filter(user=user).exclude(session_key=but or ""))
    get_adapter().end_sessions(ending)
    if ending:
        audit.record(user, "user.sessions_ended", user, data={"count": len(ending)})
    return len(ending)
