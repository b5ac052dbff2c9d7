"""The cards of a unit and of a person, and the chart of a part of the tree."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t

from portal.network import chart, people, policies, scope
from portal.network.models import Correction
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Tenure, Unit
from portal.organisation.wording import offices
from portal.web.dates import full_day
from portal.web.i18n import titled
from portal.web.views import ObjectPage
from portal.workdays import clock

# So many units below stand on the card; the others are behind the tree.
BELOW = 30


def way_down(unit: Unit) -> list[tuple[str, str]]:
    """The network and the units above one, as crumbs."""
    above = Unit.objects.filter(path__ancestors=str(unit.path)).exclude(pk=unit.pk).order_by("path")
    return [(_t("Network"), reverse("network:browse")), *((one.name, card_url(one.code)) for one in above)]


def card_url(code: str) -> str:
    """The address of a unit's card."""
    return reverse("network:unit", args=(code,))


class CardPage(ObjectPage):
    """A page about a unit that everybody may look up."""

    object: Unit

    def get_object(self) -> Unit:
        """By its code. Raises DoesNotExist for one that was dissolved, to those who may not open its file."""
        units: QuerySet[Any] = Unit.objects.select_related("type", "sector", "parent").with_responsible_group()
        unit: Unit = units.get(code=self.kwargs["code"])
        if not policies.may_see_unit(self.request.user, unit):
            raise Unit.DoesNotExist
        return unit

    def get_title(self) -> str:
        """Its name."""
        return str(self.object.name)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The units above."""
        return way_down(self.object)


class UnitCard(CardPage):
    """Who leads a unit, who is its liaison, whom to call; its posts and the units below."""

    template_name = "network/unit.html"

    def get_lede(self) -> str:
        """Code, type, sector."""
        return f"{self.object.code} · {self.object.type.name} · {self.object.sector.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the entry, the leading groups, the posts that the reader may know of, and what waits for a decision."""
        unit, user, today = self.object, self.request.user, clock.today()
        entry = people.entries([unit], user)[0]
        responsible = LeadingGroup.objects.select_related("unit").filter(pk=unit.responsible_group_id or 0).first()
        below = list(
            Unit.objects.active().filter(parent=unit).select_related("type", "sector").order_by("path")[:BELOW]
        )
        return super().get_context_data(
            unit=unit,
            entry=entry,
            seats=self._seats(entry),
            responsible=responsible,
            responsible_head=responsible.head(today) if responsible else None,
            posts=self._posts(entry),
            below=people.entries(below, user) if below else [],
            below_rest=entry.below - len(below),
            may_open_file=policies.may_open_file(user, unit),
            may_propose=policies.may_propose(user, unit),
            corrections=Correction.objects.visible_to(user)
            .waiting()
            .filter(unit=unit)
            .select_related("person", "unit"),
            **kwargs,
        )

    def _seats(self, entry: people.Entry) -> list[tuple[GroupMembership, str]]:
        """Who sits in the unit's own leading group: the head for everybody, the members for those in scope."""
        if entry.group is None:
            return []
        seats = entry.group.memberships.on(clock.today()).select_related("person")
        shown = list(seats if entry.in_scope else seats.heads())
        held = offices([seat.person for seat in shown])
        return [(seat, held.get(seat.person_id, "")) for seat in shown]

    def _posts(self, entry: people.Entry) -> list[tuple[Any, Tenure | None]]:
        posts = entry.unit.posts.order_by("-kind", "title_en", "pk")
        kinds = None if entry.in_scope else policies.DIRECTORY
        shown = list(posts if kinds is None else posts.filter(kind__in=kinds))
        held = Tenure.objects.on(clock.today()).filter(post__in=shown).select_related("person")
        holders = {tenure.post_id: tenure for tenure in held}
        return [(post, holders.get(post.pk)) for post in shown]


class PersonCard(ObjectPage):
    """A person's tenures and seats, past and present."""

    template_name = "network/person.html"
    object: Person

    def get_object(self) -> Person:
        """By employee number, in the reader's scope."""
        seen = Person.objects.filter(scope.visible(self.request.user)).select_related("rank", "official_type")
        return seen.get(employee_no=self.kwargs["number"])

    def get_title(self) -> str:
        """The name."""
        return self.object.name

    def get_lede(self) -> str:
        """The present office."""
        held = offices([self.object]).get(self.object.pk)
        return held or _t("No office today")

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The network."""
        return [(_t("Network"), reverse("network:browse"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the tenures and seats, newest first, and whether phone and mail are shown."""
        today, person = clock.today(), self.object
        tenures = person.tenures.select_related("post__unit").order_by("-starts_on", "-pk")
        seats = person.memberships.select_related("group__unit").order_by("-starts_on", "-pk")
        return super().get_context_data(
            person=person,
            known=people.known([person], self.request.user)[0],
            tenures=list(tenures),
            seats=list(seats),
            today=today,
            **kwargs,
        )


class ChartPage(CardPage):
    """Three levels of a part of the tree, with who leads and who is the liaison."""

    template_name = "network/chart.html"

    def get_title(self) -> str:
        """The chart of which unit."""
        return titled(_t("Organisation chart"), self.object.name)

    def get_lede(self) -> str:
        """As of when: a chart is printed and hung up."""
        return _t("As of %(day)s.") % {"day": full_day(clock.today())}

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The unit, too."""
        return [*way_down(self.object), (self.object.name, card_url(self.object.code))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the tree."""
        return super().get_context_data(unit=self.object, root=chart.tree(self.object, self.request.user), **kwargs)
