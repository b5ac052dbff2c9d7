"""Leading groups: who sits in them, and the verbs about that."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation import policies, services
from portal.organisation.forms import GroupForm, SeatForm, UnseatForm
from portal.organisation.models import GroupMembership, LeadingGroup, Unit
from portal.organisation.views.base import PersonVerb, UnitVerb
from portal.organisation.wording import offices
from portal.web.views import PageMixin, TemplateView
from portal.workdays import clock


class GroupsPage(PageMixin, TemplateView):
    """The leading groups with their heads and members."""

    template_name = "organisation/groups.html"
    title = _("Leading groups")
    lede = _("A leading group is responsible for the units at its place and below it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the groups of the person's part of the tree, each with who sits there now or will."""
        seen = Unit.objects.visible_to(self.request.user).active()
        seats = GroupMembership.objects.exclude(ends_on__lt=clock.today()).select_related("person")
        groups = LeadingGroup.objects.filter(unit__in=seen).select_related("unit", "office_at")
        rows = list(groups.prefetch_related(Prefetch("memberships", seats, to_attr="seats")))
        held = offices({seat.person for group in rows for seat in group.seats})  # type: ignore[attr-defined]
        return super().get_context_data(groups=[self._row(group, held) for group in rows], **kwargs)

    def _row(self, group: Any, held: Any) -> dict[str, Any]:
        today = clock.today()
        return {
            "group": group,
            "seats": [(seat, held.get(seat.person_id, ""), seat.starts_on > today) for seat in group.seats],
            "has_head": any(seat.is_head and seat.starts_on <= today for seat in group.seats),
            "may_edit": policies.may_edit_group(self.request.user, group.unit),
        }


class GroupVerb(UnitVerb):
    """A verb of who edits leading groups; the result is seen among the groups."""

    @staticmethod
    def policy(user: User, found: Any) -> bool:
        """The coordinator and the system administrator of this part of the tree."""
        return policies.may_edit_group(user, found.group.unit if isinstance(found, GroupMembership) else found.unit)

    def get_unit(self) -> Unit:
        """Where the group is."""
        found: Any = self.object
        unit: Unit = found.group.unit if isinstance(found, GroupMembership) else found.unit
        return unit

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The groups."""
        return [(_t("Leading groups"), "/groups/")]

    def get_back_url(self) -> str:
        """The group among the others."""
        return f"/groups/#group-{self.get_unit().code}"


class MakeGroup(UnitVerb):
    """Make the leading group of a unit."""

    title = _("Make a leading group")
    form_class = GroupForm
    purpose = "make-group"
    submit_label = _("Make the group")

    @staticmethod
    def policy(user: User, unit: Unit) -> bool:
        """The coordinator and the system administrator of this part of the tree."""
        return policies.may_edit_group(user, unit)

    def get_consequences(self) -> list[str]:
        """Who answers to whom from now on."""
        return [
            _t("From now on the units below answer to this group, unless another one lies between."),
            _t("Then its head and members are entered."),
        ]

    def perform(self, form: GroupForm) -> LeadingGroup:
        """Make it."""
        typed = form.cleaned_data
        return services.make_group(
            self.request.user, unit=self.object, name_en=typed["name_en"], name_zh=typed["name_zh"]
        )

    def get_result_url(self, result: LeadingGroup) -> str:
        """The group among the others."""
        return f"/groups/#group-{self.object.code}"


class Seat(GroupVerb, PersonVerb):
    """Make a person head or member of a leading group."""

    title = _("Seat a head or member")
    form_class = SeatForm
    purpose = "seat"
    submit_label = _("Seat")

    def get_object(self) -> LeadingGroup:
        """The group of the unit that the address names."""
        seen = Unit.objects.visible_to(self.request.user)
        groups = LeadingGroup.objects.filter(unit__in=seen).select_related("unit__parent")
        return groups.get(unit__code=self.kwargs["code"])

    def get_lede(self) -> str:
        """Which group."""
        return str(self.object.name)

    def get_consequences(self) -> list[str]:
        """What becomes of who heads the group now."""
        head = self.object.head(clock.today())
        told = [
            _t(
                "A member sees the letters and reports of the group's units; the head also signs letters and decides cases."
            )
        ]
        if head is not None:
            sentence = _t("If you seat a head: %(name)s heads the group until the day before.")
            told.append(sentence % {"name": head.person.name})
        return told

    def perform(self, form: SeatForm) -> GroupMembership:
        """Seat the person."""
        typed = form.cleaned_data
        return services.seat(
            self.request.user,
            group=self.object,
            person=typed["person"],
            is_head=typed["is_head"],
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
        )


class Unseat(GroupVerb):
    """End a person's time in a leading group."""

    title = _("End the time in the group")
    form_class = UnseatForm
    purpose = "unseat"
    submit_label = _("End the time in the group")

    def get_object(self) -> GroupMembership:
        """In a group that the person may see."""
        seen = Unit.objects.visible_to(self.request.user)
        seats = GroupMembership.objects.filter(group__unit__in=seen, group__unit__code=self.kwargs["code"])
        return seats.select_related("group__unit", "person").get(pk=self.kwargs["pk"])

    def get_lede(self) -> str:
        """Whose, in which group."""
        names = {"name": self.object.person.name, "office": self.object.group.name}
        return _t("%(name)s, %(office)s") % names

    def get_consequences(self) -> list[str]:
        """What a group without a head cannot do."""
        if not self.object.is_head:
            return []
        return [_t("Without a head the group signs no letters and decides no cases.")]

    def perform(self, form: UnseatForm) -> GroupMembership:
        """End it."""
        return services.unseat(self.request.user, self.object.pk, ends_on=form.cleaned_data["ends_on"])
