"""Each request in the person's language; a temporary password leads to its change first."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

ALWAYS_OPEN = ("account_change_password", "account_logout", "accounts:language", "accounts:theme")


class PreferencesMiddleware:
    """Activates the stored language of who is signed in and asks for a new password where one is due."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before the view, and before any error page of it."""
        user = request.user
        if user.is_authenticated:
            if user.language and user.language != translation.get_language():
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
            if user.must_change_password and not self._open(request):
                return HttpResponseRedirect(reverse("account_change_password"))
        return self.get_response(request)

    @staticmethod
    def _open(request: HttpRequest) -> bool:
        return request.path in {reverse(name) for name in ALWAYS_OPEN} or request.path.startswith(
            (settings.STATIC_URL, "/health/")
        )
