"""The catalogue: what units must have, by year; extended by the site's coordinator."""

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.web.views import VerbView
from portal.workdays import clock
from systems import policies
from systems.forms.catalogue import DemandForm, NewSystemForm, RepealForm
from systems.models import CatalogueLevel, RequiredSystem, Requirement
from systems.services import catalogue
from systems.views.base import RoomList, RoomObject


class CatalogueFilter(django_filters.FilterSet):
    """By level."""

    level = django_filters.ChoiceFilter(
        field_name="system__level", choices=CatalogueLevel.choices, label=_("Level"), empty_label=_("All")
    )


class CatalogueTable(django_tables2.Table):
    """What this year's catalogue has."""

    name = django_tables2.Column(
        verbose_name=_("System"),
        accessor="system__name",
        linkify=lambda record: record.system.get_absolute_url(),
        orderable=False,
    )
    level = django_tables2.Column(
        verbose_name=_("Level"), accessor="system__get_level_display", order_by="system__level"
    )
    purpose = django_tables2.Column(verbose_name=_("Purpose"), orderable=False)
    types = django_tables2.Column(verbose_name=_("Types of unit"), accessor="kinds")
    review_months = django_tables2.Column(verbose_name=_("Review cycle (months)"))


class CataloguePage(RoomList):
    """The catalogue of this year."""

    model = Requirement
    title = _("Catalogue of required systems")
    table_class = CatalogueTable
    filterset_class = CatalogueFilter
    export_name = "catalogue"
    empty = _("No system is required of anybody yet. Add the first one.")
    template_name = "systems/catalogue.html"

    def get_queryset(self) -> "QuerySet[Any]":
        """The versions in force, in the order of the catalogue."""
        found = Requirement.objects.in_force(clock.today().year).select_related("system")
        return found.annotate(kinds=Count("types")).order_by("system__order", "system__code")

    def get_lede(self) -> str:
        """How many."""
        count = RequiredSystem.objects.in_force(clock.today().year).count()
        text = ngettext(
            "%(count)s system is required in %(year)s.", "%(count)s systems are required in %(year)s.", count
        )
        return text % {"count": count, "year": clock.today().year}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether the reader may extend it."""
        return super().get_context_data(may_keep=policies.may_keep_catalogue(self.request.user), **kwargs)


class CategoryMixin:
    """Finds the system of the catalogue that the address names."""

    request: Any
    kwargs: dict[str, Any]
    object: RequiredSystem

    def get_object(self) -> RequiredSystem:
        """By its code. Raises DoesNotExist."""
        return RequiredSystem.objects.get(code=self.kwargs["code"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The catalogue."""
        return [(_t("Catalogue of required systems"), reverse("systems:catalogue"))]


class CategoryPage(CategoryMixin, RoomObject):
    """What the catalogue demands, in each of its versions."""

    template_name = "systems/category.html"

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_lede(self) -> str:
        """Its level."""
        return str(self.object.get_level_display())

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The version in force this year, or the one that the address asks for."""
        self.object = self.get_object()
        versions = list(self.object.requirements.prefetch_related("types").select_related("made_by"))
        year = clock.today().year
        wanted = request.GET.get("version", "")
        shown = next((v for v in versions if str(v.number) == wanted), None)
        current = next((v for v in sorted(versions, key=lambda v: (-v.year, -v.number)) if v.year <= year), versions[0])
        may_keep = policies.may_keep_catalogue(request.user)
        context = {"versions": versions, "shown": shown or current, "current": current, "may_keep": may_keep}
        return self.render_to_response(self.get_context_data(object=self.object, **context))


class CatalogueVerb(CategoryMixin, VerbView):
    """A verb about a system of the catalogue."""

    @staticmethod
    def policy(user: Any, _object: object) -> bool:
        """The site's coordinator."""
        return policies.may_keep_catalogue(user)

    def get_lede(self) -> str:
        """Which system."""
        return self.object.name

    def get_result_url(self, result: Any) -> str:
        """Its page."""
        return self.object.get_absolute_url()


class AddCategory(VerbView):
    """Extend the catalogue."""

    title = _("Add a required system")
    form_class = NewSystemForm
    purpose = "add-required-system"
    submit_label = _("Add it")

    @staticmethod
    def policy(user: Any, _object: object) -> bool:
        """The site's coordinator."""
        return policies.may_keep_catalogue(user)

    def get_back_url(self) -> str:
        """The catalogue."""
        return reverse("systems:catalogue")

    def get_initial(self) -> dict[str, Any]:
        """From this year on."""
        return {"year": clock.today().year, "review_months": 12}

    def perform(self, form: NewSystemForm) -> RequiredSystem:
        """Add it."""
        typed = form.cleaned_data
        names = {name: typed[name] for name in ("code", "level", "name_en", "name_zh")}
        return catalogue.add_system(self.request.user, demand=form.as_demand(), **names)


class NewRequirement(CatalogueVerb):
    """Make the next version."""

    title = _("New version")
    form_class = DemandForm
    purpose = "new-requirement"
    submit_label = _("Make the version")

    def get_initial(self) -> dict[str, Any]:
        """What the last version says."""
        return DemandForm.initial_of(self.object.requirements.latest("number"))

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("Units that newly must have it and have not get a blank area, with a day by which it is filled."),
            _t("Inspections under way keep the checklist with which they began."),
        ]

    def perform(self, form: DemandForm) -> Requirement:
        """Make it."""
        number = form.cleaned_data["number"] or 0
        return catalogue.new_version(self.request.user, self.object.pk, expected_number=number, demand=form.as_demand())


class RepealCategory(CatalogueVerb):
    """Take a system out of the catalogue."""

    title = _("Repeal the required system")
    form_class: type[forms.Form] = RepealForm
    purpose = "repeal-required-system"
    submit_label = _("Repeal it")
    danger = True

    def get_initial(self) -> dict[str, Any]:
        """From this year on."""
        return {"number": self.object.requirements.latest("number").number, "year": clock.today().year}

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("It is required of nobody any more. What units have stays theirs, and their blank areas in it end.")]

    def perform(self, form: Any) -> Requirement:
        """Repeal it."""
        typed = form.cleaned_data
        return catalogue.repeal(
            self.request.user,
            self.object.pk,
            expected_number=typed["number"],
            year=typed["year"],
            reason=typed["reason"],
        )
