"""The demo's clock: set it forward and watch the ladder climb."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.demo import clock as demo_clock
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Step
from portal.web.dates import headline
from portal.web.views import VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar

# The demo's clock is set forward by so much at most in one go.
MOST_DAYS = 60


class ClockForm(forms.Form):
    """By how many working days the clock is set forward."""

    days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=MOST_DAYS, initial=1)


class ClockPage(VerbView):
    """Set the demo's clock forward; the portal's own clock then runs for each day in between."""

    template_name = "demo/clock.html"
    title = _("The demo's clock")
    form_class = ClockForm
    purpose = "set-demo-clock"
    submit_label = _("Set the clock forward")
    back_url = "/"

    def get_lede(self) -> str:
        """Where it stands."""
        return _t("It is %(day)s. Set the clock forward and see what happens to those who do nothing.") % {
            "day": headline(clock.today())
        }

    def perform(self, form: ClockForm) -> Any:
        """Live through the days in between, each with its run."""
        calendar = load_calendar()
        first, target = clock.today(), calendar.add(clock.today(), form.cleaned_data["days"])
        day = first
        while day < target:
            day += timedelta(days=1)
            with clock.frozen(datetime.combine(day, time(6), clock.zone())):
                ladder_clock.run(day)
        demo_clock.set_to(datetime.combine(target, time(9), clock.zone()))
        return first

    def get_result_url(self, result: Any) -> str:
        """The same page, with what was done since."""
        return f"/demo/clock/?since={result.isoformat()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the steps taken since the clock was moved."""
        since = self.request.GET.get("since", "")
        steps = Step.objects.none()
        if since:
            try:
                after = datetime.fromisoformat(since).date()
            except ValueError:
                after = clock.today()
            steps = Step.objects.filter(taken_on__gt=after, outcome="taken").select_related("obligation__unit", "rung")
        return super().get_context_data(steps=steps.order_by("taken_on", "pk")[:200], since=since, **kwargs)
