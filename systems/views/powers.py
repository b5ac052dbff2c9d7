"""Powers and what watches over them: the list, a unit's map, a power, and what a unit does with its list."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.organisation.filters import PartOfTreeFilter
from systems import policies, power_words, supervision_map
from systems.models import Finding, Power, PowerArea, PowerReview
from systems.power_rules import Grade
from systems.views.base import RoomList, RoomObject, UnitMixin


class PowerFilter(django_filters.FilterSet):
    """By words, part of the tree, field, grade and supervision."""

    q = django_filters.CharFilter(field_name="matter", lookup_expr="icontains", label=_("Matter"))
    part = PartOfTreeFilter()
    unit = django_filters.CharFilter(field_name="unit__code", label=_("Unit code"))
    area = django_filters.ChoiceFilter(choices=PowerArea.choices, label=_("Field"), empty_label=_("All"))
    risk = django_filters.ChoiceFilter(
        choices=power_words.GRADES, method="of_grade", label=_("Risk"), empty_label=_("All")
    )
    bare = django_filters.ChoiceFilter(
        choices=(("yes", _("No")), ("no", _("Yes"))), method="is_bare", label=_("Watched over"), empty_label=_("All")
    )

    def of_grade(self, queryset: Any, name: str, value: str) -> Any:
        """By the score of the risk."""
        grades = list(Grade)
        place = [grade.name.lower() for grade in grades].index(value)
        found = queryset.filter(score__gte=grades[place].value)
        return found.filter(score__lt=grades[place + 1].value) if place + 1 < len(grades) else found

    def is_bare(self, queryset: Any, name: str, value: str) -> Any:
        """Whether a measure takes effect."""
        return queryset.filter(is_covered=value == "no")


class PowerTable(django_tables2.Table):
    """Powers, the greatest risk first."""

    matter = django_tables2.Column(verbose_name=_("Power"), linkify=True)
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    area = django_tables2.Column(verbose_name=_("Field"), accessor="get_area_display", order_by="area")
    holder = django_tables2.Column(verbose_name=_("Held by"), accessor="holder__title", orderable=False)
    risk = django_tables2.Column(verbose_name=_("Risk"), empty_values=(), order_by="score")
    covered = django_tables2.Column(verbose_name=_("Watched over"), accessor="is_covered")

    def render_risk(self, record: Power) -> str:
        """Grade and score."""
        return power_words.risk(record)

    def render_covered(self, value: bool) -> str:
        """In words."""
        return _t("yes") if value else _t("no: blank area")


class PowersPage(RoomList):
    """The powers of the units that a person sees."""

    model = Power
    title = _("Powers and their supervision")
    table_class = PowerTable
    filterset_class = PowerFilter
    export_name = "powers"
    template_name = "systems/powers.html"
    empty = _("No power is listed yet. Each unit enters what it decides on its own page, or imports a list.")

    def get_queryset(self) -> "QuerySet[Power]":
        """Those that units still have."""
        found: QuerySet[Power] = Power.objects.visible_to(self.request.user).live().with_cover()
        return found.select_related("unit", "holder").order_by("-score", "unit__path", "pk")

    def get_lede(self) -> str:
        """How many nobody watches over."""
        count = Power.objects.visible_to(self.request.user).live().with_cover().filter(is_covered=False).count()
        text = ngettext(
            "%(count)s power has no measure that takes effect.",
            "%(count)s powers have no measure that takes effect.",
            count,
        )
        return text % {"count": count} if count else _t("Every power is watched over.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether the reader may import."""
        return super().get_context_data(may_import=policies.may_import(self.request.user), **kwargs)


class UnitPowersPage(UnitMixin, RoomObject):
    """A unit's powers: the risk matrix, who holds what, who supervises whom."""

    template_name = "systems/unit_powers.html"

    def get_title(self) -> str:
        """Whose powers."""
        return _t("Powers of %(unit)s") % {"unit": self.object.name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the drawing and the matrix of likelihood and impact."""
        unit, user = self.object, self.request.user
        found = Power.objects.live().filter(unit=unit).with_cover().select_related("holder", "unit")
        listed = list(found.prefetch_related("measures__system", "measures__supervisor", "measures__supervising_unit"))
        for power in listed:
            for measure in power.measures.all():
                measure.power = power
        return super().get_context_data(
            unit=unit,
            powers=[(power, power_words.risk(power)) for power in listed],
            drawing=supervision_map.draw(listed),
            matrix=power_words.matrix(listed),
            review=PowerReview.objects.filter(unit=unit, reviewed_on__isnull=True).first(),
            may_write=policies.may_write(user, unit),
            may_decide=policies.may_decide(user, unit),
            **kwargs,
        )


class PowerMixin:
    """Finds the power that the address names, among those the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: Power

    def get_object(self) -> Power:
        """By its id. Raises DoesNotExist."""
        found: Any = Power.objects.visible_to(self.request.user).with_cover().select_related("unit", "holder")
        power: Power = found.get(pk=self.kwargs["pk"])
        return power

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The powers of its unit."""
        unit = self.object.unit
        return [
            (_t("Powers"), reverse("systems:powers")),
            (unit.name, reverse("systems:unit-powers", args=(unit.code,))),
        ]

    def get_lede(self) -> str:
        """Which power of which unit."""
        return f"{self.object.matter} · {self.object.unit.name}"


class PowerPage(PowerMixin, RoomObject):
    """A power: who holds it, its risk, what watches over it."""

    template_name = "systems/power.html"

    def get_title(self) -> str:
        """The matter."""
        return self.object.matter

    def get_lede(self) -> str:
        """Of which unit, in which field."""
        return f"{self.object.unit.name} · {self.object.get_area_display()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds risks, measures and findings."""
        power, user = self.object, self.request.user
        measures = power.measures.select_related("system", "supervisor", "supervising_unit")
        rows = []
        for measure in measures:
            measure.power = power
            rows.append((measure, measure.takes_effect, power_words.why_void(measure)))
        live = power.ended_on is None and power.unit.dissolved_on is None
        return super().get_context_data(
            power=power,
            risk=power_words.risk(power),
            risks=power.risks.all(),
            measures=rows,
            findings=Finding.objects.visible_to(user).filter(power=power).select_related("rectification"),
            blank=power.blank_areas.filter(closed_on__isnull=True).select_related("obligation").first(),
            may_write=policies.may_write(user, power.unit) and live,
            **kwargs,
        )
