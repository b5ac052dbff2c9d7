"""What was released of cases, for everybody."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from cases.models import Exposure

PER_PAGE = 20


class PublicExposures(View):
    """What was published, for everybody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        page = Paginator(Exposure.objects.published().select_related("sector"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        return render(request, "cases/public_exposures.html", {"page": page})


class PublicExposure(View):
    """One of them; a withdrawn one is not there."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The masked text."""
        found = Exposure.objects.published().select_related("sector", "rank").filter(pk=pk).first()
        if found is None:
            raise Http404
        return render(request, "cases/public_exposure.html", {"exposure": found})
