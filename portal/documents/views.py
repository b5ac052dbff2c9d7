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


class CodeForm(forms.Form):
    """The code printed under a document's QR code."""

    code = forms.CharField(
        label=_("Verification code"), max_length=20, help_text=_("Twelve characters, at the foot of the last page.")
    )

    def clean_code(self) -> str:
        """Without spaces and in capitals, however it was typed."""
        return "".join(self.cleaned_data["code"].split()).upper()


class VerifyPage(FormView):  # type: ignore[type-arg]
    """Where the code of a document is entered."""

    template_name = "documents/verify.html"
    form_class = CodeForm

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Go to the document's page, or say that there is none."""
        code = form.cleaned_data["code"]
        if not SealedDocument.objects.filter(code=code).exists():
            form.add_error("code", _("No document has this code. Compare it with the paper, letter by letter."))
            return self.render_to_response(self.get_context_data(form=form), status=404)
        return HttpResponseRedirect(reverse("documents:verified", args=(code,)))


class CompareForm(forms.Form):
    """A PDF to compare with what was issued; it is not kept."""

    file = forms.FileField(label=_("PDF file"), help_text=_("The file is compared and not kept."))

    def clean_file(self) -> Any:
        """Not larger than any document of ours."""
        file = self.cleaned_data["file"]
        if file.size > COMPARE_MAX_BYTES:
            raise forms.ValidationError(_("This file is larger than any document of the portal."))
        return file


class VerifiedPage(TemplateView):
    """What the portal knows of a document, told to whoever has its code: no names, no content."""

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
        same = None
        if form.is_valid():
            digest = hashlib.sha256()
            for chunk in form.cleaned_data["file"].chunks():
                digest.update(chunk)
            same = digest.hexdigest() == self._document().sha256
        return self.render_to_response(self.get_context_data(form=form, compared=same is not None, same=same))
