"""Rules that look over all decisions for crimes that were not handed on, and what they found."""

from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models.clues import Clue
from cases.models.punishments import Punishment
from portal.audit.tracking import history
from portal.web.i18n import Bilingual
from portal.web.state import VersionedQuerySet, VersionedState


class RuleKind(models.TextChoices):
    """What a rule looks at; each kind is one statement over all decisions."""

    THRESHOLD = "threshold", _("Amount at or over the criminal threshold, not transferred")
    REPEATED = "repeated", _("One party punished repeatedly")
    ACROSS = "across", _("One party punished by several agencies")
    LOW_FINE = "low_fine", _("Fine far under the amount involved")
    SAME_HANDLER = "same_handler", _("Same handler, same party, repeatedly")
    LATE = "late", _("Decided long after filing")
    WARNED = "warned", _("Only a warning, amount over the threshold")


@pghistory.track(*history())
class ScreeningRule(Bilingual):
    """A rule as data: its kind, its figures, whether it is asked. A site changes the figures, not the code.

    `figures` by kind. threshold, warned: `matches`, a list of pattern, law, and offence (its threshold on the day) or
    yuan. repeated, same_handler: times, months. across: agencies, months. low_fine: share (of one). late: days.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("looks at"), max_length=20, choices=RuleKind.choices)
    figures = models.JSONField(_("figures"), default=dict)
    is_active = models.BooleanField(_("in use"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order", "code")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=RuleKind.values), name="screening_kind_known")
        ]

    def __str__(self) -> str:
        return self.name


class HitState(models.TextChoices):
    """What became of a hit."""

    OPEN = "open", _("To be looked at")
    CLUE = "clue", _("Made a clue")
    DISMISSED = "dismissed", _("Dismissed")


class HitQuerySet(VersionedQuerySet["ScreeningHit"]):
    """Words that chain."""

    def visible_to(self, user: Any) -> Self:
        """Hits on decisions that the person may read."""
        return self.filter(punishment__in=Punishment.objects.visible_to(user))

    def open(self) -> Self:
        """Those that wait."""
        return self.filter(state=HitState.OPEN)


class ScreeningHit(VersionedState):
    """A decision that a rule points at, and what it saw there. A person decides what it means."""

    rule = models.ForeignKey(ScreeningRule, on_delete=models.PROTECT, related_name="hits")
    punishment = models.ForeignKey(Punishment, on_delete=models.PROTECT, related_name="hits")
    # The figures that the rule saw, for the sentence that explains the hit.
    seen = models.JSONField(default=dict)
    found_at = models.DateTimeField(_("found"))
    state = models.CharField(_("state"), max_length=10, choices=HitState.choices, default=HitState.OPEN)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    clue = models.OneToOneField(Clue, null=True, on_delete=models.PROTECT, related_name="hit")

    objects = HitQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("punishment", "rule"), name="screening_hit_once"),
            models.CheckConstraint(condition=Q(state__in=HitState.values), name="screening_hit_state_known"),
            models.CheckConstraint(
                condition=~Q(state=HitState.DISMISSED) | ~Q(reason=""), name="screening_dismissed_with_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("rule", "-id"), condition=Q(state="open"), name="screening_hit_open"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.punishment_id}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cases:hit", args=(self.pk,))
