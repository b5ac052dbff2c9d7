"""The first page of each role, and the compliance matrix."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.dashboard import matrix, todo
from portal.obligations import clock as ladder_clock
from portal.obligations import facts, measures, registry
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.obligations.presentation import ICONS, Code, ladder_of, next_sentence, state_of
from portal.obligations.views.clock import coming_days
from portal.obligations.views.duties import STATES
from portal.organisation.models import Unit, UnitType
from portal.web import export
from portal.web.dates import headline
from portal.web.views import PageMixin, TemplateView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar

AHEAD = timedelta(days=7)
PANEL_SECONDS = 60
BAR_ORDER = (Code.DONE, Code.LATE, Code.OPEN, Code.SOON, Code.OVERDUE, Code.WAIVED, Code.SUSPENDED, Code.VACANT)
KEY_ORDER = (Code.OVERDUE, Code.SOON, Code.OPEN, Code.LATE, Code.DONE, Code.WAIVED, Code.SUSPENDED, Code.VACANT)
OVERSEES = (Role.COORDINATOR, Role.AUDITOR, Role.HEAD, Role.MEMBER, Role.SYSTEM_ADMIN)


class Home(PageMixin, View):
    """The first page: by the role that the person chose, or the one that has most to do."""

    def get(self, request: Any) -> HttpResponse:
        """Coordinators and auditors to the whole, leaders and liaisons to their unit."""
        standing = request.user.standing
        wanted = request.GET.get("as", "")
        if standing.has(Role.COORDINATOR, Role.AUDITOR) and wanted != "leader":
            return HttpResponseRedirect("/today/")
        if standing.has(Role.HEAD, Role.MEMBER) and wanted != "leader":
            return HttpResponseRedirect("/today/")
        return HttpResponseRedirect("/my/")


class ComplianceMixin(PageMixin):
    """What the coordinator's page and the matrix alone share."""

    def allowed(self, user: User) -> bool:
        """Those who watch over a part of the tree."""
        return user.standing.has(*OVERSEES)

    def matrix_context(self, page: str | None = None) -> dict[str, Any]:
        """A page of the matrix with its filters."""
        user, today, calendar = self.request.user, clock.today(), load_calendar()
        given = self.request.GET
        year = int(given["year"]) if given.get("year", "").isdigit() else today.year
        everything = given.get("show") == "all"
        attention = None if everything else matrix.attention_of(user, year, today, calendar)
        under = Unit.objects.filter(code__iexact=given.get("under", "").strip()).first() if given.get("under") else None
        units = matrix.units_for(
            user,
            attention=attention,
            under=str(under.path) if under else "",
            type_code=given.get("type", ""),
            words=given.get("q", ""),
        )
        drawn = matrix.build(units, year, page or given.get("page"), today, calendar)
        return {
            "matrix": drawn,
            "year": year,
            "everything": everything,
            "types": UnitType.objects.all(),
            "chosen_type": given.get("type", ""),
            "under": given.get("under", ""),
            "legend": [{"code": code, "icon": ICONS[Code(code)], "text": text} for code, text in STATES],
        }


class TodayPage(ComplianceMixin, TemplateView):
    """The coordinator's morning: what waits, what the clock will do, how the year stands."""

    template_name = "dashboard/today.html"

    def get_title(self) -> str:
        """The day."""
        return headline(clock.today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds everything in a number of queries that does not grow with the units."""
        user, today, calendar = self.request.user, clock.today(), load_calendar()
        waiting = todo.items(user, today)
        shown = self.matrix_context()
        counts = measures.counts(user, shown["year"], today, calendar)
        total = sum(count for code, count in counts.items() if code != Code.NOT_OWED)
        return super().get_context_data(
            lede=self._sentence(len(waiting)),
            todo=waiting[:7],
            waiting=len(waiting),
            keys=[(code, ICONS[code], dict(STATES)[code], counts.get(code, 0)) for code in KEY_ORDER],
            bar=_bar(counts, total),
            total=total,
            panel=_panel(user),
            trend=_trend(user, shown["year"], today),
            today=today,
            **shown,
            **kwargs,
        )

    @staticmethod
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


def _panel(user: User) -> list[dict[str, Any]]:
    """The clock's next days; computed once a minute for each scope, because it reads every duty that is near."""
    scopes = sorted({(a.path, a.subtree) for a in user.standing.assignments})
    last = ladder_clock.idle_since()
    key = f"clock-panel:{clock.today()}:{get_language()}:{last.pk if last else 0}:{hash(tuple(scopes))}"
    days: list[dict[str, Any]] | None = cache.get(key)
    if days is None:
        days = coming_days(user, AHEAD)
        cache.set(key, days, PANEL_SECONDS)
    return days


def _trend(user: User, year: int, today: date) -> list[measures.Month]:
    """Overdue duties at the end of each month of the year so far; kept for a minute, past months do not change."""
    last = today.month if year == today.year else 12
    days = [min(date(year, month, monthrange(year, month)[1]), today) for month in range(1, last + 1)]
    paths = sorted({a.path for a in user.standing.scopes(*OVERSEES)})
    key = f"trend:{today}:{':'.join(paths)}:{year}"
    found: list[measures.Month] | None = cache.get(key)
    if found is None:
        found = measures.trend(paths, year, days)
        cache.set(key, found, PANEL_SECONDS)
    return found


class CompliancePage(ComplianceMixin, TemplateView):
    """The matrix alone."""

    template_name = "dashboard/compliance.html"
    title = _("Compliance")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the matrix as a workbook."""
        if request.GET.get("export") == "xlsx":
            return self._workbook()
        return super().get(request, *args, **kwargs)

    def _workbook(self) -> HttpResponse:
        """All units that the filters leave, a page at a time."""
        shown = self.matrix_context()
        drawn: matrix.Matrix = shown["matrix"]
        rows: list[list[str]] = [[_t("Code"), _t("Unit"), *(c.label_en for c in drawn.columns)]]
        for number in drawn.page.paginator.page_range:
            for _name, units in self.matrix_context(str(number))["matrix"].groups:
                rows += [[u["code"], u["name"], *(c.state.text if c else "" for c in cells)] for u, cells in units]
        answer = HttpResponse(export.as_xlsx(rows), content_type=export.XLSX)
        answer["Content-Disposition"] = 'attachment; filename="compliance.xlsx"'
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the matrix."""
        return super().get_context_data(**self.matrix_context(), **kwargs)


class MyPage(PageMixin, TemplateView):
    """What a leader, a liaison or anybody owes: cards, what happens next, one button each."""

    template_name = "dashboard/my.html"

    def get_title(self) -> str:
        """How many things are owed."""
        count = len(self._duties())
        if not count:
            return _t("You owe nothing")
        return ngettext("You owe %(count)s thing", "You owe %(count)s things", count) % {"count": count}

    def _duties(self) -> list[Obligation]:
        """The open duties of the units in which the person is leader or liaison, the most urgent first."""
        if not hasattr(self, "_found"):
            paths = [a.path for a in self.request.user.standing.scopes(Role.TOP_LEADER, Role.LIAISON)]
            owed = Obligation.objects.open().filter(unit__path__in=paths).order_by("due_on", "pk")
            self._found = list(owed.select_related("unit", "tenure__person"))
        return self._found

    def get_lede(self) -> str:
        """In which office."""
        return ", ".join(a.office or str(a.role.label) for a in self.request.user.standing.assignments)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the cards, the ladder of all, and what is done."""
        duties, user = self._duties(), self.request.user
        today, calendar = clock.today(), load_calendar()
        rows = facts.rows(Obligation.objects.open().filter(pk__in=[duty.pk for duty in duties]))
        coming = ladder_clock.forecast(today + timedelta(days=60), rows)
        first: dict[int, ladder_clock.Coming] = {}
        for step in coming:
            first.setdefault(step.obligation_id, step)
        cards = [
            {
                "duty": duty,
                "state": state_of(duty, today, calendar),
                "kind": registry.get(duty.kind),
                "url": registry.get(duty.kind).url(duty),
                "next": next_sentence(first.get(duty.pk)),
                "formal": duty.pk in first and first[duty.pk].action != "remind",
                "may_ask": today < duty.due_on,
                "provisional": calendar.is_provisional(duty.due_on),
            }
            for duty in duties
        ]
        paths = [a.path for a in user.standing.scopes(Role.TOP_LEADER, Role.LIAISON)]
        done = Obligation.objects.filter(unit__path__in=paths).exclude(state__in=(State.OPEN, State.CANCELLED))
        recent = [(duty, state_of(duty, today, calendar)) for duty in done.order_by("-closed_on")[:8]]
        return super().get_context_data(
            cards=cards,
            todo=todo.items(user, today)[:7],
            rungs=ladder_of([], coming[:6]),
            done=recent,
            units=Unit.objects.filter(path__in=paths),
            **kwargs,
        )
