"""A unit's file to take along: a dossier on paper, and a workbook."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.documents import pdf
from portal.organisation import sections
from portal.organisation.models import Unit
from portal.web import export
from portal.web.dates import full_day
from portal.web.i18n import titled
from portal.web.pages import PageMixin
from portal.workdays import clock
from responsibility.models import Programme

# A table on paper ends here and says so; the workbook has every row.
PAPER_ROWS = 300


class _File(PageMixin, View):
    """What both have: the unit, the year that is looked at, the sections that the reader may know of."""

    def get(self, request: Any, code: str) -> HttpResponse:
        """The file. 404 for a unit that the reader may not see."""
        unit = Unit.objects.visible_to(request.user).select_related("type", "sector", "parent").get(code=code)
        known = sections.known_to(request.user, unit)
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and int(asked) in sections.years_of(known, request.user, unit) else None
        return self.answer(unit, known, year)

    def answer(self, unit: Unit, known: list[sections.Section], year: int | None) -> HttpResponse:
        """Put it together."""
        raise NotImplementedError

    def sheets(self, unit: Unit, known: list[sections.Section], year: int | None) -> list[sections.Sheet]:
        """The tables of all sections, and the timeline as the last."""
        found = [sheet for section in known for sheet in section.sheets(unit, self.request.user, year) if sheet.rows]
        happened = sections.timeline(known, self.request.user, unit, year)
        headings = (_("Day"), _("What happened here"), _("More"))
        return [*found, sections.Sheet(_("What happened here"), headings, [(e.on, e.title, e.text) for e in happened])]

    @staticmethod
    def named(content: bytes, mime: str, unit: Unit, year: int | None, ending: str) -> HttpResponse:
        """The answer, with a name that says what it is."""
        answer = HttpResponse(content, content_type=mime)
        name = f"{unit.code}-{year}" if year else unit.code
        answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


class Dossier(_File):
    """The unit's file as PDF, with a table of contents."""

    def answer(self, unit: Unit, known: list[sections.Section], year: int | None) -> HttpResponse:
        """The paper: days as people write them, long tables cut with a word."""
        parts = [
            {
                "title": sheet.title,
                "headings": sheet.headings,
                "rows": [[_cell(cell) for cell in row] for row in sheet.rows[:PAPER_ROWS]],
                "left_out": max(len(sheet.rows) - PAPER_ROWS, 0),
            }
            for sheet in self.sheets(unit, known, year)
        ]
        title = titled(_("File of the unit"), unit.name)
        context = {
            "unit": unit,
            "year": year,
            "parts": parts,
            "today": clock.today(),
            "reader": self.request.user.name,
            "programme": Programme.objects.get(pk=1),
        }
        language = get_language() or settings.LANGUAGE_CODE
        content = pdf.render("pdf/dossier.html", context, language=language, title=title)
        return self.named(content, "application/pdf", unit, year, "pdf")


class Workbook(_File):
    """The unit's file as a workbook, a sheet for each table."""

    def answer(self, unit: Unit, known: list[sections.Section], year: int | None) -> HttpResponse:
        """Every row; days as days."""
        found = self.sheets(unit, known, year)
        content = export.as_workbook([(str(s.title), [[str(h) for h in s.headings], *s.rows]) for s in found])
        return self.named(content, export.XLSX, unit, year, "xlsx")


def _cell(cell: sections.Cell) -> str:
    if isinstance(cell, date):
        return full_day(cell)
    return "" if cell is None else str(cell)
