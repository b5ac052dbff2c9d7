"""What is owed: duties, the ladders they climb, the steps taken and the decisions about them."""

from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.obligations.choices import FORMAL, Action, Audience, DecisionKind, Outcome, State
from portal.web.i18n import Bilingual, localized


class Ladder(Bilingual):
    """A version of a ladder. A duty keeps the version it was opened under."""

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    in_force_from = models.DateField(_("in force from"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("code", "-version")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("code", "version"), name="ladder_version_once"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="ladder_is_kept", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Rung(models.Model):
    """One step of a ladder, `offset` working days from the due day (negative: before)."""

    ladder = models.ForeignKey(Ladder, on_delete=models.PROTECT, related_name="rungs")
    position = models.PositiveSmallIntegerField(_("position"))
    offset = models.SmallIntegerField(_("working days from the due day"))
    action = models.CharField(_("action"), max_length=24, choices=Action.choices)
    audience = models.JSONField(_("who is told"), default=list)
    points = models.DecimalField(_("deduction (points)"), max_digits=4, decimal_places=1, default=0)
    # The coordinator's own words, added to the notice that is sent at this rung.
    text_en = models.CharField(_("own text in English"), max_length=400, blank=True)
    text_zh = models.CharField(_("own text in Chinese"), max_length=400, blank=True)

    class Meta:
        ordering = ("ladder", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("ladder", "position"), name="rung_position_once"),
            models.CheckConstraint(condition=Q(action__in=Action.values), name="rung_action_known"),
            models.CheckConstraint(condition=Q(points__gte=0), name="rung_points_not_negative"),
            models.CheckConstraint(
                condition=Q(audience__contained_by=Audience.values) & Q(audience__contains=[]),
                name="rung_audience_known",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="rung_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
            # Duties that climb the version would take the new rung for one that they missed.
            pgtrigger.Trigger(
                name="rung_of_unused_ladder",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="made"),  # type: ignore[no-untyped-call]
                func="""
                    IF EXISTS (SELECT FROM obligations_obligation o JOIN made ON made.ladder_id = o.ladder_id) THEN
                        RAISE EXCEPTION 'pgtrigger: duties climb this version of the ladder already; make a new version';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ladder} {self.offset:+d} {self.action}"

    @property
    def is_formal(self) -> bool:
        """Whether the rung is more than a reminder."""
        return self.action in FORMAL


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Words that chain: `Obligation.objects.open().of_year(2026).visible_to(user)`."""

    def visible_to(self, user: User) -> Self:
        """Duties of the units over which `user` holds any role."""
        return self.filter(scopes.q(user))

    def locked(self, pk: int) -> "Obligation":
        """The duty, locked until the transaction ends; must be called inside one."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def open(self) -> Self:
        """Duties still owed."""
        return self.filter(state=State.OPEN)

    def of_year(self, year: int) -> Self:
        """Duties of a programme year."""
        return self.filter(year=year)

    def overdue(self, on: date) -> Self:
        """Open duties whose due day is past."""
        return self.open().filter(due_on__lt=on)


class Obligation(models.Model):
    """Something a unit's top leader owes by a date.

    `due_on` is the due day now in force: `original_due_on` with every decision and event that has taken effect. The
    clock alone moves it, from the rows of `Decision`; nobody edits it.
    """

    kind = models.CharField(_("kind"), max_length=40)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="obligations")
    # In office on the due day, once that day has come; before it, the person expected to be.
    tenure = models.ForeignKey(
        "organisation.Tenure",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="obligations",
        db_index=False,
    )
    label_en = models.CharField(max_length=200)
    label_zh = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField(_("programme year"))
    ladder = models.ForeignKey(Ladder, on_delete=models.PROTECT, related_name="obligations", db_index=False)

    opened_on = models.DateField(_("opened on"))
    # Where the first due day was counted, `anchor_days` working days from `anchor_on`: it follows the calendar.
    original_due_on = models.DateField(_("first due day"))
    anchor_on = models.DateField(null=True, blank=True)
    anchor_days = models.SmallIntegerField(null=True, blank=True)
    due_on = models.DateField(_("due day"))

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    # The earliest day on which the clock has anything to do here; null when only an event can change that.
    next_step_on = models.DateField(null=True, blank=True)
    # The first day of the vacancy in which the duty stands still, as the clock last saw it.
    vacant_since = models.DateField(null=True, blank=True)
    # The first day of the suspension in force, as the clock last saw it.
    suspended_since = models.DateField(null=True, blank=True)
    # The sentence of the error that stopped the clock here; it goes on with the others and shows this one.
    clock_error = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="obligation_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.OPEN, closed_on__isnull=True)
                | (~Q(state=State.OPEN) & Q(closed_on__isnull=False)),
                name="obligation_closed_when_not_open",
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN) | Q(next_step_on__isnull=True), name="obligation_closed_has_no_next_step"
            ),
            models.CheckConstraint(
                condition=Q(anchor_on__isnull=True, anchor_days__isnull=True)
                | Q(anchor_on__isnull=False, anchor_days__isnull=False),
                name="obligation_anchor_is_a_pair",
            ),
        ]
        indexes: ClassVar = [
            # The clock's question: what is due by today?
            models.Index(
                fields=("next_step_on", "id"), condition=Q(next_step_on__isnull=False), name="obligation_next_step"
            ),
            # The matrix's question: every duty of these units in a year.
            models.Index(fields=("year", "unit", "kind"), name="obligation_year_unit"),
            # The dashboard's question: what is open, by due day?
            models.Index(fields=("year", "due_on"), condition=Q(state="open"), name="obligation_open_due"),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="obligation_closes_once",
                field="state",
                transitions=[("open", "discharged"), ("open", "waived"), ("open", "cancelled")],
                # The clock writes many rows whose state stays.
                condition=pgtrigger.AnyChange("state"),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What is owed, in the reader's language."""
        return localized(self, "label")

    @property
    def is_late(self) -> bool:
        """Whether it was done after its due day. Late stays late, whatever came of it."""
        return self.state == State.DISCHARGED and self.closed_on is not None and self.closed_on > self.due_on


class Step(models.Model):
    """A rung reached by a duty: UNIQUE(obligation, rung) is what makes escalation happen exactly once."""

    # Found by the index of step_once.
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="steps", db_index=False)
    rung = models.ForeignKey(Rung, on_delete=models.PROTECT, related_name="+", db_index=False)
    action = models.CharField(max_length=24, choices=Action.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.TAKEN)
    # The day the run was made for, and the due day then in force.
    taken_on = models.DateField(_("taken on"))
    due_on = models.DateField(_("due day"))
    tenure = models.ForeignKey(
        "organisation.Tenure", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("taken_on", "rung__position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("obligation", "rung"), name="step_once"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="step_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.action} {self.taken_on}"

    @property
    def is_formal(self) -> bool:
        """Whether the step counts against the unit."""
        return self.action in FORMAL


# What was asked stays as it was asked; the answer is written once, and so are the end of a suspension and who ended it.
DECISION_KEPT = """
    IF (NEW.obligation_id, NEW.kind, NEW.reason, NEW.asked_by_id, NEW.asked_on, NEW.asked_due_on, NEW.starts_on)
        IS DISTINCT FROM
        (OLD.obligation_id, OLD.kind, OLD.reason, OLD.asked_by_id, OLD.asked_on, OLD.asked_due_on, OLD.starts_on)
    OR (OLD.decided_on IS NOT NULL AND (NEW.decided_by_id, NEW.decided_on, NEW.granted, NEW.due_on)
        IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_on, OLD.granted, OLD.due_on))
    OR (OLD.decision_reason <> '' AND NEW.decision_reason IS DISTINCT FROM OLD.decision_reason)
    OR (OLD.ends_on IS NOT NULL AND NEW.ends_on IS DISTINCT FROM OLD.ends_on)
    OR (OLD.resumed_on IS NOT NULL
        AND (NEW.resumed_on, NEW.resumed_by_id) IS DISTINCT FROM (OLD.resumed_on, OLD.resumed_by_id))
    THEN
        RAISE EXCEPTION 'pgtrigger: a decision is made once; what stands in it is never changed';
    END IF;
    RETURN NEW;
"""


class Decision(models.Model):
    """A recorded decision about a duty, with its author and reason. Answered once, never edited.

    An extension is a request (`asked_on`, `asked_by`) that the coordinator grants or declines. A suspension ends on the
    day that it names (`ends_on`), or earlier when somebody resumes the duty (`resumed_on`, `resumed_by`).
    """

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=DecisionKind.choices)
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(_("asked on"), null=True)
    asked_due_on = models.DateField(_("due day asked for"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(_("decided on"), null=True)
    granted = models.BooleanField(_("granted"), null=True)
    # Of the answer to a request; of the resumption, where a suspension was ended by hand.
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    # Extension: the new due day. Suspension: the days from `starts_on` up to, not including, `ends_on`.
    due_on = models.DateField(_("new due day"), null=True)
    starts_on = models.DateField(_("from"), null=True)
    ends_on = models.DateField(_("until"), null=True)
    resumed_on = models.DateField(_("resumed on"), null=True)
    resumed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind="suspension")
                | (Q(starts_on__isnull=False) & (Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")))),
                name="suspension_has_its_days",
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True, resumed_by__isnull=True)
                | Q(
                    resumed_on__gte=models.F("starts_on"), resumed_on__lte=models.F("ends_on"), resumed_by__isnull=False
                ),
                name="resumption_has_its_author",
            ),
            models.UniqueConstraint(
                fields=("obligation",),
                condition=Q(kind="extension", decided_on__isnull=True),
                name="one_extension_asked",
            ),
            models.UniqueConstraint(
                fields=("obligation",), condition=Q(kind="suspension", ends_on__isnull=True), name="one_open_suspension"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="decision_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="decision_is_made_once", operation=pgtrigger.Update, when=pgtrigger.Before, func=DECISION_KEPT
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.kind}"

    @property
    def ended_on(self) -> date | None:
        """The first day on which a suspension is over: as resumed, else as it named; None while open."""
        return self.resumed_on or self.ends_on


class VacancyQuestion(models.Model):
    """The leading group was asked who acts in a vacant post: once for each vacancy, whichever duty met it first.

    A vacancy is known by the last day of the last holder; that of a post which nobody ever held by its absence.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="vacancy_questions")
    last_held_on = models.DateField(_("last day of the last holder"), null=True)
    vacant_since = models.DateField(_("vacant since"))
    asked_on = models.DateField(_("asked on"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("unit", "last_held_on"), nulls_distinct=False, name="vacancy_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.vacant_since}"


class ClockRun(models.Model):
    """A run of the clock that did something, or the last one of its day."""

    on = models.DateField(_("for the day"))
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    looked_at = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    formal_steps = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar = [models.Index(fields=("-started_at",), name="clockrun_newest")]

    def __str__(self) -> str:
        return f"{self.on}: {self.steps}"
