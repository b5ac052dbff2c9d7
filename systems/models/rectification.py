"""How findings are put right."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.state import VersionedQuerySet, VersionedState
from systems.models.inspections import Finding


class RectificationState(models.TextChoices):
    """Where a rectification stands."""

    OPEN = "open", _("Measure to be named")
    UNDER_WAY = "under_way", _("Under way")
    SUBMITTED = "submitted", _("To be verified")
    RETURNED = "returned", _("Not accepted")
    VERIFIED = "verified", _("Verified")
    EXCEPTED = "excepted", _("Excepted for a time")
    ENDED = "ended", _("Ended with the unit")


# The unit has to act in these states.
OWED = (RectificationState.OPEN, RectificationState.UNDER_WAY, RectificationState.RETURNED)


class RectificationQuerySet(VersionedQuerySet["Rectification"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Rectifications of the findings that `user` may see."""
        return self.filter(finding__in=Finding.objects.visible_to(user))

    def to_verify(self) -> Self:
        """Those handed in, the longest first."""
        return self.filter(state=RectificationState.SUBMITTED).order_by("submitted_at")


class Rectification(VersionedState):
    """How a finding is put right: measure, owner, evidence; verified by somebody else than who did it."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="rectification")
    state = models.CharField(
        _("state"), max_length=10, choices=RectificationState.choices, default=RectificationState.OPEN
    )
    obligation = models.OneToOneField("obligations.Obligation", on_delete=models.PROTECT, related_name="rectification")
    # The duty to do again what was not accepted, or what an exception put off; it has a day of its own.
    correction = models.OneToOneField(
        "obligations.Obligation", null=True, on_delete=models.PROTECT, related_name="corrected_rectification"
    )
    measure = models.TextField(_("measure"), blank=True)
    owner = models.ForeignKey(
        "organisation.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    done = models.TextField(_("what was done"), blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    # An exception: what is done instead, and until when.
    compensation = models.TextField(_("compensating measure"), blank=True)
    excepted_until = models.DateField(_("excepted until"), null=True)
    excepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = RectificationQuerySet.as_manager()

    class Meta:
        ordering = ("-finding__year", "-finding__serial")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RectificationState.values), name="rectification_state_known"),
            models.CheckConstraint(
                condition=~Q(state="verified") | (Q(verified_by__isnull=False) & ~Q(verified_by=F("submitted_by"))),
                name="rectification_verified_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="excepted") | (Q(excepted_until__isnull=False) & ~Q(compensation="")),
                name="exception_has_its_measure_and_end",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("excepted_until",), condition=Q(state="excepted"), name="rectification_excepted"),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="rectification_moves_by_the_rules",
                field="state",
                transitions=[
                    ("open", "under_way"),
                    ("under_way", "submitted"),
                    ("returned", "submitted"),
                    ("submitted", "verified"),
                    ("submitted", "returned"),
                    ("open", "excepted"),
                    ("under_way", "excepted"),
                    ("returned", "excepted"),
                    ("excepted", "under_way"),
                    ("open", "ended"),
                    ("under_way", "ended"),
                    ("returned", "ended"),
                    ("excepted", "ended"),
                ],
                condition=pgtrigger.AnyChange("state"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.finding}"

    def get_absolute_url(self) -> str:
        """The finding's page."""
        return self.finding.get_absolute_url()


class RectificationWord(models.Model):
    """What was said about a rectification, kept as it was said."""

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="said")
    state = models.CharField(max_length=10, choices=RectificationState.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            pgtrigger.Protect(name="rectification_word_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.rectification_id} {self.state}"
