"""Units, their files, leading groups, posts and the import."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.accounts.models import User
from portal.organisation import policies, services
from portal.organisation.forms import AccountForm, AppointForm, EndForm
from portal.organisation.importing import UnitsImporter
from portal.organisation.models import LeadingGroup, Person, Post, Sector, Tenure, Unit, UnitType
from portal.organisation.sections import sections_for
from portal.web import export
from portal.web.i18n import is_chinese
from portal.web.imports.views import ImportCheckView, ImportUploadView
from portal.web.views import ListPage, ObjectPage, PageMixin, TemplateView, VerbView
from portal.workdays import clock


class UnitFilter(django_filters.FilterSet):
    """By name, type, sector and vacancy."""

    q = django_filters.CharFilter(label=_("Name, code, pinyin or person"), method="search")
    type = django_filters.ModelChoiceFilter(queryset=UnitType.objects.all(), label=_("Type"))
    sector = django_filters.ModelChoiceFilter(queryset=Sector.objects.all(), label=_("Sector"))
    under = django_filters.CharFilter(method="below", label=_("Below (unit code)"))
    vacant = django_filters.BooleanFilter(method="is_vacant", label=_("Post vacant"))

    def search(self, queryset: Any, name: str, value: str) -> Any:
        """As people look for units."""
        return queryset.search(value)

    def below(self, queryset: Any, name: str, value: str) -> Any:
        """A part of the tree."""
        unit = Unit.objects.filter(code__iexact=value.strip()).first()
        return queryset.under(str(unit.path)) if unit else queryset.none()

    def is_vacant(self, queryset: Any, name: str, value: bool) -> Any:
        """Whether somebody holds the top post today."""
        return queryset.filter(leader_tenure_id__isnull=value)


class UnitTable(django_tables2.Table):
    """Units with their top leaders."""

    name = django_tables2.Column(verbose_name=_("Unit"), order_by="sort_key", linkify=True)
    code = django_tables2.Column(verbose_name=_("Code"))
    type = django_tables2.Column(verbose_name=_("Type"), accessor="type__name", order_by="type__order")
    sector = django_tables2.Column(verbose_name=_("Sector"), accessor="sector__name", order_by="sector__order")
    leader = django_tables2.Column(verbose_name=_("Top leader"), empty_values=(), orderable=False)

    def render_leader(self, record: Any) -> str:
        """The name, or that the post is vacant."""
        name = record.leader_name_zh if is_chinese() else record.leader_name_en
        return str(name or _("vacant"))

    value_leader = render_leader


class UnitsPage(ListPage):
    """The units that a person may see."""

    model = Unit
    title = _("Units")
    table_class = UnitTable
    filterset_class = UnitFilter
    export_name = "units"
    empty = _("No unit is known yet. Import them from a file.")

    def get_queryset(self) -> "QuerySet[Any]":
        """With their leaders."""
        seen = Unit.objects.visible_to(self.request.user).active().select_related("type", "sector")
        units: QuerySet[Any] = seen.with_top_leader(clock.today()).order_by("path")
        return units

    def get_lede(self) -> str:
        """How many."""
        count = Unit.objects.visible_to(self.request.user).active().count()
        return ngettext("%(count)s unit.", "%(count)s units.", count) % {"count": count}


class UnitPage(ObjectPage):
    """A unit's file: facts, who leads it, posts, and the sections that the apps register."""

    template_name = "organisation/unit.html"

    def get_object(self) -> Unit:
        """By its code, if the person may see it."""
        seen = Unit.objects.visible_to(self.request.user).select_related("type", "sector", "parent")
        found: Unit = seen.with_responsible_group().get(code=self.kwargs["code"])
        return found

    def get_title(self) -> str:
        """Its name."""
        return str(self.object.name)

    def get_lede(self) -> str:
        """What kind of unit it is."""
        return f"{self.object.code} · {self.object.type.name} · {self.object.sector.name}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The units."""
        return [(_t("Units"), reverse("organisation:units"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds posts with their holders, past and present."""
        unit, user, today = self.object, self.request.user, clock.today()
        posts = unit.posts.prefetch_related("tenures__person").order_by("kind", "title_en")
        tenures = Tenure.objects.filter(post__unit=unit).select_related("person", "post").order_by("-starts_on")
        held = {
            tenure.post_id: tenure
            for tenure in tenures
            if tenure.starts_on <= today and (tenure.ends_on is None or tenure.ends_on >= today)
        }
        group = LeadingGroup.objects.filter(pk=unit.responsible_group_id).select_related("unit").first()
        return super().get_context_data(
            unit=unit,
            posts=[(post, held.get(post.pk)) for post in posts],
            tenures=tenures,
            group=group,
            head=group.head(today) if group else None,
            may_appoint=policies.may_appoint(user, unit),
            may_name_acting=policies.may_name_acting(user, unit),
            sections=sections_for(user, unit),
            **kwargs,
        )


class PostMixin:
    """Finds the post that the address names, in a unit the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: Post

    def get_object(self) -> Post:
        """By unit and id."""
        seen = Unit.objects.visible_to(self.request.user)
        return (
            Post.objects.filter(unit__in=seen)
            .select_related("unit")
            .get(pk=self.kwargs["pk"], unit__code=self.kwargs["code"])
        )

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The unit."""
        return [(_t("Units"), "/units/"), (self.object.unit.name, self.object.unit.get_absolute_url())]

    def get_back_url(self) -> str:
        """The unit."""
        return self.object.unit.get_absolute_url()

    def get_lede(self) -> str:
        """Which post."""
        return f"{self.object.title}, {self.object.unit.name}"

    def get_result_url(self, result: Any) -> str:
        """The unit."""
        return self.object.unit.get_absolute_url()


class Appoint(PostMixin, VerbView):
    """Enter who holds a post."""

    title = _("Appoint to the post")
    form_class = AppointForm
    purpose = "appoint"
    submit_label = _("Appoint")

    @staticmethod
    def policy(user: User, post: Post) -> bool:
        """The coordinator and the system administrator of this part of the tree."""
        return policies.may_appoint(user, post.unit)

    def get_consequences(self) -> list[str]:
        """What follows for a top leader."""
        return [
            _t("Of a top leader: open duties pass to the new holder, with at least ten working days."),
            _t("Of a top leader: a new letter of responsibility follows in the new name."),
        ]

    def perform(self, form: AppointForm) -> Tenure:
        """Appoint."""
        typed = form.cleaned_data
        return services.appoint(
            self.request.user,
            post=self.object,
            person=typed["employee_no"],
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
        )


class NameActing(PostMixin, VerbView):
    """The leading group names who acts in a vacant post."""

    title = _("Name who acts")
    form_class = AppointForm
    purpose = "name-acting"
    submit_label = _("Name")

    @staticmethod
    def policy(user: User, post: Post) -> bool:
        """The head of a leading group above, and the coordinator."""
        return policies.may_name_acting(user, post.unit)

    def perform(self, form: AppointForm) -> Tenure:
        """Name."""
        typed = form.cleaned_data
        return services.name_acting(
            self.request.user,
            post=self.object,
            person=typed["employee_no"],
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
        )


class EndTenure(VerbView):
    """End a tenure."""

    title = _("End the tenure")
    form_class = EndForm
    purpose = "end-tenure"
    submit_label = _("End the tenure")

    @staticmethod
    def policy(user: User, tenure: Tenure) -> bool:
        """The coordinator and the system administrator of this part of the tree."""
        return policies.may_appoint(user, tenure.post.unit)

    def get_object(self) -> Tenure:
        """In a unit that the person may see."""
        seen = Unit.objects.visible_to(self.request.user)
        tenures = Tenure.objects.filter(post__unit__in=seen, post__unit__code=self.kwargs["code"])
        return tenures.select_related("post__unit", "person").get(pk=self.kwargs["pk"])

    def get_lede(self) -> str:
        """Whose."""
        return f"{self.object.person.name}, {self.object.post.title}, {self.object.post.unit.name}"

    def get_back_url(self) -> str:
        """The unit."""
        return str(self.object.post.unit.get_absolute_url())

    def get_consequences(self) -> list[str]:
        """What follows for a top leader."""
        return [_t("Of a top leader: the post is vacant from the next day, and the leading group is asked who acts.")]

    def perform(self, form: EndForm) -> Tenure:
        """End it."""
        return services.end_tenure(self.request.user, self.object.pk, ends_on=form.cleaned_data["ends_on"])

    def get_result_url(self, result: Tenure) -> str:
        """The unit."""
        return self.get_back_url()


class GroupsPage(PageMixin, TemplateView):
    """The leading groups with their heads and members."""

    template_name = "organisation/groups.html"
    title = _("Leading groups")
    lede = _("A leading group is responsible for the units below its node of the tree.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the groups of the person's part of the tree."""
        today = clock.today()
        seen = Unit.objects.visible_to(self.request.user)
        groups = LeadingGroup.objects.filter(unit__in=seen).select_related("unit", "office_at")
        groups = groups.prefetch_related("memberships__person")
        rows = [
            (
                group,
                [
                    m
                    for m in group.memberships.all()
                    if m.starts_on <= today and (m.ends_on is None or m.ends_on >= today)
                ],
            )
            for group in groups
        ]
        return super().get_context_data(groups=rows, **kwargs)


class CreateAccount(VerbView):
    """Make an account for a person who holds a post in one's part of the tree."""

    template_name = "organisation/account.html"
    title = _("Make an account")
    form_class = AccountForm
    purpose = "create-account"
    submit_label = _("Make the account")
    back_url = "/units/"

    @staticmethod
    def policy(user: User, _person: Person) -> bool:
        """Coordinators and system administrators."""
        return policies.may_edit_units(user)

    def get_object(self) -> Person:
        """A person with a post in the person's part of the tree."""
        seen = Unit.objects.visible_to(self.request.user)
        return Person.objects.filter(tenures__post__unit__in=seen).distinct().get(employee_no=self.kwargs["number"])

    def get_lede(self) -> str:
        """For whom."""
        return f"{self.object.name} ({self.object.employee_no})"

    def get_initial(self) -> dict[str, Any]:
        """The employee number serves as a user name."""
        return {"username": self.object.employee_no.lower()}

    def perform(self, form: AccountForm) -> Person:
        """Make it; the temporary password is shown once, on the next page."""
        _user, password = services.create_account(
            self.request.user, person=self.object, username=form.cleaned_data["username"]
        )
        self.request.session["temporary_password"] = password
        return Person.objects.get(pk=self.object.pk)

    def get_result_url(self, result: Person) -> str:
        """The page that shows the password."""
        return reverse("organisation:account-made", args=(result.employee_no,))


class AccountMade(ObjectPage):
    """The temporary password, shown once."""

    template_name = "organisation/account_made.html"
    title = _("The account is made")

    def get_object(self) -> Person:
        """The person."""
        seen = Unit.objects.visible_to(self.request.user)
        persons = Person.objects.filter(tenures__post__unit__in=seen, user__isnull=False).distinct()
        return persons.get(employee_no=self.kwargs["number"])

    def allowed(self, user: User) -> bool:
        """Who makes accounts."""
        return policies.may_edit_units(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Takes the password out of the session."""
        password = self.request.session.pop("temporary_password", "")
        return super().get_context_data(person=self.object, password=password, **kwargs)


class ImportUnits(ImportUploadView):
    """Upload a file of units, posts and persons."""

    title = _("Import units, posts and persons")
    importer = UnitsImporter
    purpose = "import-units"
    check_url_name = "organisation:import-check"
    back_url = "/units/"

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Coordinators and system administrators."""
        return policies.may_edit_units(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the empty file."""
        return super().get_context_data(template_url=reverse("organisation:import-template"), **kwargs)


class CheckImport(ImportCheckView):
    """What the file holds, and the import."""

    importer = UnitsImporter
    purpose = "apply-import-units"
    upload_url_name = "organisation:import"

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Coordinators and system administrators."""
        return policies.may_edit_units(user)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The upload."""
        return [(_t("Imports"), reverse("organisation:import"))]


class ImportTemplate(PageMixin, View):
    """An empty file with the headings in the person's language."""

    def get(self, request: Any) -> HttpResponse:
        """The workbook."""
        place = 1 if (get_language() or "").startswith("zh") else 0
        content = export.as_xlsx([[column.headings[place] for column in UnitsImporter.columns]])
        answer = HttpResponse(content, content_type=export.XLSX)
        answer["Content-Disposition"] = 'attachment; filename="units.xlsx"'
        return answer
