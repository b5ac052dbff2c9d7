"""What every page gets: the rail, the mast's figures, the theme."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.web import navigation


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor; all of it is lazy, so that a fragment asks no query for a mast it does not draw."""
    user: Any = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "demo": settings.DEMO,
        "theme": getattr(user, "theme", "") or request.COOKIES.get("theme", "auto"),
        "nav": SimpleLazyObject(lambda: navigation.areas(user, request.path)) if signed_in else [],
        "counters": SimpleLazyObject(lambda: navigation.counters(user)) if signed_in else {},
    }
