"""Who works where: the list, and the import of persons in great number."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import User
from portal.organisation import policies
from portal.organisation.filters import PartOfTreeFilter
from portal.organisation.importing.persons import PersonsImporter
from portal.organisation.models import Employment
from portal.organisation.views.imports import ImportTemplate
from portal.web.dates import full_day
from portal.web.imports.staged_views import StagedCheckView, StagedUploadView
from portal.web.views import ListPage
from portal.workdays import clock


class PeopleFilter(django_filters.FilterSet):
    """By name or number, part of the tree, and whether the time is over."""

    q = django_filters.CharFilter(label=_("Name, pinyin or employee number"), method="search")
    part = PartOfTreeFilter()
    unit = django_filters.CharFilter(field_name="unit__code", label=_("Unit code"))
    state = django_filters.ChoiceFilter(
        choices=(("left", _("Left")), ("account", _("Without an account"))),
        method="in_state",
        label=_("State"),
        empty_label=_("In service"),
    )

    def search(self, queryset: Any, name: str, value: str) -> Any:
        """As people look for each other."""
        squeezed = "".join(value.split())
        return queryset.filter(
            Q(person__employee_no__iexact=squeezed)
            | Q(person__name_zh__startswith=squeezed)
            | Q(person__name_en__icontains=value.strip())
            | Q(person__sort_key__startswith=squeezed.lower())
            | Q(person__initials=squeezed.lower())
        )

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        """Those who left are no more in service; the others are looked for among those who are."""
        if value == "left":
            return queryset.filter(ends_on__lt=clock.today())
        return queryset.on(clock.today()).filter(person__user__isnull=True)

    @property
    def qs(self) -> Any:
        """Those in service, unless those are asked for who left."""
        found = super().qs
        return found if self.data.get("state") == "left" else found.on(clock.today())


class PeopleTable(django_tables2.Table):
    """Who works where since when."""

    person = django_tables2.Column(
        verbose_name=pgettext_lazy("person", "Name"), accessor="person__name", order_by="person__sort_key"
    )
    number = django_tables2.Column(verbose_name=_("Employee number"), accessor="person__employee_no")
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    title = django_tables2.Column(verbose_name=_("Position"), orderable=False)
    starts_on = django_tables2.Column(verbose_name=_("There since"))
    ends_on = django_tables2.Column(verbose_name=_("Until"), default="")

    def render_starts_on(self, value: Any) -> str:
        """With its year."""
        return full_day(value)

    def render_ends_on(self, value: Any) -> str:
        """With its year."""
        return full_day(value)


class PeoplePage(ListPage):
    """The staff of the units in one's part of the tree."""

    model = Employment
    template_name = "organisation/people.html"
    title = _("People")
    table_class = PeopleTable
    filterset_class = PeopleFilter
    export_name = "people"
    empty = _("Nobody is known to work in your part of the tree yet. Import persons from a file.")

    def allowed(self, user: User) -> bool:
        """Who leads, coordinates or administers."""
        return policies.may_see_people(user)

    def get_queryset(self) -> "QuerySet[Any]":
        """By name."""
        seen: QuerySet[Any] = super().get_queryset()
        return seen.select_related("person", "unit").order_by("person__sort_key", "person__pk", "-starts_on")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether the person imports and invites."""
        return super().get_context_data(may_edit=policies.may_edit_units(self.request.user), **kwargs)


class ImportPersons(StagedUploadView):
    """Upload a file of persons, of any length."""

    title = _("Import persons, transfers and leavers")
    importer = PersonsImporter
    purpose = "import-persons"
    check_url_name = "organisation:import-persons-check"
    back_url = "/people/"

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Coordinators and system administrators."""
        return policies.may_edit_units(user)

    def get_lede(self) -> str:
        """What a row means."""
        return _t(
            "A person is known by the employee number. A unit and a day bring the person there, a last day without a unit "
            "is that of a leaver; an empty cell changes nothing."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the empty file."""
        return super().get_context_data(template_url=reverse("organisation:import-persons-template"), **kwargs)


class CheckPersons(StagedCheckView):
    """What the file holds, and the import of what is ready."""

    importer = PersonsImporter
    purpose = "apply-import-persons"
    upload_url_name = "organisation:import-persons"
    done = ((_("People"), "/people/"),)

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Coordinators and system administrators."""
        return policies.may_edit_units(user)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The upload."""
        return [(_t("Import persons"), reverse("organisation:import-persons"))]


class PersonsTemplate(ImportTemplate):
    """An empty file of persons."""

    columns = PersonsImporter.columns
    name = "persons.xlsx"
