"""The coordinator's morning: what waits, what the clock will do, how the year stands."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from portal.accounts import kept
from portal.accounts.models import User
from portal.dashboard import matrix, todo
from portal.dashboard.todo import Todo
from portal.dashboard.views.compliance import OverseeingMixin
from portal.obligations import clock as ladder_clock
from portal.obligations import facts, measures, owed
from portal.obligations.choices import FORMAL
from portal.obligations.measures import Month
from portal.obligations.models import Obligation
from portal.obligations.presentation import ICONS, Code
from portal.obligations.views.clock import coming_days
from portal.obligations.views.duty_list import STATES
from portal.web.dates import day, headline
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar

AHEAD = timedelta(days=7)
BAR_ORDER = (Code.DONE, Code.LATE, Code.OPEN, Code.SOON, Code.OVERDUE, Code.WAIVED, Code.SUSPENDED, Code.VACANT)
KEY_ORDER = (Code.OVERDUE, Code.SOON, Code.OPEN, Code.LATE, Code.DONE, Code.WAIVED, Code.SUSPENDED, Code.VACANT)


class TodayPage(kept.KeptPage, OverseeingMixin, TemplateView):
    """Everything in a number of queries that does not grow with the units; the page as drawn is kept until something happens."""

    kept_as = "today"
    template_name = "dashboard/today.html"

    def get_title(self) -> str:
        """The day."""
        return headline(clock.today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what waits, the matrix, the figures and what the clock will do."""
        return super().get_context_data(**self._draw(self.chosen()), **kwargs)

    def _draw(self, chosen: matrix.Choice) -> dict[str, Any]:
        user, today, calendar = self.request.user, clock.today(), load_calendar()
        waiting = todo.gather(user, today, calendar)
        figures = measures.overview(user, chosen.year, today, calendar)
        counts = measures.counts(figures)
        total = sum(count for code, count in counts.items() if code != Code.NOT_OWED)
        words = dict(STATES)
        months = kept.a_minute(user, "trend", (chosen.year,), lambda: _trend(user, chosen.year, today))
        trend = [*months, measures.overdue_now(figures, today)]
        return self.matrix_context(chosen, calendar, figures) | {
            "lede": _sentence(waiting, today),
            "waiting": waiting,
            "own_overdue": owed.count_overdue(user, today) if user.standing.has(*owed.OWES) else 0,
            "keys": [(code, ICONS[code], words[code], counts.get(code, 0)) for code in KEY_ORDER],
            "bar": _bar(counts, total),
            "total": total,
            "days": kept.a_minute(user, "coming", (), lambda: _coming(user)),
            "trend": trend,
            "finding": _finding(trend),
            "today": today,
        }


def _coming(user: User) -> SafeString:
    """The next days of the clock, drawn."""
    return render_to_string("obligations/days.html", {"days": coming_days(user, AHEAD)})


def _sentence(waiting: Todo, today: date) -> str:
    """How many things wait, and how many of them would stop a formal step of the clock."""
    if not waiting.count:
        return _t("Nothing waits for you.")
    text = ngettext("%(count)s thing waits for you.", "%(count)s things wait for you.", waiting.count)
    sentence = text % {"count": waiting.count}
    stopped, on = _stopped(waiting, today)
    return f"{sentence} {_stops(stopped, on, today)}" if on is not None else sentence


def _stopped(waiting: Todo, today: date) -> tuple[int, date | None]:
    """How many of the things stop a formal step in the next days, and the first of these days.

    Nothing is said where not all of the things were read: the number would be too small.
    """
    if not waiting.stops:
        return 0, None
    rows = facts.rows(Obligation.objects.open().filter(pk__in=waiting.stops))
    first: dict[int, date] = {}
    for step in ladder_clock.forecast(today + AHEAD, rows):
        if step.action in FORMAL:
            first.setdefault(step.obligation_id, step.on)
    return sum(duty_id in first for duty_id in waiting.stops), min(first.values(), default=None)


def _stops(count: int, on: date, today: date) -> str:
    values = {"count": count, "day": day(on)}
    if on == today + timedelta(days=1):
        text = ngettext(
            "%(count)s of them stops a formal step that the clock would otherwise take tomorrow.",
            "%(count)s of them stop formal steps that the clock would otherwise take, the first tomorrow.",
            count,
        )
    else:
        text = ngettext(
            "%(count)s of them stops a formal step that the clock would otherwise take on %(day)s.",
            "%(count)s of them stop formal steps that the clock would otherwise take, the first on %(day)s.",
            count,
        )
    return text % values


def _bar(counts: dict[str, int], total: int) -> list[dict[str, Any]]:
    """The parts of the year's bar, in thousandths of its width."""
    parts, start = [], 0.0
    for code in BAR_ORDER:
        width = 1000 * counts.get(code, 0) / total if total else 0
        if width:
            parts.append({"code": code, "x": round(start, 1), "width": round(max(width - 2, 1), 1)})
        start += width
    return parts


def _trend(user: User, year: int, today: date) -> list[Month]:
    """Overdue duties at the end of each month of the year that is over; today's are among the page's own figures."""
    ends = [date(year, month, monthrange(year, month)[1]) for month in range(1, 13)]
    return measures.trend(user, year, [end for end in ends if end < today])


def _finding(trend: Sequence[Month]) -> str:
    """What the chart shows, as a sentence: how many are overdue now, and more or fewer than at the last month's end."""
    totals = [month.few + month.some + month.many for month in trend]
    now, before = ([0, 0, *totals])[-1], ([0, 0, *totals])[-2]
    values = {"now": now, "before": before}
    if now > before:
        text = ngettext(
            "%(now)s duty is overdue, up from %(before)s at the end of the month before",
            "%(now)s duties are overdue, up from %(before)s at the end of the month before",
            now,
        )
    elif now < before:
        text = ngettext(
            "%(now)s duty is overdue, down from %(before)s at the end of the month before",
            "%(now)s duties are overdue, down from %(before)s at the end of the month before",
            now,
        )
    else:
        text = ngettext(
            "%(now)s duty is overdue, as many as at the end of the month before",
            "%(now)s duties are overdue, as many as at the end of the month before",
            now,
        )
    return text % values
