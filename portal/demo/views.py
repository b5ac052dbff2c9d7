"""The demo's clock: set it forward, by days or to the next formal step, and see what happened."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.demo import moving
from portal.notices.models import Notice, OutboundMessage
from portal.obligations.choices import Outcome
from portal.obligations.models import Obligation, Step
from portal.web.dates import headline
from portal.web.views import VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.models import AccountabilityCase, CaseEntry, EntryKind

# The demo's clock is set forward by so many working days at most in one go.
MOST_DAYS = 60
SHOWN = 200
BY_DAYS, TO_FORMAL = "days", "formal"


class ClockForm(forms.Form):
    """By how many working days the clock is set forward, or to the next formal step."""

    until = forms.ChoiceField(
        label=_("Until"),
        widget=forms.RadioSelect,
        choices=((BY_DAYS, _("some working days later")), (TO_FORMAL, _("the next formal step"))),
        initial=BY_DAYS,
    )
    days = forms.IntegerField(
        label=_("Working days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=1,
        required=False,
        help_text=_("Not read when you go to the next formal step."),
    )

    def clean(self) -> dict[str, Any]:
        """The number of days is needed only where days are meant."""
        typed = super().clean() or {}
        if typed.get("until") == BY_DAYS and typed.get("days") is None and "days" not in self.errors:
            self.add_error("days", _t("Write how many working days, from 1 to 60."))
        return typed


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

    def perform(self, form: ClockForm) -> date:
        """Live through the days in between, each with its run; returns the day on which they began."""
        first, typed = clock.today(), form.cleaned_data
        if typed["until"] == TO_FORMAL:
            moving.forward(moving.next_formal_day(self.request.user))
        else:
            moving.forward(load_calendar().add(first, typed["days"]))
        return first

    def get_result_url(self, result: Any) -> str:
        """The same page, with what was done since."""
        return f"/demo/clock/?since={result.isoformat()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what happened since the clock was moved, in the person's part of the tree."""
        since = _day(self.request.GET.get("since", ""))
        happened = _happened(self.request.user, since) if since is not None else {}
        return super().get_context_data(since=since, **happened, **kwargs)


def _day(given: str) -> date | None:
    """The day in an address; none where it is no day."""
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _happened(user: Any, since: date) -> dict[str, Any]:
    """Steps taken, cases opened and raised, notices written and sent after a day."""
    steps = Step.objects.filter(
        obligation__in=Obligation.objects.visible_to(user), taken_on__gt=since, outcome=Outcome.TAKEN
    )
    cases = AccountabilityCase.objects.visible_to(user)
    raised = CaseEntry.objects.filter(case__in=cases, kind=EntryKind.RAISED, made_at__date__gt=since)
    written = Notice.objects.filter(written_at__date__gt=since)
    return {
        "steps": steps.select_related("obligation__unit", "rung").order_by("taken_on", "pk")[:SHOWN],
        "step_count": steps.count(),
        "opened": cases.filter(opened_on__gt=since).select_related("unit", "person", "obligation")[:SHOWN],
        "raised": raised.select_related("case__unit", "case__person", "case__obligation")[:SHOWN],
        "mine": written.filter(recipient=user).order_by("-pk")[:SHOWN],
        "notice_count": written.count(),
        "mail_count": OutboundMessage.objects.filter(sent_at__date__gt=since).count(),
    }
