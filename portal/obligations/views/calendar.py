"""The calendar that due days are counted by: which years are decreed, which days rest, and entering both."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.obligations import policies, services
from portal.obligations.forms import DayForm, NoticeForm
from portal.web import dates
from portal.web.views import PageMixin, TemplateView, VerbView
from portal.workdays import clock
from portal.workdays.calendar import FIRST_YEAR, LAST_YEAR, expected_make_up_days, expected_rest_days
from portal.workdays.calendar import load as load_calendar
from portal.workdays.models import CalendarDay, NoticeYear
from portal.workdays.rules import Calendar

DAYS_LISTED = 200


class Month(NamedTuple):
    """A month of the calendar in force: the weekdays that rest, the Saturdays and Sundays that do not."""

    name: str
    rest: list[str]
    work: list[str]


def months(calendar: Calendar, year: int) -> list[Month]:
    """The twelve months of a year, as the calendar counts them now."""
    rest: dict[int, list[str]] = {number: [] for number in range(1, 13)}
    work: dict[int, list[str]] = {number: [] for number in range(1, 13)}
    day = date(year, 1, 1)
    while day.year == year:
        works = calendar.is_workday(day)
        if works != (day.weekday() < 5):
            (work if works else rest)[day.month].append(dates.day_of_month(day))
        day += timedelta(days=1)
    return [Month(dates.month(number), rest[number], work[number]) for number in range(1, 13)]


class CalendarPage(PageMixin, TemplateView):
    """Which years are decreed and which are provisional, their days by month, and what was entered by whom."""

    template_name = "obligations/calendar.html"
    title = _("Working days")
    lede = _(
        "Due days count working days, with make-up weekends. A year whose holiday notice is not out is provisional."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the years around this one, the days entered, and the receipt of what was entered just now."""
        calendar, this_year = load_calendar(), clock.today().year
        noticed = {row.year: row for row in NoticeYear.objects.all()}
        years = [
            {
                "year": year,
                "provisional": year in calendar.provisional_years,
                "notice": noticed.get(year),
                "months": months(calendar, year),
                "is_open": year in (this_year, this_year + 1),
            }
            for year in range(max(this_year - 1, FIRST_YEAR), min(this_year + 2, LAST_YEAR) + 1)
        ]
        days = CalendarDay.objects.select_related("entered_by").order_by("-date")[:DAYS_LISTED]
        return super().get_context_data(
            years=years,
            days=days,
            entered=noticed.get(_number(self.request.GET.get("entered", ""))),
            day_set=_day_set(self.request.GET.get("set", "")),
            may_edit=policies.may_edit_calendar(self.request.user),
            **kwargs,
        )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) == 4 else 0


def _day_set(text: str) -> CalendarDay | None:
    """The day that was set just now; None where the address names none."""
    try:
        return CalendarDay.objects.filter(date=dates.parse(text)).first() if text else None
    except ValueError:
        return None


def _edits(user: User, _object: object) -> bool:
    return policies.may_edit_calendar(user)


class EnterNotice(VerbView):
    """Enter a year's holiday notice."""

    title = _("Enter a holiday notice")
    lede = _(
        "The lists begin with the days that the calendar expects: correct them by the notice. Open due days that depend on "
        "them are counted anew; days that you set by hand stay."
    )
    crumbs = ((_("Working days"), "/calendar/"),)
    form_class = NoticeForm
    purpose = "enter-notice"
    submit_label = _("Enter the notice")
    back_url = "/calendar/"
    policy = staticmethod(_edits)

    def get_initial(self) -> dict[str, Any]:
        """The year asked for, or the first that is not decreed: its notice as entered, else the days expected."""
        asked = _number(self.request.GET.get("year", ""))
        provisional = load_calendar().provisional_years
        year = asked if FIRST_YEAR <= asked <= LAST_YEAR else min(provisional, default=clock.today().year + 1)
        notice = NoticeYear.objects.filter(pk=year).prefetch_related("days").first()
        if notice is None:
            rest, work = list(expected_rest_days(year)), list(expected_make_up_days(year))
        else:
            rest = [day.date for day in notice.days.all() if not day.is_workday]
            work = [day.date for day in notice.days.all() if day.is_workday]
        reference = notice.reference if notice else ""
        return {"year": year, "reference": reference, "rest": _lines(rest), "work": _lines(work)}

    def perform(self, form: NoticeForm) -> int:
        """Enter it."""
        typed = form.cleaned_data
        year: int = typed["year"]
        days = dict.fromkeys(typed["rest"], False) | dict.fromkeys(typed["work"], True)
        services.enter_notice(self.request.user, year, reference=typed["reference"], days=days)
        return year

    def get_result_url(self, result: int) -> str:
        """The calendar, with what came of it."""
        return f"/calendar/?entered={result}"


def _lines(days: list[date]) -> str:
    return "\n".join(day.isoformat() for day in days)


class SetDay(VerbView):
    """Make one day a working day or a rest day."""

    title = _("Set one day")
    lede = _("Open due days that depend on it are counted anew. The day stays as you set it when a notice is entered.")
    crumbs = ((_("Working days"), "/calendar/"),)
    form_class = DayForm
    purpose = "set-day"
    back_url = "/calendar/"
    policy = staticmethod(_edits)

    def perform(self, form: DayForm) -> date:
        """Set it."""
        typed = form.cleaned_data
        day: date = typed["day"]
        works = typed["is_workday"] == "yes"
        services.set_day(self.request.user, day, is_workday=works, reason=typed["reason"])
        return day

    def get_result_url(self, result: date) -> str:
        """The calendar, with the day."""
        return f"/calendar/?set={result.isoformat()}"
