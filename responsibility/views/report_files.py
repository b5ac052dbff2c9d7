"""The files of a report: attached and taken away; those of the clean-government part have addresses of their own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.documents.models import Attachment
from portal.web.forms import FileForm
from portal.web.i18n import titled
from portal.web.views import Text
from responsibility import policies
from responsibility.models import Part, Report
from responsibility.services import reports
from responsibility.views.report_writing import WritingView


class FilesView(WritingView):
    """What attaching and taking away share. Sets: `part`, whose writers may."""

    part = Part.WORK

    def get_object(self) -> Report:
        """The report, if the person may write the part."""
        report = super().get_object()
        policies.require(policies.may_write_part(self.request.user, report, self.part))
        return report


class AttachFile(FilesView):
    """Attach a file to a report."""

    title = _("Attach a file")
    form_class = FileForm
    purpose = "attach-to-report"
    submit_label = _("Attach")

    def get_title(self) -> str:
        """To which report."""
        return titled(self.title, self.object.period.title)

    def get_lede(self) -> Text:
        """Who will read it."""
        if self.part == Part.CLEAN:
            return _t("Only the leading group above the unit and the coordinator read this part and its files.")
        return _t("Everybody who sees the report of the unit reads it. What concerns only you belongs to part 3.")

    def perform(self, form: FileForm) -> Attachment:
        """Keep it."""
        return reports.attach(self.request.user, self.object.pk, self.part, form.cleaned_data["file"])

    def get_result_url(self, result: Attachment) -> str:
        """The report."""
        return str(self.object.get_absolute_url())


class DetachFile(FilesView):
    """Take an attached file away again."""

    title = _("Take the file away")
    form_class = forms.Form
    purpose = "detach-from-report"
    submit_label = _("Take it away")
    danger = True

    def get_lede(self) -> str:
        """Which file."""
        return str(self._files().get(pk=self.kwargs["pk"]))

    def _files(self) -> Any:
        return reports.files_of(self.object, self.part)

    def perform(self, form: forms.Form) -> Report:
        """Remove it."""
        return reports.detach(self.request.user, self.object.pk, self.part, self.kwargs["pk"])


class AttachCleanFile(AttachFile):
    """Attach a file to the clean-government part."""

    purpose = "attach-to-declaration"
    part = Part.CLEAN


class DetachCleanFile(DetachFile):
    """Take a file of the clean-government part away again."""

    purpose = "detach-from-declaration"
    part = Part.CLEAN
