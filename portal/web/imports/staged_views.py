"""The pages of an import of very many rows: upload, progress, what was found, what was written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.web import export
from portal.web.errors import WrongState
from portal.web.imports import staged, staging
from portal.web.imports.reading import require_kind
from portal.web.imports.staged import StagedImporter
from portal.web.imports.views import SHOWN_ROWS, ImportUploadView, UploadForm, in_words
from portal.web.models import ImportRun, Job, JobState
from portal.web.views import Crumb, VerbView


class NotChecked(WrongState):
    """The check is not through, or nothing is ready."""

    code = "not-checked"
    message = _("No row of this file is ready to be imported.")


class StagedUploadView(ImportUploadView):
    """Upload a file of any length; it is checked in the background. Sets what `ImportUploadView` sets."""

    importer: ClassVar[type[StagedImporter]]  # type: ignore[assignment]

    def look_at(self, path: Path, name: str) -> None:
        """What it is; its rows are read in the background."""
        require_kind(path, name)

    def perform(self, form: UploadForm) -> ImportRun:
        """Keep the upload and begin to check it."""
        run = super().perform(form)
        staging.start_check(self.request.user, run, reverse(self.check_url_name, args=(run.pk,)))
        return run

    def get_result_url(self, result: ImportRun) -> str:
        """The progress of the check."""
        assert result.job is not None
        return reverse("web:job", args=(result.job.pk,))


class StagedCheckView(VerbView):
    """What a file holds and what is wrong with it; the import of what is ready.

    Sets: `importer`, `upload_url_name`, `done`.
    """

    template_name = "web/import_staged.html"
    form_class = forms.Form
    submit_label = _("Import")
    importer: ClassVar[type[StagedImporter]]
    upload_url_name: ClassVar[str]
    # Where what was imported is seen: label and address.
    done: ClassVar[Sequence[Crumb]] = ()

    def get_object(self) -> ImportRun:
        """The person's own upload."""
        mine = ImportRun.objects.filter(owner=self.request.user.pk, kind=self.importer.code)
        return mine.select_related("job").get(pk=self.kwargs["pk"])

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; the rows to mend as a file; the progress while a job is at it."""
        job = self.object.job
        if job is not None and not job.is_finished:
            return HttpResponseRedirect(reverse("web:job", args=(job.pk,)))
        if request.GET.get("export") == "xlsx" and self.object.checked_at is not None:
            answer = HttpResponse(export.as_xlsx(staged.to_mend(self.object)), content_type=export.XLSX)
            answer["Content-Disposition"] = 'attachment; filename="to-mend.xlsx"'
            return answer
        return super().get(request, *args, **kwargs)

    def perform(self, form: forms.Form) -> Job:
        """Begin to write what is ready. Raises NotChecked."""
        run = ImportRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=self.object.pk)
        if run.checked_at is None or (run.job is not None and not run.job.is_finished) or run.applied_at is not None:
            raise NotChecked
        if not staged.ready(run).exists():
            raise NotChecked
        return staging.start_write(self.request.user, run, str(self.request.path))

    def get_result_url(self, result: Job) -> str:
        """Its progress."""
        return reverse("web:job", args=(result.pk,))

    def get_back_url(self) -> str:
        """Another file."""
        return reverse(self.upload_url_name)

    def get_title(self) -> str:
        """The name of the file."""
        return str(self.object.name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what was found, or what was written."""
        run, job = self.object, self.object.job
        failed = job if job is not None and job.state == JobState.FAILED else None
        if run.checked_at is None:
            return super().get_context_data(run=run, failed=failed, **kwargs)
        figures = staged.figures(run)
        found = list(staged.first_problems(run, SHOWN_ROWS))
        return super().get_context_data(
            run=run,
            failed=failed,
            figures=figures,
            refused=run.summary.get("refused", ()),
            will=in_words(self.importer.nouns, figures.effects),
            did=in_words(self.importer.nouns, run.summary.get("effects", {})),
            shown=found,
            shown_rows=SHOWN_ROWS,
            done=self.done,
            **kwargs,
        )
