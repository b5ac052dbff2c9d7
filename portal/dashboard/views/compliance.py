"""The compliance matrix alone: a page of it, or all of it as a workbook."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.dashboard import matrix
from portal.dashboard.views.home import OVERSEES
from portal.obligations.presentation import ICONS, Code
from portal.obligations.views.duties import STATES
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

    def matrix_context(self, chosen: matrix.Choice, calendar: Calendar) -> dict[str, Any]:
        """A page of the matrix with its filters."""
        user = self.request.user
        return {
            "request": self.request,
            "matrix": matrix.build(user, chosen, clock.today(), calendar),
            "chosen": chosen,
            "types": UnitType.objects.all(),
            "parts": matrix.parts_of(user),
            "states": STATES,
            "legend": [{"code": code, "icon": ICONS[Code(code)], "text": text} for code, text in STATES],
        }


class CompliancePage(OverseeingMixin, TemplateView):
    """The matrix alone."""

    template_name = "dashboard/compliance.html"
    title = _("Compliance")
    lede = _("Units and their duties of the year.")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the matrix as a workbook."""
        if request.GET.get("export") == "xlsx":
            return self._workbook()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the matrix."""
        chosen = self.chosen()
        return super().get_context_data(**self.matrix_context(chosen, load_calendar()), **kwargs)

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
        for _type, units in drawn.groups:
            for unit, cells in units:
                yield [unit["code"], unit["name"], *(cell.state.text if cell else "" for cell in cells)]
