"""The catalogue: which systems units of which type must have, in versions by year."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.organisation.models import UnitType
from portal.web.i18n import Bilingual, is_chinese, localized


class CatalogueLevel(models.TextChoices):
    """Who asks for a system."""

    DISTRICT = "district", _("District level")
    REGULATION = "regulation", _("The Regulations")
    INTERNAL = "internal", _("Internal")
    LOCAL = "local", _("Local")


class RequiredSystemQuerySet(models.QuerySet["RequiredSystem"]):
    """Words that chain into a sentence."""

    def in_force(self, year: int) -> Any:
        """Those that the catalogue of a year has, with `requirement_id`: the version in force."""
        newest = Requirement.objects.filter(system=OuterRef("pk")).of_year(year)
        found: Any = self.annotate(requirement_id=Subquery(newest.values("pk")[:1]))  # type: ignore[no-redef]
        return found.filter(requirement_id__in=Requirement.objects.filter(is_repealed=False))


class RequiredSystem(Bilingual):
    """A system that units may be required to have: a category of the register. What it demands stands in its versions."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    level = models.CharField(_("level"), max_length=10, choices=CatalogueLevel.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = RequiredSystemQuerySet.as_manager()

    # Only on rows of a queryset that asked for it: `in_force`.
    requirement_id: int | None

    class Meta:
        ordering = ("order", "code")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=CatalogueLevel.values), name="required_system_level_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page in the catalogue."""
        return reverse("systems:category", args=(self.code,))


class RequirementQuerySet(models.QuerySet["Requirement"]):
    """Words that chain into a sentence."""

    def of_year(self, year: int) -> Self:
        """The versions that a year knows, the one in force first."""
        return self.filter(year__lte=year).order_by("-year", "-number")

    def in_force(self, year: int) -> Self:
        """The version of each system that is in force in a year; what is repealed is left out."""
        newest = self.filter(year__lte=year).order_by("system_id", "-year", "-number").distinct("system_id")
        return self.filter(pk__in=newest.values("pk"), is_repealed=False)


class Requirement(models.Model):
    """A version of what the catalogue demands of a system, in force from a year on. Never changed: a new one follows.

    `risk_points` and `checklist` are lists of `{"en": …, "zh-hans": …}`; the place of a checklist item is its number.
    """

    system = models.ForeignKey(RequiredSystem, on_delete=models.PROTECT, related_name="requirements")
    number = models.PositiveSmallIntegerField(_("version"))
    year = models.PositiveSmallIntegerField(_("in force from the year"))
    types = models.ManyToManyField(UnitType, related_name="+", verbose_name=_("required of"), blank=True)
    purpose_en = models.CharField(_("purpose in English"), max_length=400)
    purpose_zh = models.CharField(_("purpose in Chinese"), max_length=400)
    model_text_en = models.TextField(_("model text in English"), blank=True)
    model_text_zh = models.TextField(_("model text in Chinese"), blank=True)
    risk_points = models.JSONField(_("risk points"), default=list)
    checklist = models.JSONField(_("checklist"), default=list)
    # How often a unit looks through its system anew.
    review_months = models.PositiveSmallIntegerField(_("review cycle (months)"), default=12)
    # By then units that newly must have it are to have it in force; null: within the usual time.
    adopt_by = models.DateField(_("to be adopted by"), null=True, blank=True)
    is_repealed = models.BooleanField(_("repealed"), default=False)
    reason = models.CharField(_("why it was changed"), max_length=400, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ("system", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("system", "number"), name="requirement_version_once"),
            models.CheckConstraint(condition=Q(review_months__range=(1, 120)), name="requirement_review_in_months"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="requirement_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.year}"

    @property
    def purpose(self) -> str:
        """What the system is for, in the reader's language."""
        return localized(self, "purpose")

    @property
    def model_text(self) -> str:
        """The text that a unit may adopt, in the reader's language."""
        return localized(self, "model_text")

    def words(self, field: str) -> list[str]:
        """`risk_points` or `checklist` in the reader's language."""
        language = "zh-hans" if is_chinese() else "en"
        return [str(item.get(language) or item.get("en", "")) for item in getattr(self, field)]
