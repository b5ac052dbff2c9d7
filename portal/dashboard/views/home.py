"""The first page of each role."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.generic import View

from portal.accounts.roles import Role
from portal.dashboard import todo
from portal.dashboard.views import administration
from portal.obligations import clock as ladder_clock
from portal.obligations import facts, owed, registry
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.obligations.presentation import ladder_of, next_sentence, raisings_of, state_of
from portal.organisation.models import Unit
from portal.web.i18n import listed
from portal.web.views import PageMixin, TemplateView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar

OVERSEES = (Role.COORDINATOR, Role.AUDITOR, Role.HEAD, Role.MEMBER)
AHEAD = timedelta(days=60)
# So many cards; the other duties are one click away, on the same page.
CARDS = 3
# What the address of a duty's page is made of: read with the duties, not one by one.
WHERE_IT_IS_DONE = (
    *("report__period", "report__unit"),
    *("corrected_report__period", "corrected_report__unit"),
)


class Home(PageMixin, View):
    """The first page: the whole for those who watch over it, the own unit for those who answer for one."""

    def get(self, request: Any) -> HttpResponse:
        """Lead there."""
        if administration.is_for(request.user):
            return HttpResponseRedirect(reverse("dashboard:administration"))
        watches = request.user.standing.has(*OVERSEES)
        return HttpResponseRedirect("/today/" if watches and request.GET.get("as") != "leader" else "/my/")


class MyPage(PageMixin, TemplateView):
    """What a leader, a liaison or anybody owes: cards, what happens next, one button each."""

    template_name = "dashboard/my.html"

    def get_title(self) -> str:
        """How many things are owed."""
        count = len(self._duties())
        if not count:
            return _t("You owe nothing")
        return ngettext("You owe %(count)s thing", "You owe %(count)s things", count) % {"count": count}

    def get_lede(self) -> str:
        """In which office."""
        return listed(a.office or str(a.role.label) for a in self.request.user.standing.assignments)

    def _duties(self) -> list[Obligation]:
        """The open duties of the units in which the person is leader or liaison, the most urgent first."""
        if not hasattr(self, "_found"):
            mine = owed.open_duties(self.request.user, clock.today())
            self._found = list(mine.select_related("unit", "tenure__person", *WHERE_IT_IS_DONE))
        return self._found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the cards, the ladder of all, and what is done."""
        duties, today, calendar = self._duties(), clock.today(), load_calendar()
        rows = facts.rows(Obligation.objects.open().filter(pk__in=[duty.pk for duty in duties]))
        coming = ladder_clock.forecast(today + AHEAD, rows)
        first: dict[int, ladder_clock.Coming] = {}
        for step in coming:
            first.setdefault(step.obligation_id, step)
        raisings = raisings_of(first.values())
        cards = [
            {
                "duty": duty,
                "state": state_of(duty, today, calendar),
                "kind": registry.get(duty.kind),
                "url": registry.get(duty.kind).url(duty),
                "next": next_sentence(first.get(duty.pk), raisings),
                "formal": duty.pk in first and first[duty.pk].action != "remind",
                "may_ask": today < duty.due_on,
            }
            for duty in duties
        ]
        done = owed.duties(self.request.user).exclude(state__in=(State.OPEN, State.CANCELLED))
        recent = [(duty, state_of(duty, today, calendar)) for duty in done.order_by("-closed_on")[:8]]
        waiting = todo.gather(self.request.user, today, calendar)
        return super().get_context_data(
            cards=cards[:CARDS],
            more_cards=cards[CARDS:],
            count=len(cards),
            todo=waiting.items,
            rest=waiting.rest,
            rungs=ladder_of([], coming[:6]),
            done=recent,
            units=Unit.objects.filter(path__in=owed.paths(self.request.user)),
            **kwargs,
        )
