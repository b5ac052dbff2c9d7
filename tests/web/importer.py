"""The smallest importer: a note and a day for each row, written as jobs."""

from typing import Any, ClassVar

from django.utils.translation import ngettext_lazy

from portal.web import dates
from portal.web.imports import Column, Importer, Preview, RowError, Summary, match_headings
from portal.web.imports.base import rows_of
from portal.web.imports.views import ImportHasErrors
from portal.web.models import Job
from portal.workdays import clock


class NotesImporter(Importer):
    code = "notes"
    title = "Notes"
    columns = (Column("note", ("Note", "备注"), required=True), Column("day", ("Day", "日期", "Date")))
    nouns: ClassVar = {"notes": ngettext_lazy("%(count)s note", "%(count)s notes", "count")}

    def check(self, table: list[list[str]], by: Any = None) -> Preview:
        places, errors = match_headings(self.columns, table[0], chinese=False)
        rows = [] if errors else rows_of(table, places)
        for row in rows:
            try:
                dates.parse(row.cells.get("day", ""))
            except ValueError as error:
                errors.append(RowError(row.number, "Day", str(error)))
        summary = Summary()
        summary.new["notes"] = len(rows)
        return Preview(rows, errors, summary)

    def apply(self, by: Any, table: list[list[str]]) -> Summary:
        preview = self.check(table, by)
        if preview.errors:
            raise ImportHasErrors
        for row in preview.rows:
            Job.objects.create(owner=by, kind="note", params=row.cells, created_at=clock.now())
        return preview.summary
