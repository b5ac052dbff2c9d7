"""What stands between signing in and the pages: limits of the session, and the second factor."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.accounts import second_factor, sessions

Handler = Callable[[HttpRequest], HttpResponse]
# What somebody without the demanded factor may reach: setting it up, and leaving.
OPEN = {
    *("account_logout", "account_change_password", "account_reauthenticate"),
    *("accounts:language", "accounts:theme", "accounts:stay", "usersessions_list", "health_live", "health_ready"),
}


class SessionLimitsMiddleware:
    """Ends a session that has come to its end; says why, and keeps the way back."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before anything is done in the person's name."""
        if request.user.is_authenticated:
            why = sessions.why_ended(request)
            if why:
                sessions.expire(request, why)
                return _signed_out(request, why)
            if not (request.method == "GET" and request.path == reverse("accounts:stay")):
                sessions.touch(request)
            # Told to the page, whose script warns before the end.
            request.session_left = sessions.seconds_left(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def _signed_out(request: HttpRequest, why: str) -> HttpResponse:
    """The sign-in page for a person, the same for a fragment of a page, a sentence for a script."""
    address = f"{reverse('account_login')}?{urlencode({'next': _way_back(request), 'ended': why})}"
    if request.headers.get("Accept") == "application/json":
        message = _("Your session has ended. Open another window, sign in there, and save here again.")
        return JsonResponse({"message": message, "sign_in": address}, status=401)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _way_back(request: HttpRequest) -> str:
    """The page the person was on: of a form or a fragment the page around it."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class SecondFactorMiddleware:
    """Leads whose role asks for a second factor to its page, until there is one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Decided once it is known which page was asked for."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Pass, or lead there."""
        user = request.user
        if not settings.SECOND_FACTOR_REQUIRED or not user.is_authenticated or request.session.get(second_factor.HELD):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN or name.startswith("mfa_") or not second_factor.is_demanded(user):
            return None
        if second_factor.factors_of(user).exists():
            request.session[second_factor.HELD] = True
            return None
        return HttpResponseRedirect(reverse("mfa_index"))
