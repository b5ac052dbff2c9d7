"""Where a person is signed in, and staying signed in."""

from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts import sessions
from portal.accounts.devices import label_of


class SessionsPage(ListUserSessionsView):
    """The sessions of a person, the present one first; signing out of the others, or everywhere."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the name of each device."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = sorted(context["sessions"], key=lambda one: (not one.is_current(), -one.last_seen_at.timestamp()))
        return context | {"sessions": [(one, label_of(one.user_agent)) for one in found]}

    def form_valid(self, form: Any) -> HttpResponse:
        """End the others; with "here", this one too."""
        everywhere = "here" in self.request.POST
        sessions.end_all(self.request.user, but=None if everywhere else self.request.session.session_key)
        if not everywhere:
            return HttpResponseRedirect(reverse("usersessions_list"))
        logout(self.request)
        return HttpResponseRedirect(reverse("account_login"))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> JsonResponse:
    """How many seconds the session has left; a post lengthens it. Asking alone does not count as being there."""
    if request.method == "POST":
        sessions.touch(request, at_once=True)
    return JsonResponse({"left": sessions.seconds_left(request), "last": sessions.is_last_stretch(request)})
