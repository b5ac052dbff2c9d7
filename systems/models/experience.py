"""What experience teaches: preventive measures with where they were tried, and proposals followed to their result."""

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
from portal.web.i18n import localized
from portal.web.state import VersionedQuerySet, VersionedState
from systems.models.catalogue import RequiredSystem, Requirement
from systems.models.projects import Project
from systems.models.regulations import Regulations
from systems.models.research import ResearchReport


class MeasureState(models.TextChoices):
    """What is known of a measure."""

    PUT_FORWARD = "put_forward", _("Put forward")
    ON_TRIAL = "on_trial", _("On trial")
    PROVEN = "proven", _("Has proved itself")
    GIVEN_UP = "given_up", _("Given up")


class MeasureQuerySet(VersionedQuerySet["PreventiveMeasure"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """The library is open to whoever sees content."""
        return self.none() if user.standing.is_kept_from_content else self


class PreventiveMeasure(VersionedState):
    """A preventive measure of the library: for whom and what, where it was tried, what it taught."""

    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    text = models.TextField(_("what is done"))
    sectors = models.ManyToManyField("organisation.Sector", blank=True, related_name="+", verbose_name=_("industries"))
    categories = models.ManyToManyField(RequiredSystem, blank=True, related_name="measures", verbose_name=_("fields"))
    official_types = models.ManyToManyField(
        "organisation.OfficialType", blank=True, related_name="+", verbose_name=_("types of official")
    )
    ranks = models.ManyToManyField("organisation.Rank", blank=True, related_name="+", verbose_name=_("ranks"))
    project = models.ForeignKey(
        Project,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="measures",
        verbose_name=_("from project"),
    )

    state = models.CharField(_("state"), max_length=12, choices=MeasureState.choices, default=MeasureState.PUT_FORWARD)
    lessons = models.TextField(_("lessons"), blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ("name_zh", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MeasureState.values), name="measure_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=("proven", "given_up")) | ~Q(lessons=""), name="judged_measure_has_its_lessons"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:measure", args=(self.pk,))

    @property
    def name(self) -> str:
        """The name in the active language."""
        return localized(self, "name")


class MeasureTrial(models.Model):
    """Where a measure was tried: in a unit of this site, whose figures the portal counts, or elsewhere, as was reported."""

    measure = models.ForeignKey(PreventiveMeasure, on_delete=models.CASCADE, related_name="trials")
    unit = models.ForeignKey(
        "organisation.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="measure_trials"
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    # Only of a place elsewhere: what was reported from there, in spans of the same length.
    findings_before = models.PositiveIntegerField(null=True, blank=True)
    findings_after = models.PositiveIntegerField(null=True, blank=True)
    cases_before = models.PositiveIntegerField(null=True, blank=True)
    cases_after = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("measure", "-since", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, place="") | (Q(unit__isnull=True) & ~Q(place="")),
                name="trial_in_a_unit_or_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="trial_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.where}"

    @property
    def where(self) -> str:
        """The unit's name, or the place."""
        return self.unit.name if self.unit is not None else self.place


class ProposalKind(models.TextChoices):
    """What is proposed."""

    SYSTEM = "system", _("A required system")
    STANDARD = "standard", _("A change of the assessment standard")
    RULE = "rule", _("A rule, or a change of the Regulations")
    LEGISLATURE = "legislature", _("A proposal to the legislature")


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    SUBMITTED = "submitted", _("To be decided")
    ADOPTED = "adopted", _("Adopted, being carried out")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    IN_EFFECT = "in_effect", _("In effect")
    DROPPED = "dropped", _("Not carried out")


class ProposalQuerySet(VersionedQuerySet["Proposal"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Those of units, or carried out by units, over which `user` holds any role that sees content; and the own ones."""
        return self.filter(scopes.q(user) | scopes.q(user, "carried_out_by__path") | Q(proposed_by=user))

    def undecided(self) -> Self:
        """Those that wait for a decision, the longest first."""
        return self.filter(state=ProposalState.SUBMITTED).order_by("pk")


class Proposal(VersionedState):
    """A proposal, followed from its submission over the decision to what came of it."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=ProposalKind.choices)
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    text = models.TextField(_("what is proposed"))
    reason = models.TextField(_("why"))
    unit = models.ForeignKey(
        "organisation.Unit", on_delete=models.PROTECT, related_name="proposals", verbose_name=_("proposed by the unit")
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The system that is to be changed; null where a new one is proposed.
    system = models.ForeignKey(
        RequiredSystem, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    report = models.ForeignKey(
        ResearchReport, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )

    state = models.CharField(_("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.SUBMITTED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Of an adopted one: who carries it out, until when; it is that unit's duty.
    carried_out_by = models.ForeignKey(
        "organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("carried out by")
    )
    obligation = models.OneToOneField(
        "obligations.Obligation", null=True, on_delete=models.PROTECT, related_name="proposal"
    )
    # What came of it: a version of the catalogue or of the Regulations, or what was recorded by hand.
    requirement = models.ForeignKey(Requirement, null=True, on_delete=models.PROTECT, related_name="proposals")
    regulations = models.ForeignKey(Regulations, null=True, on_delete=models.PROTECT, related_name="proposals")
    result = models.TextField(_("what came of it"), blank=True)
    closed_on = models.DateField(_("closed on"), null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-serial")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "serial"), name="proposal_number_once"),
            models.CheckConstraint(condition=Q(kind__in=ProposalKind.values), name="proposal_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=("adopted", "declined", "in_effect", "dropped"))
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="proposal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("in_effect", "dropped")) | ~Q(result=""), name="closed_proposal_has_its_result"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="proposal_moves_by_the_rules",
                field="state",
                transitions=[
                    ("submitted", "adopted"),
                    ("submitted", "declined"),
                    ("submitted", "withdrawn"),
                    ("adopted", "in_effect"),
                    ("adopted", "dropped"),
                ],
                condition=pgtrigger.AnyChange("state"),
            ),
            # What was decided about is what was proposed.
            pgtrigger.ReadOnly(
                name="proposal_stays_as_it_was_made",
                fields=["kind", "title_zh", "title_en", "text", "reason", "unit", "proposed_by"],
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:proposal", args=(self.year, self.serial))

    @property
    def number(self) -> str:
        """Year and number in words."""
        return _t("Proposal %(year)s-%(serial)s") % {"year": self.year, "serial": self.serial}

    @property
    def title(self) -> str:
        """The title in the active language."""
        return localized(self, "title")


class ProposalStep(models.Model):
    """What was done with a proposal and said about it, kept as it was said."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=ProposalState.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            pgtrigger.Protect(name="proposal_step_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.state}"
