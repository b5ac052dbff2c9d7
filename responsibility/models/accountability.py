"""Accountability of the person in office: the case, its measures and every word said in it."""

from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.models import GroupMembership, LeadingGroup
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
    REFERRED = "referred", _("Referred to the body above")


# States in which a decision is to be made: the first one, or a further one after the case was raised.
UNDECIDED = frozenset({CaseState.OPENED, CaseState.EXPLAINED, CaseState.PROPOSED})


def _nlevel(path: str) -> Func:
    """How deep a path lies in the tree."""
    return Func(F(path), function="nlevel", output_field=models.IntegerField())


def _heads_over(path: OuterRef, on: date) -> "QuerySet[GroupMembership]":
    """Heads, in office on a day, of the leading groups at a path and above it, the nearest first."""
    heads = GroupMembership.objects.heads().on(on).filter(group__unit__path__ancestors=path)
    return heads.exclude(person=OuterRef("person")).annotate(depth=_nlevel("group__unit__path")).order_by("-depth")


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

    def undecided_first(self) -> Self:
        """Those that wait for a decision, then those that wait for an answer, then the rest; each the newest first."""
        turn = Case(
            When(state__in=UNDECIDED, then=Value(0)), When(state=CaseState.OBJECTED, then=Value(1)), default=Value(2)
        )
        return self.order_by(turn, "-year", "-serial")

    def with_deciders(self, on: date) -> Any:
        """Adds who acts on a day, nobody in the own case. Each is null where nobody in the tree may.

        `decider_id`: the membership of the head who decides: of the case's group, or of the nearest one above whose head
        is somebody else. `answerer_id`: of the head who answers an objection: one level above the decision, never its
        author (`decision_author_id`). Where that is null, the other members of `top_group_id`, the highest group of the
        tree, answer.
        """
        decision = CaseEntry.objects.filter(case=OuterRef("pk"), kind=EntryKind.DECISION).order_by("-pk")
        decided = self.annotate(
            decider_id=Subquery(_heads_over(OuterRef("group__unit__path"), on).values("pk")[:1]),
            decision_author_id=Subquery(decision.values("author")[:1]),
            # Decisions of the first version of the portal do not name their group.
            decision_path=Coalesce(Subquery(decision.values("group__unit__path")[:1]), F("group__unit__path")),
        )
        path, author = OuterRef("decision_path"), OuterRef("decision_author_id")
        above = _heads_over(path, on).exclude(group__unit__path=path).exclude(person__user=author)
        groups = LeadingGroup.objects.filter(unit__path__ancestors=path).order_by(_nlevel("unit__path"))
        return decided.annotate(  # type: ignore[no-redef]
            answerer_id=Subquery(above.values("pk")[:1]), top_group_id=Subquery(groups.values("pk")[:1])
        )


class AccountabilityCase(VersionedState):
    """A case against who was in office on the due day, or when a major case's act was done; a successor is told only."""

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
    # The duty-crime case that a major case is opened for.
    crime_case = models.OneToOneField(
        "cases.CrimeCase", null=True, on_delete=models.PROTECT, related_name="accountability_case"
    )
    # Where the search for who decides begins: the group responsible for the unit, one level up once the case is raised.
    # Who it is in the end is asked at the moment of decision (`with_deciders`): heads change, and nobody decides his own.
    group = models.ForeignKey(
        "organisation.LeadingGroup", null=True, on_delete=models.PROTECT, related_name="accountability_cases"
    )
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    # True once it was raised and no group was left above: the same group decides further, or the case is referred.
    at_top = models.BooleanField(_("no level above in this tree"), default=False)

    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.OPENED)
    opened_on = models.DateField(_("opened on"))
    # Counted from the opening, or from the raising of a decided case: it follows the calendar as long as it lies ahead.
    explain_from = models.DateField(null=True)
    explain_until = models.DateField(_("explanation until"))
    # The measure in force: of the last decision, or what its objection left; it stands while a raised case is undecided.
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
                condition=Q(cause="major_case", crime_case__isnull=False)
                | (~Q(cause="major_case") & Q(crime_case__isnull=True)),
                name="accountability_names_its_major_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["opened", "explained", "proposed"]) | Q(decided_on__isnull=False),
                name="accountability_decided_on_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("unit", "year"), name="accountability_unit_year"),
            # The clock's question: which decisions can no longer be objected to?
            models.Index(fields=("object_until",), condition=Q(state="decided"), name="accountability_to_close"),
        ]
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
                    # Raised, because the duty is still not done.
                    ("decided", "opened"),
                    ("decided", "explained"),
                    ("closed", "opened"),
                    ("closed", "explained"),
                    # Objected to after it was raised, and then decided further.
                    ("opened", "objected"),
                    ("explained", "objected"),
                    ("proposed", "objected"),
                    ("objected", "opened"),
                    ("objected", "explained"),
                    ("objected", "proposed"),
                    # Nobody in the tree may decide.
                    ("opened", "referred"),
                    ("explained", "referred"),
                    ("proposed", "referred"),
                    ("objected", "referred"),
                ],
            )
        ]

    def __str__(self) -> str:
        return _t("[%(year)s] No. %(serial)s, %(unit)s") % {
            "year": self.year,
            "serial": self.serial,
            "unit": self.unit.name,
        }

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("responsibility:case", args=(self.year, self.serial))

    @property
    def matter(self) -> str:
        """What it is about: the duty not done, or the number of the major case; nothing else of that is shown here."""
        if self.crime_case is not None:
            return _t("Major case %(number)s") % {"number": self.crime_case.number}
        return str(self.obligation.label) if self.obligation is not None else ""

    def is_final(self, on: date) -> bool:
        """Whether the decision can no longer be objected to."""
        return self.state in (CaseState.CLOSED, CaseState.REFERRED) or (
            self.state == CaseState.DECIDED and self.may_not_be_objected_to(on)
        )

    def may_not_be_objected_to(self, on: date) -> bool:
        """Whether the time for an objection has passed, or nothing was decided."""
        return self.object_until is None or on > self.object_until


class EntryKind(models.TextChoices):
    """What was said in a case."""

    OPENED = "opened", _("Accountability opened")
    EXPLANATION = "explanation", _("Explanation given")
    PROPOSAL = "proposal", _("Measure proposed")
    DECISION = "decision", _("Decision")
    RAISED = "raised", _("Raised one level")
    OBJECTION = "objection", _("Objection")
    ANSWER = "answer", _("Objection decided")
    CLOSED = "closed", _("Final: nobody objected in time")
    REFERRED = "referred", _("Referred to the body above")


# Said once at each level of a case.
ONCE = ("opened", "decision", "objection", "answer", "closed", "referred")


class CaseEntry(models.Model):
    """A word in a case, kept as it was said: an explanation, a proposal, a decision, an objection."""

    case = models.ForeignKey(AccountabilityCase, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    text = models.TextField(blank=True)
    measure = models.ForeignKey(Measure, null=True, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=300, blank=True)
    # The level of the case that it belongs to; an objection and its answer have that of the decision.
    level = models.PositiveSmallIntegerField(default=1)
    # For which leading group a decision or an answer was made.
    group = models.ForeignKey("organisation.LeadingGroup", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("case", "kind", "level"), condition=Q(kind__in=ONCE), name="case_entry_once"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="case_entry_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
