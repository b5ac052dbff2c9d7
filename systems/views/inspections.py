"""Inspections: the list, and an inspection with its checklist."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.organisation.filters import PartOfTreeFilter
from portal.web.dates import full_day
from portal.workdays import clock
from systems import policies
from systems.models import Inspection, InspectionState, Requirement
from systems.views.base import RoomList, RoomObject


class InspectionFilter(django_filters.FilterSet):
    """By part of the tree, year and state."""

    part = PartOfTreeFilter()
    unit = django_filters.CharFilter(field_name="unit__code", label=_("Unit code"))
    year = django_filters.NumberFilter(label=_("Year"))
    state = django_filters.ChoiceFilter(choices=InspectionState.choices, label=_("State"), empty_label=_("All"))


class InspectionTable(django_tables2.Table):
    """Inspections."""

    serial = django_tables2.Column(verbose_name=_("No."), linkify=True, order_by=("year", "serial"))
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    round = django_tables2.Column(verbose_name=_("Round"), accessor="round__title", orderable=False, default="")
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    planned_on = django_tables2.Column(verbose_name=_("Planned for"))
    lead = django_tables2.Column(verbose_name=_("Inspector"), accessor="lead__name", orderable=False)
    found = django_tables2.Column(verbose_name=_("Findings"))

    def render_serial(self, record: Inspection) -> str:
        """Year and number."""
        return f"{record.year}-{record.serial}"

    def render_planned_on(self, value: Any) -> str:
        """With its year."""
        return full_day(value)


class InspectionsPage(RoomList):
    """The inspections of the units that a person sees."""

    model = Inspection
    title = _("Inspections")
    table_class = InspectionTable
    filterset_class = InspectionFilter
    export_name = "inspections"
    template_name = "systems/inspections.html"
    empty = _("No inspection has been planned yet. Plan a round by cycle, by sample or by risk.")

    def get_queryset(self) -> "QuerySet[Any]":
        """With the number of findings."""
        seen: QuerySet[Any] = super().get_queryset().select_related("unit", "round", "lead")
        found: QuerySet[Any] = seen.annotate(found=Count("findings")).order_by("-year", "-serial")
        return found

    def get_lede(self) -> str:
        """How many are under way."""
        count = Inspection.objects.visible_to(self.request.user).filter(state=InspectionState.UNDER_WAY).count()
        text = ngettext("%(count)s inspection is under way.", "%(count)s inspections are under way.", count)
        return text % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether the reader inspects."""
        return super().get_context_data(inspects=policies.inspects(self.request.user), **kwargs)


class InspectionMixin:
    """Finds the inspection that the address names, among those the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: Inspection

    def get_object(self) -> Inspection:
        """By year and number. Raises DoesNotExist."""
        seen = Inspection.objects.visible_to(self.request.user).select_related("unit", "lead", "round")
        return seen.get(year=self.kwargs["year"], serial=self.kwargs["serial"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The inspections."""
        return [(_t("Inspections"), reverse("systems:inspections"))]

    def get_lede(self) -> str:
        """Which inspection of which unit."""
        return f"{self.object} · {self.object.unit.name}"


class InspectionPage(InspectionMixin, RoomObject):
    """An inspection: what is asked, what was seen, what was found."""

    template_name = "systems/inspection.html"

    def get_title(self) -> str:
        """Which one of which unit."""
        return f"{self.object.unit.name}: {self.object}"

    def get_lede(self) -> str:
        """Where it stands, and why this unit."""
        return f"{self.object.get_state_display()} · {self.object.reason}".rstrip(" ·")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the checklist by system, findings, progress, and whether the catalogue has changed since."""
        inspection, user = self.object, self.request.user
        items = list(inspection.items.select_related("requirement__system").prefetch_related("findings"))
        newest = {r.system_id: r.pk for r in Requirement.objects.in_force(clock.today().year)}
        stale = any(newest.get(item.requirement.system_id) != item.requirement_id for item in items)
        may_enter = policies.may_enter(user, inspection) and inspection.unit.dissolved_on is None
        carries = policies.may_carry_out(user, inspection)
        waiting = [item for item in items if not item.answer]
        return super().get_context_data(
            inspection=inspection,
            items=items,
            waiting=len(waiting),
            answered=len(items) - len(waiting),
            following=waiting[0] if waiting else None,
            findings=inspection.findings.select_related("rectification", "category"),
            stale=stale and inspection.state == InspectionState.UNDER_WAY,
            may_begin=carries and inspection.state == InspectionState.PLANNED,
            may_enter=may_enter,
            may_cancel=carries and inspection.state in (InspectionState.PLANNED, InspectionState.UNDER_WAY),
            categories=inspection.categories.all(),
            **kwargs,
        )
