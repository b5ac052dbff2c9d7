"""Procuratorial recommendations: what a unit is asked to mend, its reply, and how the reply is judged."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models.cases import CrimeCase
from cases.models.clues import SEES_CLUES
from portal.accounts import scopes
from portal.accounts.roles import Role
from portal.obligations.models import Obligation
from portal.organisation.models import Unit
from portal.web.state import VersionedQuerySet, VersionedState
from systems.models import Finding, RequiredSystem


class RecommendationState(models.TextChoices):
    """Where a recommendation stands."""

    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed, to be served")
    SERVED = "served", _("Served, reply owed")
    REPLIED = "replied", _("Replied, to be judged")
    RETURNED = "returned", _("Reply not enough, owed again")
    ACCEPTED = "accepted", _("Reply accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


STATES = RecommendationState
# What the unit that it is sent to sees.
SENT = (STATES.SIGNED, STATES.SERVED, STATES.REPLIED, STATES.RETURNED, STATES.ACCEPTED)
OWED = (STATES.SERVED, STATES.RETURNED)


class Judgement(models.TextChoices):
    """How a reply is judged."""

    RECTIFY = "rectify", _("Accepted; a rectification follows and is verified in the unit")
    DONE = "done", _("Accepted; everything has been seen to be done")
    AGAIN = "again", _("Not enough; it is owed again within a month")


class RecommendationQuerySet(VersionedQuerySet["Recommendation"]):
    """Words that chain."""

    def visible_to(self, user: Any) -> Self:
        """All of them for who oversees the unit's cases; those sent to the own unit for its leader and liaison."""
        own = scopes.q(user, roles=(Role.TOP_LEADER, Role.LIAISON)) & Q(state__in=SENT)
        return self.filter(scopes.q(user, roles=SEES_CLUES) | own)


class Recommendation(VersionedState):
    """A recommendation to a unit (Rules on Procuratorial Recommendations, 2019)."""

    number = models.CharField(_("number"), max_length=60, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="recommendations", verbose_name=_("unit"))
    case = models.ForeignKey(CrimeCase, null=True, blank=True, on_delete=models.PROTECT, related_name="recommendations")
    loophole = models.ForeignKey(
        RequiredSystem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("system that failed"),
    )

    facts = models.TextField(_("facts and loophole"))
    basis = models.TextField(_("legal basis"))
    measures = models.TextField(_("measures asked for"))
    # Art. 19: two months; shorter where it is urgent.
    reply_months = models.PositiveSmallIntegerField(_("months to reply"), default=2)

    state = models.CharField(_("state"), max_length=10, choices=STATES.choices, default=STATES.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    served_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    served_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)

    # The acknowledgement or the reply that is owed, or was.
    obligation = models.OneToOneField(Obligation, null=True, on_delete=models.PROTECT, related_name="recommendation")
    # What is put right after the reply, and verified.
    finding = models.OneToOneField(Finding, null=True, on_delete=models.PROTECT, related_name="recommendation")

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES.values), name="recommendation_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn")) | Q(signed_by__isnull=False), name="recommendation_signed"
            ),
            models.CheckConstraint(
                condition=~Q(signed_by=models.F("drafted_by")), name="recommendation_signed_by_another"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="recommendation_moves_on",
                field="state",
                transitions=[
                    ("draft", "signed"),
                    ("draft", "withdrawn"),
                    ("signed", "served"),
                    ("signed", "withdrawn"),
                    ("served", "replied"),
                    ("served", "withdrawn"),
                    ("replied", "accepted"),
                    ("replied", "returned"),
                    ("returned", "replied"),
                    ("returned", "withdrawn"),
                ],
                condition=pgtrigger.AnyChange("state"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cases:recommendation", args=(self.pk,))


class WordKind(models.TextChoices):
    """What was said about a recommendation."""

    SERVICE = "service", _("Served on paper")
    REPLY = "reply", _("Reply of the unit")
    JUDGEMENT = "judgement", _("Judgement of the reply")
    VISIT = "visit", _("Follow-up visit")
    WITHDRAWAL = "withdrawal", _("Withdrawn because")


class RecommendationWord(models.Model):
    """A reply, a judgement, a visit: written once."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="words")
    kind = models.CharField(max_length=12, choices=WordKind.choices)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            pgtrigger.Protect(name="recommendation_word_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id} {self.kind}"
