"""Clues: what somebody says may be a crime. What it says is sealed; who opened it, and for what, is kept."""

import uuid
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.roles import Role
from portal.obligations.models import Obligation
from portal.organisation.models import Rank, Unit
from portal.web.state import VersionedQuerySet, VersionedState

# Who sees that there is a clue; what it says is read by its officers alone.
SEES_CLUES = (Role.COORDINATOR, Role.HEAD, Role.CASE_OFFICER, Role.AUDITOR)


class Source(models.TextChoices):
    """Where a clue comes from."""

    REPORT = "report", _("Report by a person")
    PUBLIC = "public", _("Public page")
    TRANSFER = "transfer", _("Transferred by another organ")
    SCREENING = "screening", _("Screening of penalties")
    HANDLING = "handling", _("Found in handling a case")
    AUDIT = "audit", _("Audit")
    INSPECTION = "inspection", _("Inspection")
    SURRENDER = "surrender", _("Surrender")
    MEDIA = "media", _("Media")


class ClueState(models.TextChoices):
    """Where a clue stands."""

    RECEIVED = "received", _("Received")
    VERIFYING = "verifying", _("Being verified")
    CLOSED = "closed", _("Verified")


class Grade(models.TextChoices):
    """How much a clue is worth following at once."""

    HIGH = "a", _("A: specific, can be verified at once")
    MEDIUM = "b", _("B: partly specific")
    LOW = "c", _("C: general")


class Result(models.TextChoices):
    """What verification came to; no clue is closed without it."""

    UNFOUNDED = "unfounded", _("Unfounded")
    DISCIPLINE = "discipline", _("To the organ of discipline")
    ORGAN = "organ", _("To another organ")
    FILED = "filed", _("Filed as a case")
    KEPT = "kept", _("Kept for reference")


class ClueQuerySet(VersionedQuerySet["Clue"]):
    """Words that chain."""

    def visible_to(self, user: Any) -> Self:
        """Clues kept where `user` oversees or works on cases, and those of which `user` is an officer."""
        mine = Q(pk__in=ClueOfficer.objects.filter(user_id=user.pk).values("clue_id"))
        return self.filter(scopes.q(user, "office__path", SEES_CLUES) | mine)

    def open(self) -> Self:
        """Those not verified yet."""
        return self.exclude(state=ClueState.CLOSED)


class Clue(VersionedState):
    """A clue. Everything on this row may be seen by who oversees clues; what it says is in its texts, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()

    # The unit that verifies it, and the unit that it is about where that is known.
    office = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("verified by"))
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="clues", verbose_name=_("unit concerned")
    )
    # Of the highest person concerned, where it is known: whoever it is, the clue is verified in the same time.
    rank = models.ForeignKey(
        Rank,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("rank of the person concerned"),
    )
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    channel = models.CharField(_("how it came"), max_length=120, blank=True)
    grade = models.CharField(_("grade"), max_length=1, choices=Grade.choices, blank=True)
    received_on = models.DateField(_("received on"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    state = models.CharField(_("state"), max_length=10, choices=ClueState.choices, default=ClueState.RECEIVED)
    result = models.CharField(_("result"), max_length=12, choices=Result.choices, blank=True)
    closed_on = models.DateField(_("verified on"), null=True)
    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="clue")

    # The key of its texts, enclosed by a key outside the database.
    key_id = models.CharField(max_length=40, editable=False)
    enclosed_key = models.BinaryField(editable=False)
    # Of the sixteen digits given to a sender; the digits themselves are kept nowhere.
    receipt = models.CharField(max_length=64, blank=True, editable=False)

    objects = ClueQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-serial")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "serial"), name="clue_number_once"),
            models.UniqueConstraint(fields=("receipt",), condition=~Q(receipt=""), name="clue_receipt_once"),
            models.CheckConstraint(condition=Q(state__in=ClueState.values), name="clue_state_known"),
            models.CheckConstraint(
                condition=Q(state=ClueState.CLOSED, closed_on__isnull=False, result__in=Result.values)
                | (~Q(state=ClueState.CLOSED) & Q(closed_on__isnull=True, result="")),
                name="clue_closed_with_result",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="clue_moves_on",
                field="state",
                transitions=[("received", "verifying"), ("verifying", "closed")],
                condition=pgtrigger.AnyChange("state"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How people name it."""
        return f"{self.year}-{self.serial}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cases:clue", args=(self.pk,))


class ClueOfficer(models.Model):
    """Somebody who verifies a clue, and may open it."""

    clue = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="officers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("clue", "user"), name="clue_officer_once")]

    def __str__(self) -> str:
        return f"{self.clue_id} {self.user_id}"


class TextKind(models.TextChoices):
    """What a sealed text of a clue is."""

    CONTENT = "content", _("What it says")
    CONCERNED = "concerned", _("Persons concerned")
    REPORTER = "reporter", _("Who reports")
    STEP = "step", _("Step taken")
    QUESTION = "question", _("Question to the sender")
    ANSWER = "answer", _("Answer of the sender")
    RESULT = "result", _("Reasons of the result")
    REPLY = "reply", _("Reply to the sender")


# What a sender with a receipt sees.
FOR_SENDER = (TextKind.QUESTION, TextKind.ANSWER, TextKind.REPLY)


class ClueText(models.Model):
    """A sealed text of a clue. Written once."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(max_length=10, choices=TextKind.choices)
    sealed = models.BinaryField()
    # Nobody for what a sender wrote.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            pgtrigger.Protect(name="clue_text_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.clue_id} {self.kind}"


class ClueFile(models.Model):
    """A file that came with a clue, sealed like its texts; its name too."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="files")
    name = models.BinaryField()
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    file = models.FileField(upload_to="clues/", max_length=200)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.clue_id} {self.pk}"


class Opening(models.Model):
    """That somebody opened a clue, and for what; or was refused. Never changed."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    granted = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [pgtrigger.Protect(name="opening_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.clue_id} {self.user_id} {self.at}"


class CaseSettings(models.Model):
    """What a site sets for this room."""

    # Who verifies what comes in by the public page; the top of the tree where nobody is named.
    office = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("clues are verified by")
    )
    # The working rule of procuratorates; a site with another one sets it.
    verify_months = models.PositiveSmallIntegerField(_("months to verify a clue"), default=2)
    public_page = models.BooleanField(_("the public page takes clues"), default=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return "settings"
