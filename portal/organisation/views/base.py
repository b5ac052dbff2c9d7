"""What the verbs about a unit share."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _t

from portal.organisation.models import GroupMembership, Person, Tenure, Unit
from portal.organisation.wording import persons_in_words
from portal.web.views import VerbView
from portal.workdays import clock

# The list of likely persons is a comfort; a long one would be none.
LIKELY_MAX = 60


class UnitVerb(VerbView):
    """A verb about something of a unit; the page leads back there. Overrides: `get_unit`."""

    def get_object(self) -> Any:
        """The unit that the address names, if the person may see it."""
        return Unit.objects.visible_to(self.request.user).select_related("parent").get(code=self.kwargs["code"])

    def get_unit(self) -> Unit:
        """The unit that it is about."""
        unit: Unit = self.object
        return unit

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The unit."""
        return [(_t("Units"), "/units/"), (self.get_unit().name, self.get_unit().get_absolute_url())]

    def get_back_url(self) -> str:
        """The unit."""
        return self.get_unit().get_absolute_url()

    def get_lede(self) -> str:
        """Which unit."""
        return self.get_unit().name

    def get_result_url(self, result: Any) -> str:
        """The unit."""
        return self.get_back_url()


class PersonVerb(UnitVerb):
    """A verb that asks for a person, with those of the unit and of the one above at hand."""

    template_name = "organisation/person_verb.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who asks: names are looked for in that part of the tree."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the likely persons."""
        return super().get_context_data(likely=persons_in_words(self._likely()), **kwargs)

    def _likely(self) -> list[Person]:
        unit, today = self.get_unit(), clock.today()
        near = Q(pk=unit.pk) | Q(pk=unit.parent_id)
        units = Unit.objects.visible_to(self.request.user).filter(near)
        tenures = Tenure.objects.on(today).filter(post__unit__in=units)
        memberships = GroupMembership.objects.on(today).filter(group__unit__in=units)
        held = Q(pk__in=tenures.values("person_id")) | Q(pk__in=memberships.values("person_id"))
        return list(Person.objects.filter(held)[:LIKELY_MAX])
