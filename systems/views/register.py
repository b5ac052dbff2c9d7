"""The register: lists, the systems of a unit, a system with its versions, two versions side by side, search."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.documents import services as documents
from portal.organisation.filters import PartOfTreeFilter
from portal.web import text_search
from portal.web.dates import day, full_day
from portal.web.paging import CappedPaginator
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import comparing, coverage, policies
from systems.coverage import ICONS, WORDS
from systems.models import (
    BlankArea,
    CatalogueLevel,
    Finding,
    JointGroup,
    Power,
    PowerReview,
    RequiredSystem,
    SystemState,
    SystemVersion,
    UnitSystem,
    VersionState,
)
from systems.register_rules import Cell, cell_of
from systems.services.register import DOCUMENTS
from systems.views.base import RoomList, RoomObject, RoomPage, SystemMixin, UnitMixin


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


class UnitSystemsPage(UnitMixin, RoomObject):
    """The systems of a unit: what it must have and has, what it has besides, its powers, groups and findings."""

    template_name = "systems/unit.html"

    def get_title(self) -> str:
        """Whose systems."""
        return _t("Systems of %(unit)s") % {"unit": self.object.name}

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The coverage."""
        return [(_t("Systems"), reverse("systems:coverage"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds a row for each required system, in the order of the catalogue."""
        unit, user, today = self.object, self.request.user, clock.today()
        there = coverage.of_units([unit.pk], today)
        systems = UnitSystem.objects.visible_to(user).live().filter(unit=unit).select_related("category")
        by_id = {system.pk: system for system in systems}
        rows = []
        for category in coverage.categories(today.year):
            state, system_id = coverage.cell(there, unit.pk, unit.type_id, category)
            if state != Cell.NOT_REQUIRED:
                rows.append((category, state, ICONS[state], WORDS[state], by_id.get(system_id or 0)))
        powers = Power.objects.live().filter(unit=unit).with_cover()
        reviews = PowerReview.objects.filter(unit=unit, reviewed_on__isnull=True)
        return super().get_context_data(
            unit=unit,
            rows=rows,
            levels=dict(CatalogueLevel.choices),
            own=[system for system in systems if system.category_id is None],
            powers=powers.count(),
            bare=powers.filter(is_covered=False).count(),
            power_review=reviews.first(),
            groups=JointGroup.objects.live().filter(members__unit=unit),
            findings=Finding.objects.visible_to(user).filter(unit=unit).select_related("rectification", "category")[:8],
            blank_due=dict(
                BlankArea.objects.open()
                .filter(unit=unit, category__isnull=False)
                .values_list("category_id", "obligation__due_on")
            ),
            may_write=policies.may_write(user, unit),
            may_decide=policies.may_decide(user, unit),
            may_inspect=policies.may_inspect(user, unit),
            **kwargs,
        )


class SystemPage(SystemMixin, RoomObject):
    """A system: what it says, its versions, its reviews, what it supervises, what inspections found."""

    template_name = "systems/system.html"

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_lede(self) -> str:
        """Of which unit, and where it stands."""
        return f"{self.object.unit.name} · {self.object.get_state_display()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds versions, the one that is shown, and what the reader may do."""
        system, user = self.object, self.request.user
        versions = list(system.versions.select_related("document", "adopted_from", "saved_by"))
        wanted = self.request.GET.get("version", "")
        coming = next((v for v in versions if v.state in ("draft", "consultation", "issued")), None)
        current = next((v for v in versions if v.state == VersionState.IN_FORCE), None)
        asked = next((v for v in versions if str(v.number) == wanted), None)
        shown = asked or coming or current or versions[0]
        before = next((v for v in versions if v.number < shown.number and v.state != VersionState.DISCARDED), None)
        writes, decides = policies.may_write(user, system.unit), policies.may_decide(user, system.unit)
        live = system.state != SystemState.REPEALED and system.unit.dissolved_on is None
        return super().get_context_data(
            system=system,
            versions=versions,
            shown=shown,
            before=before,
            coming=coming,
            current=current,
            writable=coming is not None and coming.is_writable,
            files=documents.for_object(DOCUMENTS, shown),
            reviews=system.reviews.select_related("reviewed_by"),
            measures=system.power_measures.filter(ended_on__isnull=True, power__ended_on__isnull=True).select_related(
                "power"
            ),
            findings=Finding.objects.visible_to(user)
            .filter(unit=system.unit, category__isnull=False, category=system.category)
            .select_related("rectification")[:8],
            may_write=writes and live,
            may_decide=decides and live,
            cell=_cell_of(system),
            **kwargs,
        )


def _cell_of(system: UnitSystem) -> Cell:
    return cell_of(
        required=True,
        there=system.state != SystemState.REPEALED,
        in_force=system.is_in_force,
        review_due_on=system.review_due_on,
        today=clock.today(),
    )


class ComparePage(SystemMixin, RoomObject):
    """Two versions side by side."""

    template_name = "systems/compare.html"

    def get_title(self) -> str:
        """Which system."""
        return _t("Compare versions of %(system)s") % {"system": self.object.name}

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The system."""
        return [*super().get_crumbs(), (self.object.name, self.object.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the two, the newest and the one before where none are named, and what differs."""
        versions = list(self.object.versions.order_by("number"))
        by_number = {str(version.number): version for version in versions}
        newer = by_number.get(self.request.GET.get("to", ""), versions[-1])
        earlier = [version for version in versions if version.number < newer.number] or versions[:1]
        older = by_number.get(self.request.GET.get("from", ""), earlier[-1])
        return super().get_context_data(
            system=self.object,
            versions=versions,
            older=older,
            newer=newer,
            lines=comparing.compare(older.body, newer.body),
            **kwargs,
        )


class SearchPage(RoomPage):
    """What systems say: words in Chinese and English, with the passage where they stand."""

    template_name = "systems/search.html"
    title = _("Search the texts of systems")
    per_page = 20

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what was found, what is in force first."""
        words = self.request.GET.get("q", "").strip()[:100]
        search = text_search.parse(words)
        everything = bool(self.request.GET.get("all"))
        found = SystemVersion.objects.visible_to(self.request.user).search(search).select_related("system__unit")
        if not everything:
            found = found.filter(state__in=(VersionState.IN_FORCE, *("draft", "consultation", "issued")))
        page = CappedPaginator(found.order_by("-in_force_from", "-pk"), self.per_page).get_page(
            self.request.GET.get("page", "1")
        )
        results = [(version, text_search.passage(version.body, search)) for version in page.object_list]
        return super().get_context_data(
            words=words, results=results, page=page, everything=everything, empty=search.is_empty, **kwargs
        )
