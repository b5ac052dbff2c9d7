"""Reporting periods, the reports that units owe in them, and what became of each."""

from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.web.errors import Conflict, WrongState
from portal.web.state import VersionedQuerySet, VersionedState
from responsibility import report_rules
from responsibility.errors import ReportAccepted, ReportEnded, ReportNotEditable
from responsibility.models.letters import Letter


class PeriodKind(models.TextChoices):
    """How long a period is. Which of them a year has is the coordinator's choice; the annual one is usual."""

    ANNUAL = "annual", _("Annual")
    HALF_YEAR = "half-year", _("Half-yearly")
    QUARTER = "quarter", _("Quarterly")


class ReportingPeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    """Words that chain into a sentence."""

    def running(self, year: int, on: date) -> Self:
        """The periods of a year whose due day is still to come, or is `on`."""
        return self.filter(year=year, due_on__gte=on)


class ReportingPeriod(models.Model):
    """A period for which every unit with a letter reports."""

    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=10, choices=PeriodKind.choices)
    # The quarter, or the half; 1 for the annual report.
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due day"))
    # From the day after it nothing is taken any more, not even late; but for who was given a later day.
    closes_on = models.DateField(_("closes on"), null=True, blank=True)

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-due_on")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "kind", "number"), name="reporting_period_once"),
            models.CheckConstraint(condition=Q(kind__in=PeriodKind.values), name="reporting_period_kind_known"),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("opens_on"))
                & (Q(closes_on__isnull=True) | Q(closes_on__gte=models.F("due_on"))),
                name="reporting_period_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def slug(self) -> str:
        """The word of the period in addresses: annual, half-year-1, quarter-3."""
        return self.kind if self.kind == PeriodKind.ANNUAL else f"{self.kind}-{self.number}"

    @property
    def title(self) -> str:
        """What a report of the period is called, in the reader's language."""
        return period_title(self.year, self.kind, self.number)


def period_title(year: int, kind: str, number: int) -> str:
    """The name of a period's report in the active language."""
    values = {"year": year, "number": number}
    match kind, number:
        case PeriodKind.ANNUAL, _number:
            return _t("Annual report %(year)s") % values
        case PeriodKind.HALF_YEAR, 1:
            return _t("Half-yearly report %(year)s") % values
        case PeriodKind.HALF_YEAR, _number:
            return _t("Report on the second half of %(year)s") % values
        case _:
            return _t("Report on quarter %(number)s of %(year)s") % values


class ReportState(models.TextChoices):
    """Where a report stands."""

    DRAFT = "draft", _("Not submitted")
    SUBMITTED = "submitted", _("With the reviewer")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


# States in which leader and liaison may write.
EDITABLE = frozenset({ReportState.DRAFT, ReportState.RETURNED})


class Part(models.TextChoices):
    """The three things a top leader reports on."""

    WORK = "work", _("Prevention work")
    TARGETS = "targets", _("Targets of the letter")
    CLEAN = "clean", _("Own clean government")


# The seats of a leading group; one above a unit reads the clean-government part of the unit's leader.
SEATS = (Role.HEAD, Role.MEMBER)


class ReportQuerySet(VersionedQuerySet["Report"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Reports of the units over which `user` holds any role."""
        return self.filter(scopes.q(user))

    def clean_open_to(self, user: User) -> Self:
        """Reports whose clean-government part `user` reads: his own, as coordinator, or from a group above the unit.

        A group seated at the unit itself is led by the very leader who writes the part: its members do not read it.
        """
        condition = scopes.q(user, roles=(Role.TOP_LEADER, Role.COORDINATOR))
        for seat in set(user.standing.scopes(*SEATS)) if user.is_active else ():
            condition |= Q(unit__path__descendants=seat.path) & ~Q(unit__path=seat.path)
        return self.filter(condition)

    def to_review(self) -> Self:
        """Submitted and waiting for the coordinator, the longest first."""
        return self.filter(state=ReportState.SUBMITTED).order_by("submitted_at")


class Report(VersionedState):
    """A unit's report for a period: a working copy; what was handed in is kept in `Submission`."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)

    obligation = models.OneToOneField("obligations.Obligation", on_delete=models.PROTECT, related_name="report")
    # The duty to correct a returned report; it has a day of its own.
    correction = models.OneToOneField(
        "obligations.Obligation", null=True, on_delete=models.PROTECT, related_name="corrected_report"
    )

    work = models.JSONField(default=dict)
    targets = models.JSONField(default=dict)
    # Read by the leading group above the unit and the coordinator only.
    clean = models.JSONField(default=dict)
    # The version of the report in which each part was last written: whoever saw that one or a later one may write it,
    # so that two people write different parts at once.
    work_version = models.PositiveIntegerField(default=0)
    targets_version = models.PositiveIntegerField(default=0)
    clean_version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(null=True)

    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-period__year", "-period__due_on", "unit__sort_key")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("period", "unit"), name="report_once"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
        ]
        indexes: ClassVar = [
            # The reviewer's question: what waits for me, the longest first?
            models.Index(fields=("submitted_at",), condition=Q(state="submitted"), name="report_to_review"),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="report_moves_by_the_rules",
                field="state",
                transitions=[
                    ("draft", "submitted"),
                    ("submitted", "returned"),
                    ("submitted", "accepted"),
                    ("returned", "submitted"),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.unit}"

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("responsibility:report", args=(self.period.year, self.period.slug, self.unit.code))

    def part(self, part: str) -> dict[str, Any]:
        """The working copy of one part."""
        values: dict[str, Any] = getattr(self, Part(part).value)
        return values

    @property
    def duty(self) -> Obligation:
        """The duty in force: the correction once the report was returned, else the report itself."""
        return self.correction if self.correction is not None else self.obligation

    def stopped(self, on: date) -> WrongState | None:
        """Why leader and liaison may not write, attach and hand in on a day; None while they may."""
        if self.state not in EDITABLE:
            return ReportAccepted() if self.state == ReportState.ACCEPTED else ReportNotEditable()
        if self.duty.state == State.CANCELLED:
            return ReportEnded()
        return report_rules.out_of_time(
            on,
            opens_on=self.period.opens_on,
            closes_on=self.period.closes_on,
            due_on=self.duty.due_on,
            stands_still=self.duty.suspended_since is not None or self.duty.vacant_since is not None,
        )

    def letter(self) -> Letter:
        """The letter that the report answers to: the one in force, else the last one. Raises Letter.DoesNotExist."""
        return Letter.objects.for_year(self.period.year).filter(unit=self.unit).in_force_first()[:1].get()

    def save_part(self, part: Part, values: dict[str, Any], *, expected_version: int, **stamp: Any) -> Self:
        """Write one part, if nobody wrote it since `expected_version`, and count up the version. Raises Conflict.

        The row must be locked: the version that is counted up is the one that was read.
        """
        fields = {part.value: values, f"{part.value}_version": self.version + 1, "version": self.version + 1} | stamp
        unchanged = {f"{part.value}_version__lte": expected_version, "version": self.version}
        if not type(self).objects.filter(pk=self.pk, **unchanged).update(**fields):
            raise Conflict(self._as_stored(part), {part.value: values})
        for name, value in fields.items():
            setattr(self, name, value)
        return self

    def _as_stored(self, part: Part) -> "Report":
        """The report as it is now; it names its last saver, who need not have written this part."""
        current = Report.objects.select_related("saved_by").get(pk=self.pk)
        if getattr(current, f"{part.value}_version") != current.version:
            current.saved_by = None
        return current


class Submission(models.Model):
    """A report as it was handed in, once and for all; a correction is the next number."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.JSONField()
    clean = models.JSONField()
    # Over the canonical form of content and clean.
    sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tenure = models.ForeignKey("organisation.Tenure", on_delete=models.PROTECT, related_name="+")
    # Working days past the due day in force; 0 when in time.
    days_late = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("report", "number")
        constraints: ClassVar = [models.UniqueConstraint(fields=("report", "number"), name="submission_number_once")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="submission_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.report} ({self.number})"


class Remark(models.Model):
    """A reviewer's remark on a part of a submission, or on one target in it."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="remarks")
    part = models.CharField(max_length=8, choices=Part.choices)
    # The code of the target that the remark is about; empty when it is about the part.
    target = models.CharField(max_length=40, blank=True)
    text = models.TextField(_("remark"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [pgtrigger.Protect(name="remark_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text[:60]
