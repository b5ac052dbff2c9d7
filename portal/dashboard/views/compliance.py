"""The compliance matrix alone: a page of it, or all of it as a workbook."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import kept
from portal.accounts.models import User
from portal.dashboard import matrix
from portal.dashboard.panel import panel_of
from portal.dashboard.views.home import OVERSEES
from portal.obligations import measures
from portal.obligations.measures import Group
from portal.obligations.presentation import ICONS, Code
from portal.obligations.views.duty_list import STATES
from portal.organisation.models import UnitType
from portal.web import export
from portal.web.views import PageMixin, TemplateView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.rules import Calendar


class OverseeingMixin(PageMixin):
    """What the coordinator's page and the matrix share."""

    def allowed(self, user: User) -> bool:
        """Those who watch over a part of the tree."""
        return user.standing.has(*OVERSEES)

    def chosen(self) -> matrix.Choice:
        """What the address asks for."""
        return matrix.Choice.read(self.request.GET, clock.today())

    def matrix_context(
        self,
        chosen: matrix.Choice,
        calendar: Calendar,
        figures: Sequence[Group] | None = None,
        panel: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """A page of the matrix with its filters, and the panel of a cell."""
        user, today = self.request.user, clock.today()
        current = panel["duty"].pk if panel else None
        known = kept.a_minute(user, "years", (), lambda: measures.years(user))
        return {
            "matrix": matrix.build(user, chosen, today, calendar, figures=figures, current=current),
            "chosen": chosen,
            "years": sorted({*known, today.year, chosen.year}, reverse=True),
            "panel": panel,
            "types": UnitType.objects.all(),
            "parts": matrix.parts_of(user),
            "states": STATES,
            "legend": [{"code": code, "icon": ICONS[Code(code)], "text": text} for code, text in STATES],
        }


class CompliancePage(OverseeingMixin, TemplateView):
    """The matrix alone; a cell's panel stands beside it when the address names its duty."""

    template_name = "dashboard/compliance.html"
    title = _("Compliance")
    lede = _("Units and their duties of the year.")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, the panel of a cell alone where a script asks for it, or the matrix as a workbook."""
        if request.GET.get("export") == "xlsx":
            return self._workbook()
        if request.htmx and "cell" in request.GET:
            return HttpResponse(render_to_string("dashboard/panel.html", {"panel": self._panel(load_calendar())}))
        return super().get(request, *args, **kwargs)

    def _panel(self, calendar: Calendar) -> dict[str, Any] | None:
        return panel_of(self.request.user, self.request.GET.get("cell", ""), clock.today(), calendar)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the matrix and the panel."""
        chosen, calendar = self.chosen(), load_calendar()
        extra = self.matrix_context(chosen, calendar, panel=self._panel(calendar))
        return super().get_context_data(**extra, **kwargs)

    def _workbook(self) -> HttpResponse:
        answer = HttpResponse(export.as_xlsx(list(self._rows())), content_type=export.XLSX)
        answer["Content-Disposition"] = 'attachment; filename="compliance.xlsx"'
        return answer

    def _rows(self) -> Iterator[list[str]]:
        """All units that the filters leave."""
        drawn = matrix.build(
            self.request.user, self.chosen(), clock.today(), load_calendar(), per_page=matrix.EXPORT_ROWS
        )
        yield [_t("Code"), _t("Unit"), *(column.label for column in drawn.columns)]
        for group in drawn.groups:
            for unit, cells in group.units:
                yield [unit["code"], unit["name"], *(cell.state.text if cell else "" for cell in cells)]
