"""What the clock will do."""

from datetime import timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations import clock as ladder_clock
from portal.obligations import facts
from portal.obligations.choices import FORMAL
from portal.obligations.models import ClockRun, Obligation
from portal.obligations.presentation import ACTION_ICONS
from portal.organisation.models import Unit
from portal.web.views import PageMixin, TemplateView, Text
from portal.workdays import clock

AHEAD = timedelta(days=30)
SEES_CLOCK = (Role.COORDINATOR, Role.SYSTEM_ADMIN, Role.AUDITOR, Role.HEAD)
NAMED_A_DAY = 12


def coming_days(user: User, ahead: timedelta) -> list[dict[str, Any]]:
    """What will happen in a person's part of the tree, day by day: formal steps by name, reminders as a count."""
    until = clock.today() + ahead
    seen = Obligation.objects.filter(scopes.q(user)).open().filter(next_step_on__lte=until)
    coming = ladder_clock.forecast(until, facts.rows(seen))
    days = [(on, list(steps)) for on, steps in groupby(coming, key=lambda c: c.on)]
    formal = {on: [c for c in steps if c.action in FORMAL] for on, steps in days}
    units = Unit.objects.in_bulk({c.unit_id for steps in formal.values() for c in steps[:NAMED_A_DAY]})
    return [
        {
            "on": on,
            "formal": [_named(step, units) for step in formal[on][:NAMED_A_DAY]],
            "more": max(len(formal[on]) - NAMED_A_DAY, 0),
            "reminders": len(steps) - len(formal[on]),
        }
        for on, steps in days
    ]


def _named(step: ladder_clock.Coming, units: dict[int, Unit]) -> dict[str, Any]:
    return {
        "coming": step,
        "unit": units[step.unit_id],
        "icon": ACTION_ICONS[step.action],
        "title": str(step.action.label),
    }


class ClockPage(PageMixin, TemplateView):
    """The next thirty days if nobody acts, and the last runs."""

    template_name = "obligations/clock.html"
    title = _("What the clock will do")
    lede = _("The next thirty days, if nobody acts.")

    def allowed(self, user: User) -> bool:
        """Those who watch over a part of the tree."""
        return user.standing.has(*SEES_CLOCK)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds days, runs and duties that the clock could not perform."""
        user = self.request.user
        runs = {"runs": ClockRun.objects.all()[:10]}
        stuck = Obligation.objects.visible_to(user).open().exclude(clock_error="").select_related("unit")[:20]
        if user.standing.is_kept_from_content:
            return super().get_context_data(failed=_failed(user), **runs, **kwargs)
        return super().get_context_data(days=coming_days(user, AHEAD), stuck=stuck, **runs, **kwargs)

    def get_title(self) -> Text:
        """For those who keep the machinery alone, how it runs."""
        return _("The clock") if self.request.user.standing.is_kept_from_content else self.title

    def get_lede(self) -> Text:
        """What the page is about."""
        if self.request.user.standing.is_kept_from_content:
            return _("When it ran, how many steps it took, and how many duties it could not perform.")
        return self.lede


def _failed(user: User) -> int:
    """How many duties the clock could not perform, for those who see none of them."""
    stuck = Obligation.objects.filter(scopes.q(user, roles=(Role.SYSTEM_ADMIN,))).open().exclude(clock_error="")
    return stuck.count()
