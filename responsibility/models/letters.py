"""Letters of responsibility: what is issued from a version of the template, and the signatures under it."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.i18n import pick
from portal.web.state import VersionedQuerySet, VersionedState


class LetterState(models.TextChoices):
    """Where a letter stands."""

    ISSUED = "issued", _("Waits for the head of the leading group")
    HEAD_SIGNED = "head_signed", _("Waits for the top leader")
    SIGNED = "signed", _("Signed")
    SUPERSEDED = "superseded", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")


LIVE = frozenset({LetterState.ISSUED, LetterState.HEAD_SIGNED, LetterState.SIGNED})


UNSIGNED = frozenset({LetterState.ISSUED, LetterState.HEAD_SIGNED})


class LetterQuerySet(VersionedQuerySet["Letter"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Letters of the units over which `user` holds any role."""
        return self.filter(scopes.q(user))

    def for_year(self, year: int) -> Self:
        """Letters of a year."""
        return self.filter(year=year)

    def waiting(self) -> Self:
        """Letters that somebody has still to sign."""
        return self.filter(state__in=UNSIGNED)

    def live(self) -> Self:
        """Letters in force, signed or not: a unit has one in a year."""
        return self.filter(state__in=LIVE)

    def said_to_be_unsignable(self) -> Self:
        """Letters of which the top leader has said why they cannot be signed, and that still wait."""
        return self.filter(Exists(Obstacle.objects.filter(letter=OuterRef("pk"))), state=LetterState.HEAD_SIGNED)

    def in_force_first(self) -> Self:
        """The one in force before those replaced or withdrawn, of these the newest: what a report answers to."""
        return self.order_by(Case(When(state__in=LIVE, then=0), default=1), "-serial")


class Letter(VersionedState):
    """A letter between a unit and the leading group above it. Its words were frozen when it was issued."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="letters")
    group = models.ForeignKey("organisation.LeadingGroup", on_delete=models.PROTECT, related_name="letters")
    template = models.ForeignKey("responsibility.LetterTemplate", on_delete=models.PROTECT, related_name="letters")
    # The holder of the top post when it was issued; null where the post was vacant.
    tenure = models.ForeignKey("organisation.Tenure", null=True, on_delete=models.PROTECT, related_name="letters")
    obligation = models.OneToOneField("obligations.Obligation", on_delete=models.PROTECT, related_name="letter")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    state = models.CharField(max_length=12, choices=LetterState.choices, default=LetterState.ISSUED)
    # Everything the paper says, in both languages, and the hash of its canonical form.
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed"), null=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ("year", "serial")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "serial"), name="letter_number_once"),
            models.UniqueConstraint(
                fields=("year", "unit"), condition=Q(state__in=sorted(LIVE)), name="one_live_letter_for_a_unit_and_year"
            ),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state_known"),
        ]
        indexes: ClassVar = [
            # The head's question: which letters of my group wait for me?
            models.Index(fields=("group", "year"), condition=Q(state="issued"), name="letter_waits_for_head"),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="letter_moves_by_the_rules",
                field="state",
                transitions=[
                    ("issued", "head_signed"),
                    ("issued", "superseded"),
                    ("issued", "withdrawn"),
                    ("head_signed", "signed"),
                    ("head_signed", "superseded"),
                    ("head_signed", "withdrawn"),
                    ("signed", "superseded"),
                ],
            ),
            pgtrigger.ReadOnly(
                name="letter_words_are_kept",
                fields=["content", "content_sha256", "unit", "group", "year", "serial", "template"],
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The letter's page."""
        return reverse("responsibility:letter", args=(self.year, self.unit.code))

    @property
    def number(self) -> str:
        """The official number; it keeps its form in both languages where there is a Chinese one."""
        return str(pick(self.content["number"]))

    @property
    def title(self) -> str:
        """The title in the active language."""
        return str(pick(self.content["title"]))

    @property
    def targets(self) -> list[dict[str, Any]]:
        """The targets as frozen: code, name, weight, goal, unit, due_on, measure, evidence."""
        return [target for section in self.content["sections"] for target in section.get("targets", ())]

    def target_codes(self) -> list[str]:
        """The codes of the targets."""
        return [target["code"] for target in self.targets]


class Side(models.TextChoices):
    """Whose signature."""

    GROUP = "group", _("For the leading group")
    UNIT = "unit", _("First responsible person")


class Signature(models.Model):
    """A signature under a letter: who, in which office, when, from where, on which words. Never changed."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=5, choices=Side.choices)
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="signatures")
    tenure = models.ForeignKey("organisation.Tenure", null=True, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(
        "organisation.GroupMembership", null=True, on_delete=models.PROTECT, related_name="+"
    )
    office_en = models.CharField(max_length=300)
    office_zh = models.CharField(max_length=300)
    typed_name = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    ip = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    content_sha256 = models.CharField(max_length=64)
    # How the person was known: by which factors, when; the last one is the password typed under the signature.
    authenticated = models.JSONField(default=list)
    # What was on the screen before: language, fingerprint of its words, since when, whether the whole letter, which parts of it
    # were scrolled to their end (responsibility.evidence).
    shown = models.JSONField(default=dict)

    class Meta:
        ordering = ("letter", "signed_at")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("letter", "side"), name="each_side_signs_once"),
            models.CheckConstraint(
                condition=Q(side="group", membership__isnull=False) | Q(side="unit", tenure__isnull=False),
                name="signature_has_its_office",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="signature_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.side}"


class Obstacle(models.Model):
    """Why a top leader cannot sign a letter, in the leader's own words. It changes neither letter nor duty; never changed."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="obstacles")
    tenure = models.ForeignKey("organisation.Tenure", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    stated_at = models.DateTimeField(_("stated"))

    class Meta:
        ordering = ("letter", "-stated_at", "-pk")
        triggers: ClassVar = [pgtrigger.Protect(name="obstacle_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.stated_at:%Y-%m-%d}"
