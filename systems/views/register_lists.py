"""The lists of the register: systems, and blank areas."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.organisation.filters import PartOfTreeFilter
from portal.web.dates import day, full_day
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import policies
from systems.models import BlankArea, RequiredSystem, SystemState, UnitSystem
from systems.views.base import RoomList


class RegisterFilter(django_filters.FilterSet):
    """By name, part of the tree, unit, category and state."""

    q = django_filters.CharFilter(label=_("Name"), method="named")
    part = PartOfTreeFilter()
    unit = django_filters.CharFilter(field_name="unit__code", label=_("Unit code"))
    category = django_filters.ModelChoiceFilter(
        queryset=RequiredSystem.objects.all(), to_field_name="code", label=_("Required system"), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(choices=SystemState.choices, label=_("State"), empty_label=_("All"))

    def named(self, queryset: Any, name: str, value: str) -> Any:
        """By either name."""
        return queryset.filter(Q(name_zh__icontains=value) | Q(name_en__icontains=value))


class RegisterTable(django_tables2.Table):
    """Systems of units."""

    name = django_tables2.Column(verbose_name=_("System"), linkify=True, order_by="name_zh")
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    in_force_from = django_tables2.Column(verbose_name=_("In force from"), default="")
    review_due_on = django_tables2.Column(verbose_name=_("Review due"), default="")

    def render_in_force_from(self, value: Any) -> str:
        """With its year."""
        return full_day(value)

    render_review_due_on = render_in_force_from


class RegisterPage(RoomList):
    """The systems of the units that a person sees."""

    model = UnitSystem
    title = _("Register of systems")
    table_class = RegisterTable
    filterset_class = RegisterFilter
    export_name = "register"
    template_name = "systems/register.html"
    empty = _("No system is registered yet. Open the coverage and adopt one where a cell is blank, or import a list.")

    def get_queryset(self) -> "QuerySet[UnitSystem]":
        """In the order of the tree."""
        seen = UnitSystem.objects.visible_to(self.request.user).select_related("unit", "category")
        return seen.order_by("unit__path", "category__order", "pk")

    def get_lede(self) -> str:
        """How many are in force."""
        count = UnitSystem.objects.visible_to(self.request.user).in_force().count()
        return ngettext("%(count)s system is in force.", "%(count)s systems are in force.", count) % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether the reader may import."""
        return super().get_context_data(may_import=policies.may_import(self.request.user), **kwargs)


class BlankFilter(django_filters.FilterSet):
    """By part of the tree and by what is blank."""

    part = PartOfTreeFilter()
    category = django_filters.ModelChoiceFilter(
        queryset=RequiredSystem.objects.all(), to_field_name="code", label=_("Required system"), empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        choices=(("system", _("Without a rule")), ("power", _("Without supervision"))),
        method="of_kind",
        label=_("Kind"),
        empty_label=_("All"),
    )

    def of_kind(self, queryset: Any, name: str, value: str) -> Any:
        """A required system, or a power."""
        return queryset.filter(power__isnull=value == "system")


class BlankTable(django_tables2.Table):
    """Blank areas: since when, and until when."""

    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    what = django_tables2.Column(verbose_name=_("What is blank"), orderable=False)
    opened_on = django_tables2.Column(verbose_name=_("Since"))
    days = django_tables2.Column(verbose_name=_("Working days"), empty_values=(), orderable=False)
    due_on = django_tables2.Column(verbose_name=_("To be filled by"), accessor="obligation__due_on")
    leader = django_tables2.Column(
        verbose_name=_("Who answers"), accessor="obligation__tenure__person__name", orderable=False, default=""
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._calendar, self._today = load_calendar(), clock.today()

    def render_what(self, record: BlankArea) -> Any:
        """With the way to fill it."""
        return format_html('<a href="{}">{}</a>', blank_url(record), record.what)

    def value_what(self, record: BlankArea) -> str:
        """For exports."""
        return record.what

    def render_opened_on(self, value: Any) -> str:
        """With its year."""
        return full_day(value)

    def render_days(self, record: BlankArea) -> str:
        """How long it has been blank."""
        return str(self._calendar.late(record.opened_on, self._today))

    def render_due_on(self, value: Any) -> str:
        """As a sentence."""
        return day(value)


def blank_url(area: BlankArea) -> str:
    """Where a blank area is filled."""
    if area.power_id is not None:
        return reverse("systems:power", args=(area.power_id,))
    return reverse("systems:unit", args=(area.unit.code,))


class BlanksPage(RoomList):
    """Power without a rule or without supervision."""

    model = BlankArea
    title = _("Blank areas")
    table_class = BlankTable
    filterset_class = BlankFilter
    export_name = "blank-areas"
    empty = _("No area is blank: every required system is in force, and every power is watched over.")

    def get_queryset(self) -> "QuerySet[BlankArea]":
        """The oldest first."""
        seen = BlankArea.objects.visible_to(self.request.user).open()
        return seen.select_related("unit", "category", "power", "obligation__tenure__person").order_by(
            "opened_on", "pk"
        )

    def get_lede(self) -> str:
        """How many."""
        count = BlankArea.objects.visible_to(self.request.user).open().count()
        text = ngettext(
            "%(count)s area is blank, the oldest first.", "%(count)s areas are blank, the oldest first.", count
        )
        return text % {"count": count} if count else ""
