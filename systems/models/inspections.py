"""Inspections, what they find, and how it is put right."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.state import VersionedQuerySet, VersionedState
from systems.models.catalogue import RequiredSystem, Requirement
from systems.models.powers import Power


class Selection(models.TextChoices):
    """How the units of a round are chosen."""

    CYCLE = "cycle", _("By cycle: the longest not inspected")
    SAMPLE = "sample", _("By sample: drawn at random")
    RISK = "risk", _("By risk: the most exposed first")
    NAMED = "named", _("Named one by one")


class InspectionRound(models.Model):
    """A round of inspections: what is looked at, and how the units were chosen."""

    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=200)
    selection = models.CharField(_("how units are chosen"), max_length=8, choices=Selection.choices)
    categories = models.ManyToManyField(RequiredSystem, related_name="+", verbose_name=_("what is looked at"))
    path = models.CharField(max_length=400)
    size = models.PositiveSmallIntegerField(_("how many units"))
    # Of a sample: drawn again with this number it gives the same units.
    seed = models.PositiveIntegerField(default=0)
    planned_on = models.DateField(_("planned for"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(selection__in=Selection.values), name="round_selection_known"),
        ]

    def __str__(self) -> str:
        return self.title


class InspectionState(models.TextChoices):
    """Where an inspection stands."""

    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class InspectionQuerySet(VersionedQuerySet["Inspection"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Inspections of the units over which `user` holds any role that sees content."""
        return self.filter(scopes.q(user))

    def live(self) -> Self:
        """Those planned or under way."""
        return self.filter(state__in=(InspectionState.PLANNED, InspectionState.UNDER_WAY))


class Inspection(VersionedState):
    """An inspection of a unit. Its checklist is taken from the catalogue when it begins, and stays as it was taken."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    round = models.ForeignKey(InspectionRound, null=True, on_delete=models.PROTECT, related_name="inspections")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="inspections")
    categories = models.ManyToManyField(RequiredSystem, related_name="+")
    reason = models.CharField(_("why this unit"), max_length=300, blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inspections", verbose_name=_("inspector")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=InspectionState.choices, default=InspectionState.PLANNED
    )
    planned_on = models.DateField(_("planned for"))
    began_on = models.DateField(_("begun on"), null=True)
    completed_on = models.DateField(_("completed on"), null=True)
    summary = models.TextField(_("summary"), blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=400, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-serial")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "serial"), name="inspection_number_once"),
            models.CheckConstraint(condition=Q(state__in=InspectionState.values), name="inspection_state_known"),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(completed_on__gte=F("began_on")), name="inspection_days_in_order"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="inspection_moves_by_the_rules",
                field="state",
                transitions=[
                    ("planned", "under_way"),
                    ("planned", "cancelled"),
                    ("under_way", "completed"),
                    ("under_way", "cancelled"),
                ],
                condition=pgtrigger.AnyChange("state"),
            )
        ]

    def __str__(self) -> str:
        return _t("Inspection %(year)s-%(serial)s") % {"year": self.year, "serial": self.serial}

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:inspection", args=(self.year, self.serial))


class Answer(models.TextChoices):
    """What the inspector saw at an item of the checklist."""

    MET = "met", _("Met")
    PARTLY = "partly", _("Partly met")
    NOT_MET = "not_met", _("Not met")
    NOT_APPLICABLE = "na", _("Does not apply")


class InspectionItem(models.Model):
    """An item of the checklist of an inspection, as the catalogue had it when the inspection began."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="items")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    text_en = models.CharField(max_length=300)
    text_zh = models.CharField(max_length=300)
    answer = models.CharField(_("what was seen"), max_length=8, choices=Answer.choices, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("inspection", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("inspection", "position"), name="inspection_item_once"),
            models.CheckConstraint(condition=Q(answer="") | Q(answer__in=Answer.values), name="item_answer_known"),
        ]

    def __str__(self) -> str:
        return self.text_en


class Gravity(models.TextChoices):
    """How grave a finding is."""

    EARLY_SIGN = "early_sign", _("Early sign")
    MINOR = "minor", _("Minor")
    ORDINARY = "ordinary", _("Ordinary")
    SERIOUS = "serious", _("Serious")


class FindingQuerySet(models.QuerySet["Finding"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Findings in the units over which `user` holds any role, and in units that answer for them jointly."""
        shared = Q(joint_group__members__unit__in=_units_of(user))
        return self.filter(
            Q(pk__in=self.filter(scopes.q(user)).values("pk")) | Q(pk__in=self.filter(shared).values("pk"))
        )


def _units_of(user: User) -> models.QuerySet[models.Model]:
    from portal.organisation.models import Unit

    return Unit.objects.filter(scopes.q(user, "path"))


class Finding(models.Model):
    """Something that is not as it should be: from an early sign to a serious one. What was found is kept as it was written."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="findings")
    inspection = models.ForeignKey(Inspection, null=True, on_delete=models.PROTECT, related_name="findings")
    item = models.ForeignKey(InspectionItem, null=True, on_delete=models.PROTECT, related_name="findings")
    category = models.ForeignKey(
        RequiredSystem, null=True, on_delete=models.PROTECT, related_name="findings", verbose_name=_("system")
    )
    power = models.ForeignKey(Power, null=True, on_delete=models.PROTECT, related_name="findings")
    joint_group = models.ForeignKey("systems.JointGroup", null=True, on_delete=models.PROTECT, related_name="findings")
    gravity = models.CharField(_("gravity"), max_length=12, choices=Gravity.choices)
    text = models.TextField(_("what was found"))
    # The latest earlier finding in the unit on the same system; found again is graver.
    recurs = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="recurrences")
    found_on = models.DateField(_("found on"))
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-serial")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "serial"), name="finding_number_once"),
            models.CheckConstraint(condition=Q(gravity__in=Gravity.values), name="finding_gravity_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=("unit", "category", "-found_on"), name="finding_unit_category"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="finding_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return _t("Finding %(year)s-%(serial)s") % {"year": self.year, "serial": self.serial}

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:finding", args=(self.year, self.serial))
