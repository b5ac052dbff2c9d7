"""What the clock will do, the calendar it counts by, the ladders it reads."""

from datetime import timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations import clock as ladder_clock
from portal.obligations import facts, policies, services
from portal.obligations.choices import FORMAL
from portal.obligations.forms import DayForm, NoticeForm
from portal.obligations.models import ClockRun, Ladder, Obligation
from portal.obligations.presentation import ACTION_ICONS
from portal.organisation.models import Unit
from portal.web.views import PageMixin, TemplateView, VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.models import CalendarDay, NoticeYear

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
        stuck = Obligation.objects.visible_to(user).open().exclude(clock_error="").select_related("unit")[:20]
        days = coming_days(user, AHEAD)
        return super().get_context_data(days=days, runs=ClockRun.objects.all()[:10], stuck=stuck, **kwargs)


class CalendarPage(PageMixin, TemplateView):
    """Which years are decreed, which are provisional, and the days that were entered."""

    template_name = "obligations/calendar.html"
    title = _("Working days")
    lede = _(
        "Due days count working days, with make-up weekends. A year whose holiday notice is not out is provisional."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds years and days."""
        calendar, year = load_calendar(), clock.today().year
        noticed = {row.year: row for row in NoticeYear.objects.all()}
        years = [
            {"year": y, "provisional": y in calendar.provisional_years, "notice": noticed.get(y)}
            for y in range(year - 1, year + 3)
        ]
        may_edit = policies.may_edit_calendar(self.request.user)
        return super().get_context_data(years=years, days=CalendarDay.objects.all()[:200], may_edit=may_edit, **kwargs)


def _edits(user: User, _object: object) -> bool:
    return policies.may_edit_calendar(user)


class EnterNotice(VerbView):
    """Enter a year's holiday notice."""

    title = _("Enter a holiday notice")
    lede = _("Open due days that depend on it are counted anew.")
    crumbs = ((_("Working days"), "/calendar/"),)
    form_class = NoticeForm
    purpose = "enter-notice"
    submit_label = _("Enter the notice")
    back_url = "/calendar/"
    policy = staticmethod(_edits)

    def get_initial(self) -> dict[str, Any]:
        """The first year that is not decreed."""
        return {"year": min(load_calendar().provisional_years, default=clock.today().year + 1)}

    def perform(self, form: NoticeForm) -> int:
        """Enter it."""
        typed = form.cleaned_data
        days = dict.fromkeys(typed["rest"], False) | dict.fromkeys(typed["work"], True)
        return services.enter_notice(self.request.user, typed["year"], reference=typed["reference"], days=days)

    def get_result_url(self, result: int) -> str:
        """The calendar."""
        return "/calendar/"


class SetDay(VerbView):
    """Make one day a working day or a rest day."""

    title = _("Set one day")
    lede = _("Open due days that depend on it are counted anew.")
    crumbs = ((_("Working days"), "/calendar/"),)
    form_class = DayForm
    purpose = "set-day"
    back_url = "/calendar/"
    policy = staticmethod(_edits)

    def perform(self, form: DayForm) -> int:
        """Set it."""
        typed = form.cleaned_data
        works = typed["is_workday"] == "yes"
        return services.set_day(self.request.user, typed["day"], is_workday=works, reason=typed["reason"])

    def get_result_url(self, result: int) -> str:
        """The calendar."""
        return "/calendar/"


class LaddersPage(PageMixin, TemplateView):
    """The ladders in their versions."""

    template_name = "obligations/ladders.html"
    title = _("Ladders")
    lede = _("What follows when a duty is near, due and overdue. A duty keeps the version it was opened under.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the versions."""
        ladders = Ladder.objects.prefetch_related("rungs")
        return super().get_context_data(
            ladders=ladders, may_edit=self.request.user.standing.has(Role.COORDINATOR), **kwargs
        )
