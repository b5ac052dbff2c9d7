"""The register: lists, the systems of a unit, a system with its versions, two versions side by side, search."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.documents import services as documents
from portal.web import text_search
from portal.web.paging import CappedPaginator
from portal.workdays import clock
from systems import comparing, coverage, policies
from systems.coverage import ICONS, WORDS
from systems.models import (
    BlankArea,
    CatalogueLevel,
    Finding,
    JointGroup,
    Power,
    PowerReview,
    SystemState,
    SystemVersion,
    UnitSystem,
    VersionState,
)
from systems.register_rules import Cell, cell_of
from systems.services.register import DOCUMENTS
from systems.views.base import RoomObject, RoomPage, SystemMixin, UnitMixin


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
        found = found.defer("words", "folded", "text", "document_text")
        if not everything:
            found = found.filter(state__in=(VersionState.IN_FORCE, *("draft", "consultation", "issued")))
        page = CappedPaginator(found.order_by("-in_force_from", "-pk"), self.per_page).get_page(
            self.request.GET.get("page", "1")
        )
        results = [(version, text_search.passage(version.body, search)) for version in page.object_list]
        return super().get_context_data(
            words=words, results=results, page=page, everything=everything, empty=search.is_empty, **kwargs
        )
