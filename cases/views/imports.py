"""The pages of an import of decisions: upload, columns, check, receipt."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import policies
from cases.models import FaultyRow, Punishment, PunishmentUpload
from cases.punishments import columns as known
from cases.punishments import wording
from cases.services import imports
from cases.views.base import RoomMixin
from portal.organisation.models import Unit
from portal.web import export
from portal.web.models import Job, JobState
from portal.web.views import Text, VerbView

SHOWN_ROWS = 60
# A cell that was put right: its row in the file and its place; how much of it is read.
MENDED, MENDED_MAX = re.compile(r"cell-(\d{1,9})-(\d{1,3})"), 20_000
ROOM = "cases:search"


class UploadForm(forms.Form):
    """A file of decisions, and whose they are."""

    agency = forms.ModelChoiceField(Unit.objects.none(), label=_("Agency that decided"), empty_label=None)
    file = forms.FileField(label=_("File"), help_text=_("XLSX, or CSV in UTF-8 or GB18030, as the agency exported it."))

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = policies.agencies_of(by)  # type: ignore[attr-defined]
        self.fields["agency"].label_from_instance = lambda unit: unit.name  # type: ignore[attr-defined]


class Upload(RoomMixin, VerbView):
    """Upload a file of decisions."""

    title = _("Import decisions on penalties")
    lede = _("Nothing is saved yet: you say what its columns are, and see what is in it first.")
    form_class = UploadForm
    purpose = "upload-punishments"
    submit_label = _("Upload")
    room, back_url = ROOM, "/cases/search/"

    @staticmethod
    def policy(user: Any, _object: object) -> bool:
        """Who works on cases."""
        return policies.may_work(user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who asks: the agencies of that part of the tree."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, form: UploadForm) -> PunishmentUpload:
        """Keep the file."""
        return imports.begin(self.request.user, form.cleaned_data["agency"], form.cleaned_data["file"])

    def get_result_url(self, result: PunishmentUpload) -> str:
        """Its columns."""
        return reverse("cases:import-columns", args=(result.pk,))


class OwnUpload(RoomMixin, VerbView):
    """A verb about one's own upload."""

    room = ROOM

    @staticmethod
    def policy(user: Any, upload: PunishmentUpload) -> bool:
        """Who works on cases where the agency is."""
        return policies.may_work_at(user, str(upload.agency.path))

    def get_object(self) -> PunishmentUpload:
        """The person's own."""
        mine = PunishmentUpload.objects.filter(run__owner=self.request.user.pk)
        return mine.select_related("run__job", "agency").get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The imports."""
        return [(_t("Imports"), reverse("cases:import"))]

    def get_back_url(self) -> str:
        """Another file."""
        return reverse("cases:import")

    def steps(self, now: str) -> list[dict[str, Text]]:
        """The procedure, with where it stands."""
        found: PunishmentUpload = self.object
        wide = len(found.layout["headings"])
        figures = imports.figures(found.run)
        texts = {
            "upload": wording.size(found.layout["size"]),
            "columns": _t("%(matched)s of %(all)s matched") % {"matched": len(found.columns), "all": wide},
            "check": wording.to_mend(figures.mend) if now in ("check", "import") else "",
            "import": "",
        }
        titles: dict[str, Text] = {
            "upload": _("Upload"),
            "columns": _("Columns"),
            "check": _("Check"),
            "import": _("Import"),
        }
        order = list(titles)
        here = order.index(now)
        codes = ["done" if number < here else "now" if number == here else "todo" for number in range(len(order))]
        return [
            {"code": code, "title": titles[key], "text": texts[key]} for key, code in zip(order, codes, strict=True)
        ]


class ColumnsForm(forms.Form):
    """Which column of the file is which."""

    def __init__(self, *args: Any, headings: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("leave out")), *((column.code, column.label) for column in known.COLUMNS)]
        for place, heading in enumerate(headings):
            self.fields[f"c{place}"] = forms.ChoiceField(choices=choices, required=False, label=heading)

    def codes(self) -> dict[int, str]:
        """The column code by place."""
        return {int(name[1:]): code for name, code in self.cleaned_data.items()}


class Columns(OwnUpload):
    """Say which column of the file is which; kept for the agency's next file."""

    template_name = "cases/import_columns.html"
    form_class = ColumnsForm
    purpose = "columns-of-punishments"
    submit_label = _("Check the rows")

    def get_title(self) -> Text:
        """The file."""
        return _t("What are the columns of %(file)s?") % {"file": self.object.run.name}

    def get_lede(self) -> Text:
        """That it is remembered."""
        return _t("What you say here is kept for the next file of %(agency)s.") % {"agency": self.object.agency.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The headings of the file."""
        return super().get_form_kwargs() | {"headings": self.object.layout["headings"]}

    def get_initial(self) -> dict[str, Any]:
        """As guessed, or as was said before."""
        return {f"c{place}": code for place, code in self.object.columns.items()}

    def perform(self, form: ColumnsForm) -> Job:
        """Begin to check."""
        url = reverse("cases:import-check", args=(self.object.pk,))
        return imports.choose_columns(self.request.user, self.object.pk, form.codes(), next_url=url)

    def get_result_url(self, result: Job) -> str:
        """Its progress."""
        return reverse("web:job", args=(result.pk,))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds each column with the first values under it."""
        context = super().get_context_data(upload=self.object, steps=self.steps("columns"), **kwargs)
        samples = self.object.layout["samples"]
        context["columns"] = [
            (field, list(filter(None, (row[place] if place < len(row) else "" for row in samples))))
            for place, field in enumerate(context["form"])
        ]
        return context


class MendRows(OwnUpload):
    """Put right cells of the rows that were left out, and check these rows again."""

    form_class = forms.Form
    purpose = "mend-punishments"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The rows stand on the page of the check."""
        return HttpResponseRedirect(reverse("cases:import-check", args=(self.object.pk,)))

    def perform(self, form: forms.Form) -> Job:
        """Check them as a file of their own."""
        cells: dict[int, dict[int, str]] = {}
        for name, text in self.request.POST.items():
            found = MENDED.fullmatch(name)
            if found is not None:
                cells.setdefault(int(found[1]), {})[int(found[2])] = text[:MENDED_MAX]
        return imports.mend_rows(
            self.request.user, self.object.pk, cells, next_url=lambda pk: reverse("cases:import-check", args=(pk,))
        )

    def get_result_url(self, result: Job) -> str:
        """Its progress."""
        return reverse("web:job", args=(result.pk,))


class Check(OwnUpload):
    """What the file holds, what is wrong with it, and the import of what is ready."""

    template_name = "cases/import_check.html"
    form_class = forms.Form
    purpose = "write-punishments"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; the rows to mend as a file; the progress while a job is at it."""
        job = self.object.run.job
        if job is not None and not job.is_finished:
            return HttpResponseRedirect(reverse("web:job", args=(job.pk,)))
        if job is None:
            return HttpResponseRedirect(reverse("cases:import-columns", args=(self.object.pk,)))
        if request.GET.get("export") == "xlsx":
            answer = HttpResponse(export.as_xlsx(self._to_mend()), content_type=export.XLSX)
            answer["Content-Disposition"] = 'attachment; filename="to-mend.xlsx"'
            return answer
        return super().get(request, *args, **kwargs)

    def _to_mend(self) -> Iterator[list[str]]:
        yield [*self.object.layout["headings"], _t("What is wrong")]
        for row in FaultyRow.objects.filter(run=self.object.pk).iterator():
            yield [*row.cells, " ".join(wording.problems(row.problems))]

    def perform(self, form: forms.Form) -> Job:
        """Begin to write."""
        return imports.write_ready(self.request.user, self.object.pk, next_url=str(self.request.path))

    def get_result_url(self, result: Job) -> str:
        """Its progress."""
        return reverse("web:job", args=(result.pk,))

    def get_title(self) -> Text:
        """What there is to do."""
        run = self.object.run
        if run.applied_at is not None:
            return _t("%(file)s is imported") % {"file": run.name}
        count = sum(imports.figures(run))
        sentence = ngettext(
            "Check %(count)s row before it is saved", "Check %(count)s rows before they are saved", count
        )
        return sentence % {"count": f"{count:,}"}

    def get_lede(self) -> Text:
        """That nothing is lost."""
        if self.object.run.applied_at is not None:
            return str(self.object.agency.name)
        return _t(
            "Nothing has been saved yet. You can import the good rows now and the rest later: a row is never imported twice."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds figures, problems by kind, and the first rows to mend."""
        run, job = self.object.run, self.object.run.job
        failed = job if job is not None and job.state == JobState.FAILED else None
        rows = FaultyRow.objects.filter(run=self.object.pk)[:SHOWN_ROWS]
        figures = imports.figures(run)
        return super().get_context_data(
            upload=self.object,
            run=run,
            failed=failed,
            steps=self.steps("import" if run.applied_at else "check"),
            figures=figures,
            wrote=run.summary.get("wrote", {}),
            reasons=[(wording.problem(code), n, row) for code, (n, row) in run.summary.get("reasons", {}).items()],
            table=wording.table(self.object, rows),
            shown=SHOWN_ROWS,
            newest=Punishment.objects.filter(run_id=run.pk)[:5] if run.applied_at else (),
            **kwargs,
        )
