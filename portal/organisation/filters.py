"""Filters of lists by place in the tree."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.organisation.models import Unit

WIDE_SPACE = "\N{EM SPACE}"


def parts_of_tree(request: HttpRequest | None) -> "QuerySet[Unit]":
    """The units with others below them that a person may see."""
    if request is None:
        return Unit.objects.none()
    seen = Unit.objects.visible_to(request.user).active()  # type: ignore[arg-type]
    return seen.filter(children__dissolved_on__isnull=True, children__isnull=False).distinct().order_by("path")


class PartField(django_filters.fields.ModelChoiceField):
    """Units by name, indented by depth."""

    def label_from_instance(self, obj: Unit) -> str:
        """The name behind a wide space for each unit above, which a select keeps and a filter's chip does not show."""
        return f"{WIDE_SPACE * (len(obj.path) - 1)}{obj.name}"


class PartOfTreeFilter(django_filters.ModelChoiceFilter):
    """A select of the parts of the tree that the reader sees: a unit and everything below it.

    `path` is the lookup of a row's `ltree` path; the address says the unit's code.
    """

    field_class = PartField

    def __init__(self, path: str = "unit__path", **kwargs: Any) -> None:
        words = {"queryset": parts_of_tree, "to_field_name": "code", "empty_label": _("All")}
        super().__init__(**words | {"label": _("Part of the tree")} | kwargs)
        self.path = path

    def filter(self, qs: Any, value: Unit | None) -> Any:
        """A unit and all below it."""
        return qs if value is None else qs.filter(**{f"{self.path}__descendants": str(value.path)})
