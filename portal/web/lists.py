"""The page of a list: filters, sorting, pages, export."""

from typing import Any, ClassVar

import django_filters
import django_tables2
from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from django_tables2 import RequestConfig

from portal.web import export
from portal.web.filters import chips, explain
from portal.web.pages import PageMixin, Text
from portal.web.paging import CappedPaginator


class ListPage(PageMixin, TemplateView):
    """A list with filters, sorting, pages and an export of exactly what is shown.

    Sets: `model` (whose `objects.visible_to(user)` narrows it), `table_class`, `filterset_class`, `empty` (the sentence
    when there is nothing at all), `export_name`.
    """

    template_name = "web/list.html"
    model: ClassVar[type[models.Model]]
    table_class: ClassVar[type[django_tables2.Table]]
    filterset_class: ClassVar[type[django_filters.FilterSet]]
    per_page = 40
    empty: Text = _("There is nothing here yet.")
    export_name = "list"

    def get_queryset(self) -> models.QuerySet[Any]:
        """What the person may see."""
        queryset: models.QuerySet[Any] = self.model.objects.visible_to(self.request.user)  # type: ignore[attr-defined]
        return queryset

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the file when `?export=xlsx` or `csv`."""
        self.filterset = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        explain(self.filterset)
        # A filter that cannot be understood shows nothing: all rows would pass for what was asked for.
        rows = self.filterset.qs if self.filterset.is_valid() else self.get_queryset().none()
        # Without the request: given it, the table pages itself at once, and counts every row for that.
        self.table = self.table_class(rows)
        kind = request.GET.get("export")
        if kind in export.KINDS and self.filterset.is_valid():
            RequestConfig(request, paginate=False).configure(self.table)
            return export.response(self.table, self.export_name, kind)
        paginate = {"per_page": self.per_page, "paginator_class": CappedPaginator, "silent": True}
        RequestConfig(request, paginate=paginate).configure(self.table)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds table, filter and the filters in force, which tell an empty list from one that they emptied."""
        query = self.request.GET.copy()
        query.pop("export", None)
        in_force = chips(self.filterset, self.request.GET)
        extra = {"table": self.table, "filter": self.filterset, "filtered": bool(in_force), "chips": in_force}
        return super().get_context_data(empty=self.empty, query=query.urlencode(), **extra, **kwargs)
