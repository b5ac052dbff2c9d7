"""The directory as PDF: asked for, made by a worker, fetched."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.network import directory_pdf
from portal.network.forms import OrderForm
from portal.web.models import Job
from portal.web.views import PageMixin, VerbView


class OrderDirectory(VerbView):
    """Ask for what the network shows as a directory on paper."""

    title = _("Directory as PDF")
    form_class = OrderForm
    purpose = "order-directory"
    submit_label = _("Make the PDF")
    crumbs = ((_("Network"), "/network/"),)

    def get_initial(self) -> dict[str, Any]:
        """What the network showed."""
        return {"query": self.request.GET.urlencode()}

    def get_back_url(self) -> str:
        """The network as it was shown."""
        query = self.request.GET.urlencode()
        return f"{reverse('network:browse')}?{query}" if query else reverse("network:browse")

    def get_consequences(self) -> list[str]:
        """What it holds, and for how long it is kept."""
        return [
            _t("The PDF holds what the page showed, with the same filters: a line for each office, and page numbers."),
            _t("It is kept for a day, for you alone. Phones and mail are those that you may see."),
        ]

    def perform(self, form: OrderForm) -> Job:
        """Order it."""
        return directory_pdf.order(self.request.user, form.cleaned_data["query"])

    def get_result_url(self, result: Job) -> str:
        """Its progress."""
        return reverse("web:job", args=(result.pk,))


class DirectoryFile(PageMixin, View):
    """The PDF, to who asked for it."""

    def get(self, request: Any, pk: int) -> HttpResponse:
        """The file, as an attachment."""
        answer = HttpResponse(directory_pdf.made(request.user, pk), content_type="application/pdf")
        answer["Content-Disposition"] = 'attachment; filename="network.pdf"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
