"""Duty-crime cases: who did what where, by which loophole, and how the proceeding goes."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.clues import SEES_CLUES, Clue, Source
from cases.models.offences import OffenceVersion
from portal.accounts import scopes
from portal.obligations.models import Obligation
from portal.organisation.models import Person, Rank, Tenure, Unit
from portal.web.state import VersionedQuerySet, VersionedState
from systems.models import Power, RequiredSystem

MONEY: dict[str, Any] = {"max_digits": 16, "decimal_places": 2}


class Stage(models.TextChoices):
    """The milestones of a proceeding, in their order."""

    CLUE = "clue", _("Clue received")
    VERIFIED = "verified", _("Verification ended")
    FILED = "filed", _("Filed")
    COERCIVE = "coercive", _("Coercive measure")
    INVESTIGATED = "investigated", _("Investigation ended")
    TRANSFERRED = "transferred", _("Transferred for review and prosecution")
    INDICTED = "indicted", _("Indicted")
    JUDGED = "judged", _("First-instance judgment")
    EFFECTIVE = "effective", _("Judgment effective")
    EXECUTED = "executed", _("Executed")


class CaseState(models.TextChoices):
    """Where a case stands as a whole."""

    OPEN = "open", pgettext_lazy("proceeding", "Open")
    SUSPENDED = "suspended", _("Suspended")
    JOINED = "joined", _("Joined with another case")
    CONCLUDED = "concluded", _("Concluded")


class Outcome(models.TextChoices):
    """What a case came to."""

    CONVICTED = "convicted", _("Convicted")
    ACQUITTED = "acquitted", _("Acquitted")
    NOT_PROSECUTED = "not_prosecuted", _("Not prosecuted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Major(models.TextChoices):
    """Why a case is a major one."""

    RANK = "rank", _("Rank of a person concerned")
    AMOUNT = "amount", _("Amount in the highest tier")
    DECIDED = "decided", _("Wide influence, by the coordinator's decision")


class CrimeCaseQuerySet(VersionedQuerySet["CrimeCase"]):
    """Words that chain."""

    def visible_to(self, user: Any) -> Self:
        """Cases of units where `user` oversees or works on cases."""
        return self.filter(scopes.q(user, "unit__path", SEES_CLUES))

    def running(self) -> Self:
        """Those that go on."""
        return self.filter(state__in=(CaseState.OPEN, CaseState.SUSPENDED))


class CrimeCase(VersionedState):
    """A duty-crime case."""

    number = models.CharField(_("case number"), max_length=60, unique=True)
    title = models.CharField(_("case"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="crime_cases", verbose_name=_("unit"))
    office = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("handled by"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    source = models.CharField(_("source of the clue"), max_length=12, choices=Source.choices)
    clue = models.OneToOneField(Clue, null=True, blank=True, on_delete=models.PROTECT, related_name="case")

    means = models.TextField(_("how it was done"))
    loophole = models.ForeignKey(
        RequiredSystem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="crime_cases",
        verbose_name=_("system that failed"),
    )
    power = models.CharField(_("power that was abused"), max_length=200, blank=True)

    # The same, where it stands on the unit's list of powers.
    listed_power = models.ForeignKey(
        Power, null=True, blank=True, on_delete=models.PROTECT, related_name="crime_cases", verbose_name=_("power")
    )

    state = models.CharField(_("state"), max_length=10, choices=CaseState.choices, default=CaseState.OPEN)
    major = models.CharField(_("major case"), max_length=10, choices=Major.choices, blank=True)
    major_reason = models.TextField(_("reasons"), blank=True)
    joined_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    split_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="split_off")

    recovered = models.DecimalField(_("recovered (yuan)"), default=0, **MONEY)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True)
    months = models.PositiveSmallIntegerField(_("imprisonment (months)"), null=True, blank=True)
    probation = models.BooleanField(_("probation"), default=False)
    fine = models.DecimalField(_("fine (yuan)"), null=True, blank=True, **MONEY)
    confiscated = models.DecimalField(_("confiscated (yuan)"), null=True, blank=True, **MONEY)
    concluded_on = models.DateField(null=True)

    # The limit that runs now, as a duty of the office.
    obligation = models.OneToOneField(Obligation, null=True, on_delete=models.PROTECT, related_name="crime_case")
    # The stage that it leads to.
    limit_stage = models.CharField(max_length=14, choices=Stage.choices, blank=True)
    opened_at = models.DateTimeField()

    objects = CrimeCaseQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="crime_case_state_known"),
            models.CheckConstraint(
                condition=(Q(state="concluded") & ~Q(outcome="") & Q(concluded_on__isnull=False))
                | (~Q(state="concluded") & Q(outcome="", concluded_on__isnull=True)),
                name="crime_case_concluded_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state="joined", joined_into__isnull=False)
                | (~Q(state="joined") & Q(joined_into__isnull=True)),
                name="crime_case_joined_into_one",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="crime_case_moves_on",
                field="state",
                transitions=[
                    ("open", "suspended"),
                    ("suspended", "open"),
                    ("open", "joined"),
                    ("open", "concluded"),
                ],
                condition=pgtrigger.AnyChange("state"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cases:case", args=(self.pk,))


class Charge(models.Model):
    """An offence of a case, by the version of the law in force on the day of the act, which the case keeps."""

    case = models.ForeignKey(CrimeCase, on_delete=models.CASCADE, related_name="charges")
    law = models.ForeignKey(OffenceVersion, on_delete=models.PROTECT, related_name="+")
    act_from = models.DateField(_("act from"))
    act_until = models.DateField(_("act until"))
    amount = models.DecimalField(_("amount (yuan)"), null=True, blank=True, **MONEY)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("case", "law"), name="charge_once"),
            models.CheckConstraint(condition=Q(act_until__gte=F("act_from")), name="charge_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.law_id}"


class Suspect(models.Model):
    """Somebody concerned by a case, and the post and rank held at the time of the act."""

    case = models.ForeignKey(CrimeCase, on_delete=models.CASCADE, related_name="suspects")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    sex = models.CharField(_("sex"), max_length=1, blank=True, choices=(("m", _("male")), ("f", _("female"))))
    birth_year = models.PositiveSmallIntegerField(_("born in"), null=True, blank=True)
    political_status = models.CharField(_("political status"), max_length=60, blank=True)
    post = models.CharField(_("post at the time"), max_length=200)
    rank = models.ForeignKey(Rank, on_delete=models.PROTECT, related_name="+", verbose_name=_("rank at the time"))
    is_accomplice = models.BooleanField(_("accomplice"), default=False)

    class Meta:
        ordering = ("is_accomplice", "pk")

    def __str__(self) -> str:
        return self.name


class LeaderAtTheTime(models.Model):
    """Who led the unit at the time of the act of a major case: an upper floor opens accountability against that person."""

    case = models.OneToOneField(CrimeCase, on_delete=models.CASCADE, related_name="leader")
    tenure = models.ForeignKey(Tenure, null=True, on_delete=models.PROTECT, related_name="+")
    found_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.tenure_id}"


class FoundBy(models.Model):
    """A further source that came upon the same facts by itself: what two sources share tells how many they both miss."""

    case = models.ForeignKey(CrimeCase, on_delete=models.CASCADE, related_name="also_found_by")
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("case", "source"), name="case_found_once_by_source")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.source}"
