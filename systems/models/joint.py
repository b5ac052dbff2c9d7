"""Joint supervision: units that answer for each other, and what they owe together."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.i18n import localized
from portal.web.state import VersionedQuerySet, VersionedState
from systems.models.catalogue import RequiredSystem


class JointRole(models.TextChoices):
    """What a unit is in a group."""

    SUPERVISOR = "supervisor", _("Supervises")
    SUPERVISED = "supervised", _("Is supervised")


class JointGroupQuerySet(models.QuerySet["JointGroup"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Groups with a unit over which `user` holds any role that sees content."""
        return self.filter(pk__in=JointMember.objects.filter(scopes.q(user)).values("group_id"))

    def live(self) -> Self:
        """Groups that go on."""
        return self.filter(ended_on__isnull=True)


class JointGroup(models.Model):
    """Units that answer for each other: a village and its township, an accountant's unit and the appointing body."""

    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    category = models.ForeignKey(
        RequiredSystem, on_delete=models.PROTECT, related_name="joint_groups", verbose_name=_("under which system")
    )
    basis = models.CharField(_("basis"), max_length=300)
    starts_on = models.DateField(_("since"))
    ended_on = models.DateField(_("ended on"), null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    objects = JointGroupQuerySet.as_manager()

    class Meta:
        ordering = ("ended_on", "name_zh", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")), name="joint_group_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:joint", args=(self.pk,))

    @property
    def name(self) -> str:
        """The name in the active language."""
        return localized(self, "name")


class JointMember(models.Model):
    """A unit in a group."""

    group = models.ForeignKey(JointGroup, on_delete=models.CASCADE, related_name="members")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="joint_memberships")
    role = models.CharField(_("role"), max_length=10, choices=JointRole.choices)
    duty = models.CharField(_("what it answers for"), max_length=300, blank=True)

    class Meta:
        ordering = ("-role", "unit__path")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("group", "unit"), name="joint_member_once"),
            models.CheckConstraint(condition=Q(role__in=JointRole.values), name="joint_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.unit}"


class JointDuty(models.Model):
    """Something that all units of a group owe together: it is done when the last of them has confirmed its part."""

    group = models.ForeignKey(JointGroup, on_delete=models.PROTECT, related_name="duties")
    title = models.CharField(_("what is owed"), max_length=200)
    due_on = models.DateField(_("due day"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    done_on = models.DateField(_("done on"), null=True)

    class Meta:
        ordering = ("done_on", "due_on", "pk")

    def __str__(self) -> str:
        return self.title


class JointShare(VersionedState):
    """A unit's part in a joint duty; its duty is discharged when all parts are confirmed."""

    duty = models.ForeignKey(JointDuty, on_delete=models.PROTECT, related_name="shares")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    obligation = models.OneToOneField("obligations.Obligation", on_delete=models.PROTECT, related_name="joint_share")
    statement = models.TextField(_("what was done"), blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(null=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ("duty", "unit__path")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("duty", "unit"), name="joint_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.unit}"
