"""The three pages of an import: upload, check, done."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web import export
from portal.web.errors import PortalError
from portal.web.i18n import is_chinese, listed
from portal.web.imports.base import Importer, Preview, Row
from portal.web.imports.reading import FileRefused, read_rows
from portal.web.models import ImportRun
from portal.web.views import Crumb, VerbView
from portal.workdays import clock

SHOWN_ROWS = 200


class ImportHasErrors(PortalError):
    """Rows went wrong between the check and the import; nothing was written."""

    code = "import-has-errors"
    message = _("Some rows cannot be imported. Nothing was written: mend them in the file and upload it again.")


class UploadForm(forms.Form):
    """A file to import."""

    file = forms.FileField(label=_("File"), help_text=_("XLSX, or CSV in UTF-8 or GB18030."))

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // (1024 * 1024)
            raise forms.ValidationError(
                _t("The file is larger than %(limit)s MB. Split it and import the parts.") % {"limit": limit}
            )
        return file


class ImportUploadView(VerbView):
    """Upload a file. Sets: `importer`, `check_url_name`."""

    template_name = "web/import_upload.html"
    form_class = UploadForm
    submit_label = _("Upload and check")
    importer: ClassVar[type[Importer]]
    check_url_name: ClassVar[str]

    def form_valid(self, form: UploadForm) -> HttpResponse:
        """Read the file before the transaction begins; one that is not kept leaves nothing behind."""
        self.upload = self._stored(form.cleaned_data["file"])
        try:
            self.look_at(Path(self.upload.file.path), self.upload.name)
            return super().form_valid(form)
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
            return self._again(form, refusal.status)
        finally:
            if not ImportRun.objects.filter(file=self.upload.file.name).exists():
                self.upload.file.delete(save=False)

    def look_at(self, path: Path, name: str) -> None:
        """Refuse what cannot be read. Raises FileRefused."""
        read_rows(path, name)

    def _stored(self, file: Any) -> ImportRun:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        run = ImportRun(
            owner_id=self.request.user.pk,
            kind=self.importer.code,
            name=Path(file.name).name[:200],
            size=file.size,
            sha256=digest.hexdigest(),
            uploaded_at=clock.now(),
        )
        run.file.save(f"{run.sha256[:20]}.upload", file, save=False)
        return run

    def perform(self, form: UploadForm) -> ImportRun:
        """Keep the upload, which has been looked at."""
        self.upload.save()
        return self.upload

    def get_result_url(self, result: ImportRun) -> str:
        """The page that shows what was found."""
        return reverse(self.check_url_name, args=(result.pk,))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the columns, so that people see what a file needs."""
        return super().get_context_data(columns=self.importer.columns, **kwargs)


class ImportCheckView(VerbView):
    """What a file holds and what is wrong with it; the import itself, all or nothing.

    Sets: `importer`, `upload_url_name`, `done`.
    """

    template_name = "web/import_check.html"
    form_class = forms.Form
    submit_label = _("Import")
    importer: ClassVar[type[Importer]]
    upload_url_name: ClassVar[str]
    # Where what was imported is seen: label and address.
    done: ClassVar[Sequence[Crumb]] = ()

    def get_object(self) -> ImportRun:
        """The person's own upload."""
        return ImportRun.objects.get(pk=self.kwargs["pk"], owner=self.request.user.pk, kind=self.importer.code)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the list of errors as a file."""
        if request.GET.get("export") == "xlsx":
            rows = [[_t("Row"), _t("Column"), _t("Reason")], *self._preview().errors]
            answer = HttpResponse(export.as_xlsx(rows), content_type=export.XLSX)
            answer["Content-Disposition"] = 'attachment; filename="errors.xlsx"'
            return answer
        return super().get(request, *args, **kwargs)

    def _rows(self) -> list[list[str]]:
        return read_rows(Path(self.object.file.path), self.object.name)

    def _preview(self) -> Preview:
        return self.importer().check(self._rows(), by=self.request.user)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Read the file before the transaction begins: a workbook may take minutes."""
        self.rows = self._rows() if self.object.applied_at is None else []
        return super().form_valid(form)

    def perform(self, form: forms.Form) -> ImportRun:
        """Import everything; a file that was imported already is not imported again."""
        run: ImportRun = ImportRun.objects.select_for_update().get(pk=self.object.pk)
        if run.applied_at is None:
            summary = self.importer().apply(self.request.user, self.rows)
            run.summary = summary.as_dict() | {"made": summary.made}
            run.applied_at = clock.now()
            run.save(update_fields=["summary", "applied_at"])
        return run

    def get_result_url(self, result: ImportRun) -> str:
        """The same page, which then shows what was written."""
        return str(self.request.path)

    def get_back_url(self) -> str:
        """Another file."""
        return reverse(self.upload_url_name)

    def get_title(self) -> str:
        """What is to be done with the file."""
        return str(self.object.name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what was found, or what was written."""
        words = self._counted
        if self.object.applied_at is not None:
            new, changed = (words(self.object.summary.get(key, {})) for key in ("new", "changed"))
            return super().get_context_data(run=self.object, done=self.done, new=new, changed=changed, **kwargs)
        preview = self._preview()
        bad = set(preview.bad_rows)
        ready = [row for row in preview.rows if row.number not in bad]
        tab = self.request.GET.get("tab") if bad else "ready"
        return super().get_context_data(
            run=self.object,
            preview=preview,
            new=words(preview.summary.new),
            changed=words(preview.summary.changed),
            tab="ready" if tab == "ready" else "mend",
            shown=preview.errors[:SHOWN_ROWS],
            columns=self._used(ready),
            ready=ready[:SHOWN_ROWS],
            counts={"mend": len(bad), "ready": len(ready), "shown": SHOWN_ROWS},
            **kwargs,
        )

    def _counted(self, counts: Mapping[str, int]) -> str:
        return in_words(self.importer.nouns, counts)

    def _used(self, rows: list[Row]) -> list[tuple[str, str]]:
        """Code and heading of the columns that hold something, in the reader's language."""
        place = 1 if is_chinese() else 0
        used = {code for row in rows[:SHOWN_ROWS] for code, cell in row.cells.items() if cell}
        return [(column.code, column.headings[place]) for column in self.importer.columns if column.code in used]


def in_words(nouns: Mapping[str, Any], counts: Mapping[str, int]) -> str:
    """What a summary counts: "2 units, 1 person"."""
    return listed(nouns[what] % {"count": count} for what, count in counts.items() if what in nouns)


__all__ = ["ImportCheckView", "ImportHasErrors", "ImportUploadView", "in_words"]
