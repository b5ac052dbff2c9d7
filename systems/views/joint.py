"""Joint supervision: groups of units that answer for each other, their findings and duties."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.dates import full_day
from portal.web.views import VerbView
from systems import policies
from systems.forms.joint import BindForm, ConfirmForm, DutyForm, EndForm
from systems.models import Finding, JointDuty, JointGroup, JointShare, RequiredSystem
from systems.services import joint
from systems.views.base import RoomList, RoomObject


class JointFilter(django_filters.FilterSet):
    """By system, and whether it has ended."""

    category = django_filters.ModelChoiceFilter(
        queryset=RequiredSystem.objects.filter(level="local"),
        to_field_name="code",
        label=_("Under which system"),
        empty_label=_("All"),
    )
    ended = django_filters.ChoiceFilter(
        choices=(("yes", _("Ended")),), method="has_ended", label=_("State"), empty_label=_("Those that go on")
    )

    def has_ended(self, queryset: Any, name: str, value: str) -> Any:
        """Those that have ended."""
        return queryset.filter(ended_on__isnull=False)

    @property
    def qs(self) -> Any:
        """Those that go on, unless the others are asked for."""
        found = super().qs
        return found if self.data.get("ended") else found.filter(ended_on__isnull=True)


class JointTable(django_tables2.Table):
    """Groups."""

    name = django_tables2.Column(verbose_name=_("Group"), linkify=True, orderable=False)
    category = django_tables2.Column(verbose_name=_("Under which system"), accessor="category__name", orderable=False)
    units = django_tables2.Column(verbose_name=_("Units"))
    starts_on = django_tables2.Column(verbose_name=_("Since"))
    basis = django_tables2.Column(verbose_name=_("Basis"), orderable=False)

    def render_starts_on(self, value: Any) -> str:
        """With its year."""
        return full_day(value)


class JointsPage(RoomList):
    """The groups of the units that a person sees."""

    model = JointGroup
    title = _("Joint supervision")
    table_class = JointTable
    filterset_class = JointFilter
    export_name = "joint-supervision"
    template_name = "systems/joints.html"
    lede = _("Units that answer for each other: what is found with one is the matter of all.")
    empty = _("No units are bound together yet, such as a township and the villages whose accounts it keeps.")

    def get_queryset(self) -> "QuerySet[Any]":
        """With the number of units."""
        found: QuerySet[Any] = super().get_queryset().select_related("category").annotate(units=Count("members"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether the reader may bind units."""
        return super().get_context_data(may_keep=policies.may_keep_groups(self.request.user), **kwargs)


class JointMixin:
    """Finds the group that the address names, among those the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: JointGroup

    def get_object(self) -> JointGroup:
        """By its id. Raises DoesNotExist."""
        return JointGroup.objects.visible_to(self.request.user).select_related("category").get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The groups."""
        return [(_t("Joint supervision"), reverse("systems:joints"))]

    def get_lede(self) -> str:
        """Which group."""
        return self.object.name


class JointPage(JointMixin, RoomObject):
    """A group: who answers for what, what was found, what is owed together."""

    template_name = "systems/joint.html"

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_lede(self) -> str:
        """Under which system."""
        return self.object.category.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds members, duties and findings."""
        group, user = self.object, self.request.user
        duties = group.duties.prefetch_related("shares__unit", "shares__obligation")
        rows = [
            (duty, [(share, policies.may_decide(user, share.unit)) for share in duty.shares.all()]) for duty in duties
        ]
        return super().get_context_data(
            group=group,
            members=group.members.select_related("unit"),
            duties=rows,
            findings=Finding.objects.visible_to(user)
            .filter(joint_group=group)
            .select_related("unit", "rectification")[:20],
            may_keep=policies.may_keep_groups(user) and group.ended_on is None,
            **kwargs,
        )


class Bind(VerbView):
    """Let units answer for each other."""

    title = _("Bind units together")
    form_class = BindForm
    purpose = "bind-units"
    submit_label = _("Bind them")

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Coordinators."""
        return policies.may_keep_groups(user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who looks for the units."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_back_url(self) -> str:
        """The groups."""
        return reverse("systems:joints")

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("Each finding under this system is told to all of them."),
            _t("A duty that they owe together is done when the last of them has confirmed its part."),
        ]

    def perform(self, form: BindForm) -> JointGroup:
        """Bind them."""
        return joint.bind(self.request.user, **form.cleaned_data)


class JointVerb(JointMixin, VerbView):
    """A verb about a group."""

    @staticmethod
    def policy(user: User, _group: object) -> bool:
        """Coordinators."""
        return policies.may_keep_groups(user)

    def get_result_url(self, result: Any) -> str:
        """The group."""
        return self.object.get_absolute_url()


class EndGroup(JointVerb):
    """End a group."""

    title = _("End the joint supervision")
    form_class = EndForm
    purpose = "end-joint-group"
    submit_label = _("End it")
    danger = True

    def perform(self, form: EndForm) -> JointGroup:
        """End it."""
        return joint.end(self.request.user, self.object.pk, reason=form.cleaned_data["reason"])


class SetDuty(JointVerb):
    """Set something that all owe together."""

    title = _("Set a joint duty")
    form_class = DutyForm
    purpose = "set-joint-duty"
    submit_label = _("Set it")

    def perform(self, form: DutyForm) -> JointDuty:
        """Set it."""
        typed = form.cleaned_data
        return joint.set_duty(self.request.user, self.object.pk, title=typed["title"], due_on=typed["until"])


class ConfirmShare(VerbView):
    """Confirm the part of one's unit."""

    title = _("Confirm the part of your unit")
    form_class = ConfirmForm
    purpose = "confirm-joint-share"
    submit_label = _("Confirm it")
    object: JointShare

    @staticmethod
    def policy(user: User, share: JointShare) -> bool:
        """The unit's leader."""
        return policies.may_decide(user, share.unit)

    def get_object(self) -> JointShare:
        """Among those of the units whose content the person sees. Raises DoesNotExist."""
        seen = JointShare.objects.filter(scopes.q(self.request.user))
        return seen.select_related("duty__group", "unit").get(pk=self.kwargs["pk"])

    def get_lede(self) -> str:
        """What is owed, by which unit."""
        return f"{self.object.duty.title} · {self.object.unit.name}"

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_back_url(self) -> str:
        """The group."""
        return self.object.duty.group.get_absolute_url()

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("The duty is done for all units once the last of them has confirmed.")]

    def get_result_url(self, result: Any) -> str:
        """The group."""
        return self.get_back_url()

    def perform(self, form: ConfirmForm) -> JointShare:
        """Confirm it."""
        typed = form.cleaned_data
        return joint.confirm(
            self.request.user, self.object.pk, expected_version=typed["version"], statement=typed["done"]
        )
