"""Files for who may read them, and verification for everybody."""

import hashlib
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView, View

from portal.documents import services
from portal.documents.models import Attachment, SealedDocument
from portal.web.views import PageMixin
from portal.workdays import clock

COMPARE_MAX_BYTES = 30 * 1024 * 1024


class FilePage(PageMixin, View):
    """An attachment, to be kept and not to be shown in place."""

    def get(self, request: Any, pk: int) -> FileResponse:
        """The file; 404 for who may not read what it belongs to."""
        attachment = Attachment.objects.get(pk=pk)
        if not services.readable(request.user, attachment):
            raise Http404
        return download(attachment.file, attachment.name, attachment.content_type)


def download(file: Any, name: str, content_type: str) -> FileResponse:
    """A file as an attachment that no browser will run."""
    answer = FileResponse(file.open("rb"), content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


class PdfField(forms.FileField):
    """A PDF to compare with what was issued, as bytes; it is not kept."""

    widget = forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"})

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """Not larger than any document of ours."""
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > COMPARE_MAX_BYTES:
            raise forms.ValidationError(_("This file is larger than any document of the portal."))
        return bytes(file.read())


class VerifyForm(forms.Form):
    """A PDF, or the code printed under a document's QR code."""

    file = PdfField(
        label=_("The PDF"), required=False, help_text=_("Choose it or drop it here. The file is compared and not kept.")
    )
    code = forms.CharField(
        label=_("Or its verification code"),
        max_length=20,
        required=False,
        help_text=_("Twelve characters, at the foot of the last page."),
    )

    def clean_code(self) -> str:
        """Without spaces and in capitals, however it was typed."""
        return "".join(self.cleaned_data["code"].split()).upper()

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        typed: dict[str, Any] = super().clean() or {}
        if not self.errors and not typed.get("file") and not typed.get("code"):
            self.add_error("file", _("Choose the PDF, or type the code."))
        return typed


class VerifyPage(FormView):  # type: ignore[type-arg]
    """Where a PDF is dropped, or the code of a document entered."""

    template_name = "documents/verify.html"
    form_class = VerifyForm

    def form_valid(self, form: VerifyForm) -> HttpResponse:
        """What the file is; without one, go to the document's page, or say that there is none."""
        content, code = form.cleaned_data["file"], form.cleaned_data["code"]
        if content is not None:
            return self.render_to_response(self.get_context_data(form=form, judged=judged(content)))
        if not SealedDocument.objects.filter(code=code).exists():
            form.add_error("code", _("No document has this code. Compare it with the paper, letter by letter."))
            return self.render_to_response(self.get_context_data(form=form), status=404)
        return HttpResponseRedirect(reverse("documents:verified", args=(code,)))


class CompareForm(forms.Form):
    """A PDF to compare with what was issued."""

    file = PdfField(label=_("PDF file"), help_text=_("The file is compared and not kept."))


class VerifiedPage(TemplateView):
    """What the portal knows of a document, told to whoever has its code: no names, no content.

    Who has the file itself learns of its signatures too: the names stand in it.
    """

    template_name = "documents/verified.html"

    def _document(self) -> SealedDocument:
        found = SealedDocument.objects.select_related("replaced_by").filter(code=self.kwargs["code"].upper()).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the document, and the one that stands in its place."""
        document = self._document()
        newer = getattr(document, "replaced_by", None)
        ended_on = document.ended_on or (newer and newer.issued_at.astimezone(clock.zone()).date())
        words = {"document": document, "newer": newer, "ended_on": ended_on}
        return super().get_context_data(**words, **{"form": CompareForm(), **kwargs})

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Compare a file with the one that was issued."""
        form = CompareForm(request.POST, request.FILES)
        found = judged(form.cleaned_data["file"]) if form.is_valid() else None
        return self.render_to_response(self.get_context_data(form=form, judged=found))


def judged(content: bytes) -> dict[str, Any]:
    """What a file is, as the pages say it."""
    # Imported by the first file: a web process that verifies none does not pay for it.
    from portal.documents.signing import verifying

    found = verifying.judge(content)
    document = found.document
    return {
        "verdict": found.verdict,
        "label": found.verdict.label,
        "genuine": found.genuine,
        "current": found.verdict == verifying.Verdict.CURRENT,
        "document": document,
        "newer": getattr(document, "replaced_by", None),
        "ended_on": verifying.ended_on(document) if document else None,
        "findings": found.findings if found.genuine else (),
        "stamp": getattr(document, "stamp", None),
        "checked_at": clock.now(),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
