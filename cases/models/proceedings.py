"""How a case goes on: milestones, the limits of the law, what makes them longer, suspension, the quality check."""

from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import CrimeCase, Stage


class Milestone(models.Model):
    """A stage that a case has reached, and when."""

    case = models.ForeignKey(CrimeCase, on_delete=models.CASCADE, related_name="milestones")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    reached_on = models.DateField(_("on"))
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Taken over with the limits that ran, when a case was split off.
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("reached_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("case", "stage"), name="milestone_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="milestone_stage_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage}"


class StageLimit(models.Model):
    """How long the law gives from one stage to another, and by how much it may be made longer; a site corrects it.

    `extensions`: a list of months, days and article, each usable once.
    """

    from_stage = models.CharField(max_length=14, choices=Stage.choices)
    to_stage = models.CharField(max_length=14, choices=Stage.choices)
    months = models.PositiveSmallIntegerField(_("months"), default=0)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    article = models.CharField(_("article"), max_length=80)
    extensions = models.JSONField(_("extensions"), default=list)
    in_force_from = models.DateField(_("in force from"), default=date(2018, 10, 26))

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("from_stage", "to_stage", "in_force_from"), name="stage_limit_once")
        ]

    def __str__(self) -> str:
        return f"{self.from_stage} {self.to_stage}"


class LimitExtension(models.Model):
    """That a limit was made longer, by which article and for what reason."""

    case = models.ForeignKey(CrimeCase, on_delete=models.CASCADE, related_name="extensions")
    limit = models.ForeignKey(StageLimit, on_delete=models.PROTECT, related_name="+")
    months = models.PositiveSmallIntegerField(default=0)
    days = models.PositiveSmallIntegerField(default=0)
    article = models.CharField(max_length=80)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("case", "limit", "article"), name="limit_extended_once_by_article")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.article}"


class CaseSuspension(models.Model):
    """A time in which a proceeding stood still; limits move by its days."""

    case = models.ForeignKey(CrimeCase, on_delete=models.CASCADE, related_name="suspensions")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("starts_on",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("case",), condition=Q(ends_on=None), name="case_suspended_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="case_suspension_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.starts_on}"


POINTS: tuple[tuple[str, Any], ...] = (
    ("facts", _("Facts clear")),
    ("evidence", _("Evidence reliable and sufficient")),
    ("nature", _("Nature determined accurately")),
    ("handling", _("Handling appropriate")),
    ("procedure", _("Procedures lawful")),
)


class QualityCheck(models.Model):
    """The five points by which a second officer judged a case. Never changed: a later check follows."""

    case = models.ForeignKey(CrimeCase, on_delete=models.CASCADE, related_name="checks")
    facts = models.BooleanField()
    evidence = models.BooleanField()
    nature = models.BooleanField()
    handling = models.BooleanField()
    procedure = models.BooleanField()
    remark = models.TextField(_("remark"), blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(facts=True, evidence=True, nature=True, handling=True, procedure=True) | ~Q(remark=""),
                name="quality_fault_with_remark",
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="quality_check_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.checked_at}"

    @property
    def passed(self) -> bool:
        """Whether all five points hold."""
        return all(getattr(self, name) for name, _label in POINTS)
