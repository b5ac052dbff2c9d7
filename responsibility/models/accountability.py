"""Accountability of the person in office: the case, its measures and every word said in it."""

from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.web.i18n import Bilingual
from portal.web.state import VersionedQuerySet, VersionedState


class Decider(models.TextChoices):
    """Who decides a measure."""

    COORDINATOR = "coordinator", _("decided by the coordinator")
    HEAD = "group_head", _("decided by the head of the leading group")
    GROUP = "leading_group", _("decided by the leading group")


class Measure(Bilingual):
    """A measure of accountability, mildest first. The site enters the legal or disciplinary basis."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    severity = models.PositiveSmallIntegerField(_("order, mildest first"), unique=True)
    decider = models.CharField(_("who decides"), max_length=16, choices=Decider.choices)
    basis = models.CharField(_("legal or disciplinary basis"), max_length=300, blank=True)
    points = models.DecimalField(_("deduction (points)"), max_digits=4, decimal_places=1, default=0)
    is_veto = models.BooleanField(_("vetoes the annual assessment"), default=False)

    class Meta:
        ordering = ("severity",)

    def __str__(self) -> str:
        return self.name


class Cause(models.TextChoices):
    """Why a case was opened."""

    OVERDUE = "overdue", _("Duty not done in time")
    MAJOR_CASE = "major_case", _("Major case in the unit")


class CaseState(models.TextChoices):
    """Where a case stands."""

    OPENED = "opened", _("Opened")
    EXPLAINED = "explained", _("Explained")
    PROPOSED = "proposed", _("Measure proposed")
    DECIDED = "decided", _("Decided")
    OBJECTED = "objected", _("Objected to")
    CLOSED = "closed", _("Closed")


# States in which nothing has been decided yet.
UNDECIDED = frozenset({CaseState.OPENED, CaseState.EXPLAINED, CaseState.PROPOSED})


class CaseQuerySet(VersionedQuerySet["AccountabilityCase"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Cases in a tree of which `user` coordinates, heads or audits a part, and the user's own cases."""
        over = scopes.q(user, roles=(Role.COORDINATOR, Role.HEAD, Role.MEMBER, Role.AUDITOR))
        own = Q(person__user_id=user.pk) if user.is_authenticated and user.is_active else Q(pk__in=())
        return self.filter(over | own)

    def undecided(self) -> Self:
        """Cases in which nothing has been decided yet."""
        return self.filter(state__in=UNDECIDED)


class AccountabilityCase(VersionedState):
    """A case against the person in office at the due day; the successor is told, not accused."""

    year = models.PositiveSmallIntegerField(_("year"))
    # Consecutive within a year; the office writes it as 青石责追〔2026〕9号.
    serial = models.PositiveIntegerField(_("number"))
    cause = models.CharField(max_length=12, choices=Cause.choices)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="accountability_cases")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="accountability_cases")
    tenure = models.ForeignKey("organisation.Tenure", on_delete=models.PROTECT, related_name="accountability_cases")
    obligation = models.OneToOneField(
        "obligations.Obligation", null=True, on_delete=models.PROTECT, related_name="accountability_case"
    )
    # Whose case it is to decide; one level up once it is raised, or where the head is the person concerned.
    group = models.ForeignKey(
        "organisation.LeadingGroup", null=True, on_delete=models.PROTECT, related_name="accountability_cases"
    )
    level = models.PositiveSmallIntegerField(_("level"), default=1)

    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.OPENED)
    opened_on = models.DateField(_("opened on"))
    explain_until = models.DateField(_("explanation until"))
    measure = models.ForeignKey(Measure, null=True, on_delete=models.PROTECT, related_name="+")
    # True once decided that nothing follows.
    no_measure = models.BooleanField(_("no measure"), default=False)
    decided_on = models.DateField(_("decided on"), null=True)
    object_until = models.DateField(_("objection until"), null=True)
    closed_on = models.DateField(_("closed on"), null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-serial")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "serial"), name="accountability_number_once"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="accountability_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["opened", "explained", "proposed"]) | Q(decided_on__isnull=False),
                name="accountability_decided_on_a_day",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("unit", "year"), name="accountability_unit_year")]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="accountability_moves_by_the_rules",
                field="state",
                transitions=[
                    ("opened", "explained"),
                    ("opened", "proposed"),
                    ("opened", "decided"),
                    ("explained", "proposed"),
                    ("explained", "decided"),
                    ("proposed", "explained"),
                    ("proposed", "decided"),
                    ("decided", "objected"),
                    ("decided", "closed"),
                    ("objected", "closed"),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.serial}"

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("responsibility:case", args=(self.year, self.serial))

    def is_final(self, on: date) -> bool:
        """Whether the decision can no longer be objected to."""
        return self.state == CaseState.CLOSED or (
            self.state == CaseState.DECIDED and self.object_until is not None and on > self.object_until
        )


class EntryKind(models.TextChoices):
    """What was said in a case."""

    OPENED = "opened", _("Accountability opened")
    EXPLANATION = "explanation", _("Explanation given")
    PROPOSAL = "proposal", _("Measure proposed")
    DECISION = "decision", _("Decision")
    RAISED = "raised", _("Raised one level")
    OBJECTION = "objection", _("Objection")
    ANSWER = "answer", _("Objection decided")


class CaseEntry(models.Model):
    """A word in a case, kept as it was said: an explanation, a proposal, a decision, an objection."""

    case = models.ForeignKey(AccountabilityCase, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    text = models.TextField(blank=True)
    measure = models.ForeignKey(Measure, null=True, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("case", "kind"),
                condition=Q(kind__in=["opened", "decision", "objection", "answer"]),
                name="case_entry_once",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="case_entry_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.kind}"
