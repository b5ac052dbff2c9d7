"""What stands around the network's pages: mast, rail and foot, kept for their reader until something happens.

They take longer to draw than a search. What may change them (the log, the unread notices, the appearance, the language, the
day) tells kept frames apart; the address of the page and the token of its forms are put in afterwards.
"""

from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from django.core.cache import cache
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

from portal.audit import services as audit
from portal.web import context, navigation
from portal.workdays import clock

SECONDS = 60
# What stands in a kept frame where the reader's token, the page's body and its address belong.
TOKEN, BODY, PATH, LEFT = "token-of-the-reader", "body-of-the-page", "address-of-the-page", "rest-of-the-session"


def around(request: Any, template: str, head: dict[str, Any], body: str) -> str:
    """A page: `template` with the head of it (title, layout), and the body in its place."""
    counters, theme = navigation.counters(request.user), context.page(request)["theme"]
    about = (request.user.pk, audit.last(), clock.today(), get_language(), theme, counters, request.path, head)
    digest = sha256(repr(about).encode()).hexdigest()
    page: Any = cache.get_or_set(f"network:{digest}", lambda: _draw(request, template, head, counters), SECONDS)
    page = page.replace(TOKEN, get_token(request)).replace(LEFT, str(getattr(request, "session_left", 0)))
    page = page.replace(PATH, escape(request.get_full_path()))
    return str(page.replace(BODY, body))


def _draw(request: Any, template: str, head: dict[str, Any], counters: dict[str, Any]) -> str:
    nowhere = SimpleNamespace(path=request.path, get_full_path=PATH, session_left=LEFT, user=request.user)
    drawn = head | {"counters": counters, "csrf_token": TOKEN, "request": nowhere, "body": BODY}
    return render_to_string(template, drawn, request)
