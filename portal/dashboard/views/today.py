"""The coordinator's morning: what waits, what the clock will do, how the year stands."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from portal.accounts.models import User
from portal.dashboard import kept, matrix, todo
from portal.dashboard.views.compliance import OverseeingMixin
from portal.dashboard.views.home import OVERSEES, SHOWN
from portal.obligations import measures
from portal.obligations.presentation import ICONS, Code
from portal.obligations.views.clock import coming_days
from portal.obligations.views.duties import STATES
from portal.web.dates import headline
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar

AHEAD = timedelta(days=7)
BAR_ORDER = (Code.DONE, Code.LATE, Code.OPEN, Code.SOON, Code.OVERDUE, Code.WAIVED, Code.SUSPENDED, Code.VACANT)
KEY_ORDER = (Code.OVERDUE, Code.SOON, Code.OPEN, Code.LATE, Code.DONE, Code.WAIVED, Code.SUSPENDED, Code.VACANT)


class TodayPage(OverseeingMixin, TemplateView):
    """Everything in a number of queries that does not grow with the units; drawn anew when something has happened."""

    template_name = "dashboard/today.html"

    def get_title(self) -> str:
        """The day."""
        return headline(clock.today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the body of the page and the sentence above it."""
        chosen = self.chosen()
        drawn = kept.until_deed(self.request.user, "today", chosen, lambda: self._draw(chosen))
        return super().get_context_data(**drawn, **kwargs)

    def _draw(self, chosen: matrix.Choice) -> dict[str, str]:
        user, today, calendar = self.request.user, clock.today(), load_calendar()
        waiting = todo.items(user, today, calendar)
        counts = measures.counts(user, chosen.year, today, calendar)
        total = sum(count for code, count in counts.items() if code != Code.NOT_OWED)
        words = dict(STATES)
        panel = kept.a_minute(user, "coming", (), lambda: coming_days(user, AHEAD))
        trend = kept.a_minute(user, "trend", (chosen.year,), lambda: _trend(user, chosen.year, today))
        context = self.matrix_context(chosen, calendar) | {
            "todo": waiting[:SHOWN],
            "waiting": len(waiting),
            "keys": [(code, ICONS[code], words[code], counts.get(code, 0)) for code in KEY_ORDER],
            "bar": _bar(counts, total),
            "total": total,
            "panel": panel,
            "trend": trend,
            "finding": _finding(trend),
            "today": today,
        }
        return {"lede": _sentence(len(waiting)), "body": render_to_string("dashboard/today_body.html", context)}


def _sentence(count: int) -> str:
    if not count:
        return _t("Nothing waits for you.")
    return ngettext("%(count)s thing waits for you.", "%(count)s things wait for you.", count) % {"count": count}


def _bar(counts: dict[str, int], total: int) -> list[dict[str, Any]]:
    """The parts of the year's bar, in thousandths of its width."""
    parts, start = [], 0.0
    for code in BAR_ORDER:
        width = 1000 * counts.get(code, 0) / total if total else 0
        if width:
            parts.append({"code": code, "x": round(start, 1), "width": round(max(width - 2, 1), 1)})
        start += width
    return parts


def _trend(user: User, year: int, today: date) -> list[measures.Month]:
    """Overdue duties at the end of each month of the year so far."""
    last = today.month if year == today.year else 12
    days = [min(date(year, month, monthrange(year, month)[1]), today) for month in range(1, last + 1)]
    paths = sorted({a.path for a in user.standing.scopes(*OVERSEES)})
    return measures.trend(paths, year, days)


def _finding(trend: list[measures.Month]) -> str:
    """What the chart shows, as a sentence: how many are overdue now, and more or fewer than at the last month's end."""
    totals = [month.few + month.some + month.many for month in trend]
    now, before = ([0, 0, *totals])[-1], ([0, 0, *totals])[-2]
    values = {"now": now, "before": before}
    if now > before:
        return _t("%(now)s duties are overdue, up from %(before)s at the end of the month before") % values
    if now < before:
        return _t("%(now)s duties are overdue, down from %(before)s at the end of the month before") % values
    return _t("%(now)s duties are overdue, as many as at the end of the month before") % values
