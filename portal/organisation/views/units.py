"""Units and their files."""

from datetime import timedelta
from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.organisation import policies, sections
from portal.organisation.change_models import ChangeKind, ChangeState
from portal.organisation.change_wording import name_then, told_of
from portal.organisation.filters import PartOfTreeFilter
from portal.organisation.models import LeadingGroup, PostKind, Sector, Tenure, Unit, UnitType
from portal.web.i18n import is_chinese
from portal.web.views import ListPage, ObjectPage
from portal.workdays import clock

# So many events of the timeline are shown at once; the dossier has them all.
EVENTS = 40
ONE_DAY = timedelta(days=1)


class UnitFilter(django_filters.FilterSet):
    """By name, part of the tree, type, sector and vacancy."""

    q = django_filters.CharFilter(label=_("Name, code, pinyin or person"), method="search")
    part = PartOfTreeFilter(path="path")
    type = django_filters.ModelChoiceFilter(queryset=UnitType.objects.all(), label=_("Type"), empty_label=_("All"))
    sector = django_filters.ModelChoiceFilter(queryset=Sector.objects.all(), label=_("Sector"), empty_label=_("All"))
    vacant = django_filters.ChoiceFilter(
        choices=(("yes", _("Yes")), ("no", _("No"))), method="is_vacant", label=_("Post vacant"), empty_label=_("All")
    )

    def search(self, queryset: Any, name: str, value: str) -> Any:
        """As people look for units."""
        return queryset.search(value)

    def is_vacant(self, queryset: Any, name: str, value: str) -> Any:
        """Whether somebody holds the top post today."""
        return queryset.filter(leader_tenure_id__isnull=value == "yes")


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
        """Adds the units above, posts with their holders past and present, and the leading groups."""
        unit, user, today = self.object, self.request.user, clock.today()
        posts = unit.posts.order_by("kind", "title_en")
        tenures = list(Tenure.objects.filter(post__unit=unit).select_related("person", "post").order_by("-starts_on"))
        held = {t.post_id: t for t in tenures if t.starts_on <= today and (t.ends_on is None or t.ends_on >= today)}
        group = LeadingGroup.objects.filter(pk=unit.responsible_group_id).select_related("unit").first()
        in_force = unit.dissolved_on is None
        return super().get_context_data(
            unit=unit,
            above=self._above(),
            posts=[(post, held.get(post.pk)) for post in posts],
            tenures=tenures,
            group=group,
            own_group=LeadingGroup.objects.filter(unit=unit).first(),
            head=group.head(today) if group else None,
            may_appoint=in_force and policies.may_appoint(user, unit),
            may_name_acting=in_force and policies.may_name_acting(user, unit),
            may_edit_group=in_force and policies.may_edit_group(user, unit),
            may_change=in_force and policies.may_change(user, unit),
            may_hand_over=in_force and self._may_hand_over(),
            **self._changes(),
            **self._file(),
            **kwargs,
        )

    def _may_hand_over(self) -> bool:
        """Whether there is a top post to hand over, for who appoints to it."""
        has_top = self.object.posts.filter(kind=PostKind.TOP_LEADER).exists()
        return has_top and policies.may_appoint(self.request.user, self.object)

    def _changes(self) -> dict[str, Any]:
        """What is planned for the unit, and the names it had with their last days."""
        told = told_of(self.object)
        renamed = [
            (name_then(one.change), one.change.effective_on - ONE_DAY)
            for one in told
            if one.change.kind == ChangeKind.RENAME
            and one.change.state == ChangeState.PERFORMED
            and one.change.unit_id == self.object.pk
        ]
        planned = [one for one in told if one.change.state == ChangeState.PLANNED]
        return {"planned": planned, "former_names": renamed}

    def _file(self) -> dict[str, Any]:
        """The sections that the reader may know of, in the year that is looked at, and what happened in it."""
        unit, user = self.object, self.request.user
        known = sections.known_to(user, unit)
        years = sections.years_of(known, user, unit)
        year = self._year(years)
        events = sections.timeline(known, user, unit, year)
        section = self.request.GET.get("what", "")
        chosen = [event for event in events if section in {"", event.section}]
        return {
            "sections": sections.shown(known, user, unit, year),
            "links": sections.links_for(user, unit),
            "years": years,
            "year": year,
            "events": chosen[:EVENTS],
            "more_events": max(len(chosen) - EVENTS, 0),
            "kinds": [s for s in known if any(event.section == s.code for event in events)],
            "what": section,
        }

    def _year(self, years: list[int]) -> int | None:
        """The year asked for; None is all of them, which is also what an unknown one means."""
        asked = self.request.GET.get("year", "")
        return int(asked) if asked.isdecimal() and int(asked) in years else None

    def _above(self) -> list[tuple[Unit, bool]]:
        """The units above, from the top, and whether the reader may open each."""
        chain = Unit.objects.filter(path__ancestors=str(self.object.path)).exclude(pk=self.object.pk).order_by("path")
        seen = set(Unit.objects.visible_to(self.request.user).filter(pk__in=chain).values_list("pk", flat=True))
        return [(unit, unit.pk in seen) for unit in chain]
