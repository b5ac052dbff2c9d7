"""Where requests come from, for the log."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse

from portal.audit import services, tracking


class OriginMiddleware:
    """Keeps address and browser of the request at hand for `audit.record`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set for the request, and put back after it."""
        agent = request.META.get("HTTP_USER_AGENT", "")[:300]
        token = services._origin.set(services.Origin(_address(request), agent))
        try:
            # Only what is posted changes anything.
            if request.method == "GET" or not request.user.is_authenticated:
                return self.get_response(request)
            with tracking.done_by(request.user.pk):
                return self.get_response(request)
        finally:
            services._origin.reset(token)


def _address(request: HttpRequest) -> str:
    """The client's address as sign-in throttling sees it, proxies taken into account."""
    return str(get_adapter().get_client_ip(request) or "")[:45]
