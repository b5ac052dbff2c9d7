"""The standard of the annual assessment in versions, and the assessments made by it."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.i18n import Bilingual
from portal.web.state import VersionedQuerySet, VersionedState


class StandardQuerySet(models.QuerySet["Standard"]):
    """Words that chain."""

    def adopted(self) -> Self:
        """Adopted versions, the newest first: the first of them is what a year is assessed by."""
        return self.filter(adopted_at__isnull=False).order_by("-number")


class Standard(models.Model):
    """A version of the standard. Once adopted it is never changed; a new version is a copy."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    adopted_at = models.DateTimeField(_("adopted"), null=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("adopted_at",),
                condition=Q(adopted_at__isnull=True),
                name="one_draft_standard",
                nulls_distinct=False,
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="adopted_standard_is_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__adopted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return _t("Standard, version %(number)s") % {"number": self.number}

    def get_absolute_url(self) -> str:
        """The version's page."""
        return reverse("responsibility:standard", args=(self.number,))


class CriterionKind(models.TextChoices):
    """What a criterion does to the total."""

    INDICATOR = "indicator", _("Indicator")
    DEDUCTION = "deduction", _("Deduction")
    VETO = "veto", _("Veto")


class Criterion(Bilingual):
    """An indicator with its weight, a deduction with its points for each, or a veto; each with a formula over measures."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="criteria")
    kind = models.CharField(_("kind"), max_length=9, choices=CriterionKind.choices)
    code = models.SlugField(_("code"), max_length=40)
    # The weight of an indicator in percent, the points that a deduction takes each time; of a veto 0.
    points = models.DecimalField(_("weight or points"), max_digits=5, decimal_places=1, default=0)
    formula = models.CharField(_("formula"), max_length=400)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ("standard", "order", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("standard", "code"), name="criterion_once"),
            models.CheckConstraint(condition=Q(points__gte=0), name="criterion_points_not_negative"),
            models.CheckConstraint(condition=Q(kind__in=CriterionKind.values), name="criterion_kind_known"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="criteria_of_adopted_are_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT FROM responsibility_standard s WHERE s.adopted_at IS NOT NULL AND s.id IN (
                            CASE WHEN TG_OP <> 'INSERT' THEN OLD.standard_id END,
                            CASE WHEN TG_OP <> 'DELETE' THEN NEW.standard_id END
                        )
                    ) THEN
                        RAISE EXCEPTION 'cannot change an adopted standard';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name


class AssessmentState(models.TextChoices):
    """Where a year's assessment stands."""

    OPEN = "open", _("Being prepared")
    SELF_CHECK = "self_check", _("With the units")
    FROZEN = "frozen", _("Confirmed and frozen")
    PUBLISHED = "published", _("Published")


# From here on no score moves.
FIXED = frozenset({AssessmentState.FROZEN, AssessmentState.PUBLISHED})


class Assessment(VersionedState):
    """The assessment of a year by a version of the standard."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="assessments")
    state = models.CharField(max_length=10, choices=AssessmentState.choices, default=AssessmentState.OPEN)
    # The day up to which facts count in the scores that are kept; units object until the other.
    as_of = models.DateField(_("as of"), null=True)
    objections_until = models.DateField(_("objections until"), null=True)
    frozen_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-year",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=AssessmentState.values), name="assessment_state_known"),
            models.CheckConstraint(
                condition=Q(state=AssessmentState.OPEN) | Q(as_of__isnull=False, objections_until__isnull=False),
                name="assessment_has_its_days",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="assessment_moves_by_the_rules",
                field="state",
                transitions=[("open", "self_check"), ("self_check", "frozen"), ("frozen", "published")],
            ),
            pgtrigger.Protect(name="assessment_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="frozen_assessment_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=("frozen", "published"))
                & (
                    pgtrigger.Q(old__standard__df=pgtrigger.F("new__standard"))
                    | pgtrigger.Q(old__as_of__df=pgtrigger.F("new__as_of"))
                ),
            ),
        ]

    objects = VersionedQuerySet.as_manager()

    def __str__(self) -> str:
        return _t("Assessment %(year)s") % {"year": self.year}

    def get_absolute_url(self) -> str:
        """The year's page."""
        return reverse("responsibility:assessment", args=(self.year,))


class ScoreQuerySet(models.QuerySet["Score"]):
    """Words that chain."""

    def visible_to(self, user: User) -> Self:
        """Scores of the units over which `user` holds any role."""
        return self.filter(scopes.q(user))


_FROZEN = """
    IF EXISTS (
        SELECT FROM responsibility_assessment a WHERE a.state IN ('frozen', 'published') AND a.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.assessment_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.assessment_id END
        )
    ) THEN
        RAISE EXCEPTION 'cannot change a frozen assessment: %', TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def _frozen(name: str) -> pgtrigger.Trigger:
    operations = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=operations, func=_FROZEN)


class Score(models.Model):
    """What a unit was given: total, grade, place, and each criterion with the figures it came from. Frozen it never moves."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="scores")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="scores")
    total = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    grade = models.CharField(_("grade"), max_length=10)
    vetoed = models.BooleanField(_("vetoed"), default=False)
    rank = models.PositiveIntegerField(_("place"))
    # code, kind, value of the formula, points; and by measure its value, how many were due, how many kept.
    lines = models.JSONField()

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ("assessment", "rank", "unit")
        constraints: ClassVar = [models.UniqueConstraint(fields=("assessment", "unit"), name="score_once")]
        triggers: ClassVar = [_frozen("frozen_score_never_moves")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.total}"


class Mark(models.Model):
    """Points that a person gives where nothing can be counted, with the reason; the newest for a criterion counts."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="marks")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    value = models.DecimalField(_("mark"), max_digits=5, decimal_places=2)
    reason = models.TextField(_("reason and evidence"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("assessment", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__gte=0) & Q(value__lte=100), name="mark_within_bounds")
        ]
        indexes: ClassVar = [models.Index(fields=("assessment", "unit", "code"), name="mark_of_unit")]
        triggers: ClassVar = [
            _frozen("frozen_marks_stay"),
            pgtrigger.Protect(name="mark_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.code} {self.value}"


class SelfCheck(models.Model):
    """A unit's word on its score: agreed, or what it objects to; and the answer to that."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="self_checks")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField()
    text = models.TextField(_("objection"), blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("assessment", "made_at")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("assessment", "unit"), name="self_check_once"),
            models.CheckConstraint(condition=Q(agreed=True) | ~Q(text=""), name="objection_says_why"),
        ]
        triggers: ClassVar = [_frozen("frozen_self_checks_stay")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.agreed}"
