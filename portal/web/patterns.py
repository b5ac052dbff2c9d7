"""The page on which every shared piece stands in every state."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView

STATES = (
    ("open", "circle", "Due in 18 working days (Tue 15 Dec)", ""),
    ("soon", "hourglass-high", "Due in 6 working days (Fri 27 Nov)", ""),
    ("overdue", "alert-square", "Overdue 9 working days (Fri 6 Nov)", "9"),
    ("done", "check", "Done 28 Sep", ""),
    ("late", "clock-check", "Done 4 working days late", ""),
    ("waived", "minus", "Exempt", ""),
    ("susp", "player-pause", "Suspended since 3 Nov", ""),
    ("vacant", "user-off", "Post vacant, 12 working days", ""),
    ("none", "", "Ended", ""),
)


class PatternsPage(TemplateView):
    """For who builds pages; not there in production."""

    template_name = "web/patterns.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only where the portal is tried or built."""
        if not (settings.DEBUG or settings.DEMO):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the states."""
        states = [{"code": code, "icon": icon, "text": text, "cell_text": cell} for code, icon, text, cell in STATES]
        return super().get_context_data(layout="base_roomy.html", states=states, **kwargs)
