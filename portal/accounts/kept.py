"""What a page has drawn is kept for its reader until something happens.

Every deed, and every run of the clock that did something, writes an entry in the log: while the log has not grown, the
figures cannot have moved. What is not logged (a message that fails) shows after a minute at the latest. What
reads every duty, to look back or ahead over days, may be a minute old.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, ClassVar, TypeVar

from django.core.cache import cache
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web import context, navigation
from portal.workdays import clock

T = TypeVar("T")
SECONDS = 60
# Stands in a kept page where the reader's token belongs.
TOKEN = "token-of-the-reader"  # noqa: S105 - its place, not a secret


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


class KeptPage:
    """A page that is kept as drawn until something happens. Sets: `kept_as`, a name of its own.

    Of what a request may change, the unread notices and the appearance tell pages apart, and the token of its forms is put in
    afterwards.
    """

    kept_as: ClassVar[str]
    template_name: Any
    request: Any

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page as drawn last, or drawn anew."""
        counters = navigation.counters(request.user)
        shown = (request.get_full_path(), context.page(request)["theme"], counters)
        page = until_deed(request.user, self.kept_as, shown, lambda: self._drawn(counters))
        return HttpResponse(page.replace(TOKEN, get_token(request)))

    def _drawn(self, counters: dict[str, Any]) -> str:
        drawn = self.get_context_data(  # type: ignore[attr-defined]
            counters=counters, csrf_token=TOKEN
        )
        return render_to_string(self.template_name, drawn, self.request)
