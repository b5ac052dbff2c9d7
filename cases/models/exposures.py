"""Exposure: what the public may know of a case, with everything masked that it may not."""

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
from portal.organisation.models import Rank, Sector
from portal.web.state import VersionedQuerySet, VersionedState


class ExposureState(models.TextChoices):
    """Where an exposure stands."""

    DRAFT = "draft", _("Draft")
    RELEASED = "released", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ExposureQuerySet(VersionedQuerySet["Exposure"]):
    """Words that chain."""

    def visible_to(self, user: Any) -> Self:
        """Those of cases that the person oversees or works on."""
        return self.filter(scopes.q(user, "case__unit__path", SEES_CLUES))

    def published(self) -> Self:
        """What everybody may read, and what lessons are made of."""
        return self.filter(state=ExposureState.RELEASED).order_by("-released_at")


class Exposure(VersionedState):
    """A publication out of a case. `text` has names and numbers and is read in the office alone; `public_text` is masked."""

    case = models.ForeignKey(CrimeCase, on_delete=models.PROTECT, related_name="exposures")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text with names"))
    # Start, end, kind, text and what stands instead, as rules and people set them.
    masks = models.JSONField(default=list)
    public_text = models.TextField(_("text for the public"))
    lesson = models.TextField(_("what is to be learned"), blank=True)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+", verbose_name=_("sector"))
    rank = models.ForeignKey(Rank, on_delete=models.PROTECT, related_name="+", verbose_name=_("rank class"))

    state = models.CharField(_("state"), max_length=10, choices=ExposureState.choices, default=ExposureState.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(_("reason"), blank=True)

    objects = ExposureQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ExposureState.values), name="exposure_state_known"),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False), name="exposure_released_at"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="exposure_moves_on",
                field="state",
                transitions=[("draft", "released"), ("draft", "withdrawn"), ("released", "withdrawn")],
                condition=pgtrigger.AnyChange("state"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page in the office."""
        return reverse("cases:exposure", args=(self.pk,))


class Release(models.Model):
    """That somebody released an exposure of a version. Never changed."""

    exposure = models.ForeignKey(Exposure, on_delete=models.PROTECT, related_name="releases")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("exposure", "user"), name="exposure_released_once_by")]
        triggers: ClassVar = [pgtrigger.Protect(name="release_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.exposure_id} {self.user_id}"
