"""What the pages of this room share: its places, and finding units and systems among what one may see."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.web.pages import Text
from portal.web.views import ListPage, ObjectPage, PageMixin, TemplateView, VerbView
from systems import policies
from systems.models import UnitSystem


class Tab(NamedTuple):
    """A place of the room."""

    label: Text
    url_name: str


TABS = (
    Tab(_("Coverage"), "systems:coverage"),
    Tab(_("Blank areas"), "systems:blanks"),
    Tab(_("Register"), "systems:register"),
    Tab(_("Powers"), "systems:powers"),
    Tab(_("Joint supervision"), "systems:joints"),
    Tab(_("Inspections"), "systems:inspections"),
    Tab(_("Findings"), "systems:findings"),
    Tab(_("Catalogue"), "systems:catalogue"),
)


def reads(user: User) -> bool:
    """Whoever sees content of some unit sees its systems."""
    return not user.standing.is_kept_from_content and bool(user.standing.assignments)


class RoomMixin(PageMixin):
    """A page of this room, with the places of the room above it."""

    def allowed(self, user: User) -> bool:
        """Whoever sees content."""
        return reads(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the places."""
        here = self.request.path
        tabs = [(tab.label, url, here == url) for tab in TABS for url in (reverse(tab.url_name),)]
        return super().get_context_data(tabs=tabs, **kwargs)


class RoomList(RoomMixin, ListPage):
    """A list of this room."""

    template_name = "systems/list.html"


class RoomPage(RoomMixin, TemplateView):
    """A page of this room about nothing in particular."""


class RoomObject(RoomMixin, ObjectPage):
    """A page of this room about one thing."""


class UnitMixin:
    """Finds the unit that the address names, among those whose content the person sees."""

    request: Any
    kwargs: dict[str, Any]

    def get_object(self) -> Unit:
        """By its code. Raises DoesNotExist."""
        return seen_unit(self.request.user, self.kwargs["code"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The unit's systems."""
        unit = seen_unit(self.request.user, self.kwargs["code"])
        return [(_t("Systems"), reverse("systems:coverage")), (unit.name, reverse("systems:unit", args=(unit.code,)))]


def seen_unit(user: User, code: str) -> Unit:
    """A unit whose content a person sees. Raises DoesNotExist."""
    return Unit.objects.filter(scopes.q(user, "path")).select_related("type").get(code=code)


class SystemMixin:
    """Finds the system that the address names, among those the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: UnitSystem

    def get_object(self) -> UnitSystem:
        """By its id. Raises DoesNotExist."""
        seen = UnitSystem.objects.visible_to(self.request.user).select_related("unit", "category", "owner")
        return seen.get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The systems of its unit."""
        unit = self.object.unit
        return [(_t("Systems"), reverse("systems:coverage")), (unit.name, reverse("systems:unit", args=(unit.code,)))]

    def get_lede(self) -> str:
        """Which system of which unit."""
        return f"{self.object.name} · {self.object.unit.name}"


class SystemVerb(SystemMixin, VerbView):
    """A verb about a system, for who writes for the unit."""

    @staticmethod
    def policy(user: User, system: UnitSystem) -> bool:
        """The unit's leader and liaison."""
        return policies.may_write(user, system.unit)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The system."""
        return [*super().get_crumbs(), (self.object.name, self.object.get_absolute_url())]

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_result_url(self, result: Any) -> str:
        """The system."""
        return self.object.get_absolute_url()


class LeaderVerb(SystemVerb):
    """The same, for the unit's leader alone."""

    @staticmethod
    def policy(user: User, system: UnitSystem) -> bool:
        """The unit's leader."""
        return policies.may_decide(user, system.unit)


class UnitVerb(UnitMixin, VerbView):
    """A verb about the systems of a unit."""

    object: Unit

    @staticmethod
    def policy(user: User, unit: Unit) -> bool:
        """The unit's leader and liaison."""
        return policies.may_write(user, unit)

    def get_lede(self) -> str:
        """Which unit."""
        return self.object.name

    def get_back_url(self) -> str:
        """The unit's systems."""
        return f"/systems/units/{self.object.code}/"
