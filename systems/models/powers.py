"""Power and its supervision: what a unit decides, who decides it, what watches over it."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.state import VersionedQuerySet, VersionedState
from systems import power_rules
from systems.models.register import FORCE, UnitSystem


class PowerArea(models.TextChoices):
    """The field in which a power is used."""

    PROCUREMENT = "procurement", _("Procurement")
    BIDDING = "bidding", _("Bidding for works")
    APPOINTMENTS = "appointments", _("Appointments")
    FINANCE = "finance", _("Finance")
    FUNDS = "funds", _("Handing out funds")
    APPROVALS = "approvals", _("Approvals and licences")
    ENFORCEMENT = "enforcement", _("Inspection and penalties")
    LAND = "land", _("Land and planning")
    ASSETS = "assets", _("Assets")
    OTHER = "other", _("Other matters")


class PowerQuerySet(VersionedQuerySet["Power"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Powers of the units over which `user` holds any role that sees content."""
        return self.filter(scopes.q(user))

    def live(self) -> Self:
        """Powers that the unit still has."""
        return self.filter(ended_on__isnull=True)

    def with_cover(self) -> Any:
        """Adds `is_covered`: whether a measure that takes effect watches over it."""
        effective = PowerMeasure.objects.effective().filter(power=OuterRef("pk"))
        return self.annotate(is_covered=Exists(effective))  # type: ignore[no-redef]


class Power(VersionedState):
    """A matter that a unit decides, the post that holds the power, and how great the risk of abuse is."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="powers")
    area = models.CharField(_("field"), max_length=14, choices=PowerArea.choices)
    matter = models.CharField(_("matter"), max_length=200)
    holder = models.ForeignKey(
        "organisation.Post", on_delete=models.PROTECT, related_name="powers", verbose_name=_("held by")
    )
    legal_basis = models.CharField(_("legal basis"), max_length=300)
    # Likelihood times impact, each from 1 to 5 (GB/T 24353-2022, ISO 31000).
    likelihood = models.PositiveSmallIntegerField(_("likelihood"))
    impact = models.PositiveSmallIntegerField(_("impact"))
    score = models.GeneratedField(
        expression=F("likelihood") * F("impact"), output_field=models.PositiveSmallIntegerField(), db_persist=True
    )
    reviewed_on = models.DateField(_("reviewed on"))
    ended_on = models.DateField(_("given up on"), null=True)
    end_reason = models.CharField(_("why it was given up"), max_length=300, blank=True)

    objects = PowerQuerySet.as_manager()

    # Only on rows of a queryset that asked for it: `with_cover`.
    is_covered: bool

    class Meta:
        ordering = ("unit", "-score", "area", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(area__in=PowerArea.values), name="power_area_known"),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)), name="power_risk_in_five_grades"
            ),
        ]

    def __str__(self) -> str:
        return self.matter

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:power", args=(self.pk,))

    @property
    def grade(self) -> power_rules.Grade:
        """How great the risk is."""
        return power_rules.grade(self.likelihood, self.impact)


class PowerRisk(models.Model):
    """A point at which a power may be abused."""

    power = models.ForeignKey(Power, on_delete=models.CASCADE, related_name="risks")
    text = models.CharField(_("risk point"), max_length=300)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text


class MeasureKind(models.TextChoices):
    """How a power is watched over."""

    SYSTEM = "system", _("A system of the register")
    SEPARATION = "separation", _("Separated duties")
    COLLECTIVE = "collective", _("Decision as a body")
    ROTATION = "rotation", _("Rotation of the post")
    PUBLICITY = "publicity", _("Publicity")
    AUDIT = "audit", _("Audit or check")
    OTHER = "other", _("Another measure")


class PowerMeasureQuerySet(models.QuerySet["PowerMeasure"]):
    """Words that chain into a sentence."""

    def effective(self) -> Self:
        """Measures that take effect: not ended, their system in force, watched over by somebody else than the holder."""
        return self.filter(
            Q(ended_on__isnull=True)
            & (Q(system__isnull=True) | Q(system__state__in=FORCE))
            & (Q(supervisor__isnull=True) | ~Q(supervisor=F("power__holder")))
            & (Q(supervisor__isnull=False) | Q(supervising_unit__isnull=False))
        )


class PowerMeasure(models.Model):
    """What supervises a power, and who sees to it: a post of the unit, or another unit."""

    power = models.ForeignKey(Power, on_delete=models.CASCADE, related_name="measures")
    kind = models.CharField(_("kind"), max_length=12, choices=MeasureKind.choices)
    system = models.ForeignKey(
        UnitSystem, null=True, blank=True, on_delete=models.PROTECT, related_name="power_measures"
    )
    text = models.CharField(_("what is done"), max_length=300, blank=True)
    supervisor = models.ForeignKey(
        "organisation.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="supervises"
    )
    supervising_unit = models.ForeignKey(
        "organisation.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="supervises"
    )
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("ended on"), null=True)

    objects = PowerMeasureQuerySet.as_manager()

    class Meta:
        ordering = ("ended_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=MeasureKind.values), name="power_measure_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="system", system__isnull=False) | (~Q(kind="system") & Q(system__isnull=True)),
                name="power_measure_names_its_system",
            ),
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) | Q(supervising_unit__isnull=True),
                name="power_measure_has_one_supervisor",
            ),
        ]

    def __str__(self) -> str:
        return str(self.system) if self.system else self.text

    @property
    def takes_effect(self) -> bool:
        """As `effective` asks it of the database."""
        watched = self.supervising_unit_id is not None or (
            self.supervisor_id is not None and self.supervisor_id != self.power.holder_id
        )
        return self.ended_on is None and (self.system is None or self.system.is_in_force) and watched


class PowerReview(models.Model):
    """The yearly look through a unit's list of powers: a duty of the unit."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="power_reviews")
    year = models.PositiveSmallIntegerField(_("year"))
    obligation = models.OneToOneField("obligations.Obligation", on_delete=models.PROTECT, related_name="power_review")
    remarks = models.TextField(_("what was found"), blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True)
    reviewed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("unit", "-year")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("unit", "year"), name="power_review_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"
