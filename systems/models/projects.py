"""Prevention projects: followed from start to end, in one of the four methods, with checks at each milestone."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.i18n import localized, titled
from portal.web.state import VersionedQuerySet, VersionedState
from systems.models.catalogue import RequiredSystem


class Method(models.TextChoices):
    """The four methods of prevention that the program names."""

    SYSTEMATIC = "systematic", _("Systematic prevention")
    SYNCHRONOUS = "synchronous", _("Synchronous prevention")
    SPECIAL = "special", _("Special prevention")
    KEY = "key", _("Key prevention")


METHOD_DESCRIPTIONS = {
    Method.SYSTEMATIC: _("A whole line of units takes the same measures together."),
    Method.SYNCHRONOUS: _(
        "It goes alongside a construction project, a fund or a relocation, from its start to its end."
    ),
    Method.SPECIAL: _("It takes up one field in which duty crimes happened or threaten."),
    Method.KEY: _("It protects the most exposed posts."),
}


class ProjectState(models.TextChoices):
    """Where a project stands."""

    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Under way")
    COMPLETED = "completed", _("Completed")
    STOPPED = "stopped", _("Stopped")


class ProjectQuerySet(VersionedQuerySet["Project"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Projects led by, or involving, a unit over which `user` holds any role that sees content."""
        involved = ProjectUnit.objects.filter(scopes.q(user))
        return self.filter(Q(pk__in=involved.values("project_id")) | scopes.q(user))

    def with_progress(self) -> Self:
        """Adds `checks`, how many are asked of all units, and `passed`, how many were checked and found kept."""
        asked = Q(milestones__checks__isnull=False) & ~Q(milestones__checks__state=CheckState.ENDED)
        return self.annotate(
            checks=Count("milestones__checks", filter=asked),
            passed=Count("milestones__checks", filter=Q(milestones__checks__state=CheckState.PASSED)),
        )


class Project(VersionedState):
    """A prevention project."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    method = models.CharField(_("method"), max_length=12, choices=Method.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    # The line of units, the construction project, the field, the posts.
    subject = models.CharField(_("what it is about"), max_length=300)
    aim = models.TextField(_("aim"))
    unit = models.ForeignKey(
        "organisation.Unit", on_delete=models.PROTECT, related_name="led_projects", verbose_name=_("leading unit")
    )
    category = models.ForeignKey(
        RequiredSystem, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("system")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    state = models.CharField(_("state"), max_length=10, choices=ProjectState.choices, default=ProjectState.PLANNED)
    began_on = models.DateField(_("begun on"), null=True)
    closed_on = models.DateField(_("closed on"), null=True)
    # What came of it; of a stopped one, why it was stopped.
    outcome = models.TextField(_("what came of it"), blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = ProjectQuerySet.as_manager()

    # Only on rows of a queryset that asked for them: `with_progress`.
    checks: int
    passed: int

    class Meta:
        ordering = ("-year", "-serial")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "serial"), name="project_number_once"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="project_method_known"),
            models.CheckConstraint(condition=Q(state__in=ProjectState.values), name="project_state_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="project_days_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "running")) | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="closed_project_says_what_came_of_it",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="project_moves_by_the_rules",
                field="state",
                transitions=[
                    ("planned", "running"),
                    ("planned", "stopped"),
                    ("running", "completed"),
                    ("running", "stopped"),
                ],
                condition=pgtrigger.AnyChange("state"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:project", args=(self.year, self.serial))

    @property
    def name(self) -> str:
        """The name in the active language."""
        return localized(self, "name")


class ProjectUnit(models.Model):
    """A unit that takes part."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="involved")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="project_parts")

    class Meta:
        ordering = ("project", "unit__path")
        constraints: ClassVar = [models.UniqueConstraint(fields=("project", "unit"), name="unit_once_in_a_project")]

    def __str__(self) -> str:
        return f"{self.project} {self.unit}"


class Milestone(models.Model):
    """A day by which every unit that takes part has done something, which is then checked."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    due_on = models.DateField(_("due on"))
    looked_at = models.TextField(_("what is checked"), blank=True)

    class Meta:
        ordering = ("project", "due_on", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return localized(self, "name")


class CheckState(models.TextChoices):
    """Where the check of a unit at a milestone stands."""

    OWED = "owed", _("To be reported")
    REPORTED = "reported", _("Reported, to be checked")
    RETURNED = "returned", _("Not kept, to be reported again")
    PASSED = "passed", _("Checked and kept")
    ENDED = "ended", _("No longer asked")


# The unit has to act in these states.
ASKED = frozenset({CheckState.OWED, CheckState.RETURNED})


class CheckQuerySet(VersionedQuerySet["MilestoneCheck"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Checks of units over which `user` holds any role that sees content; all of a project that his unit leads."""
        return self.filter(scopes.q(user) | scopes.q(user, "milestone__project__unit__path"))

    def to_check(self) -> Self:
        """Those reported, the longest first."""
        return self.filter(state=CheckState.REPORTED).order_by("reported_at")


class MilestoneCheck(VersionedState):
    """What a unit did by a milestone, and what the check of it found."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="checks")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="milestone_checks")
    state = models.CharField(_("state"), max_length=8, choices=CheckState.choices, default=CheckState.OWED)
    obligation = models.OneToOneField(
        "obligations.Obligation", on_delete=models.PROTECT, related_name="milestone_check"
    )
    # The duty to report again; it has a day of its own.
    correction = models.OneToOneField(
        "obligations.Obligation", null=True, on_delete=models.PROTECT, related_name="corrected_milestone_check"
    )
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ("milestone", "unit__path")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("milestone", "unit"), name="unit_checked_once_at_a_milestone"),
            models.CheckConstraint(condition=Q(state__in=CheckState.values), name="check_state_known"),
            models.CheckConstraint(
                condition=~Q(state="passed") | (Q(checked_by__isnull=False) & ~Q(checked_by=F("reported_by"))),
                name="check_by_another",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="check_moves_by_the_rules",
                field="state",
                transitions=[
                    ("owed", "reported"),
                    ("returned", "reported"),
                    ("reported", "passed"),
                    ("reported", "returned"),
                    ("owed", "ended"),
                    ("returned", "ended"),
                    ("reported", "ended"),
                ],
                condition=pgtrigger.AnyChange("state"),
            )
        ]

    def __str__(self) -> str:
        return titled(self.milestone, self.unit)

    def get_absolute_url(self) -> str:
        """Its page."""
        project = self.milestone.project
        return reverse("systems:project-check", args=(project.year, project.serial, self.pk))


class CheckWord(models.Model):
    """What was reported at a milestone, and what the check found; kept as it was said."""

    check_of = models.ForeignKey(MilestoneCheck, on_delete=models.PROTECT, related_name="said")
    state = models.CharField(max_length=8, choices=CheckState.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            pgtrigger.Protect(name="check_word_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.check_of_id} {self.state}"
