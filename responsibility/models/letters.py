"""Letters of responsibility: the template in versions, the letters issued from it, their signatures."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.i18n import Bilingual, localized, pick
from portal.web.state import VersionedQuerySet, VersionedState


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    """Words that chain."""

    def published(self) -> Self:
        """Published versions, the newest first: letters are issued from the first of them."""
        return self.filter(published_at__isnull=False).order_by("-version")


class LetterTemplate(Bilingual):
    """A version of the letter's text. Once published it is never changed; a new version is a copy."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    # Sentences with the names %(group)s, %(unit)s, %(leader)s and %(regulations)s.
    opening_en = models.TextField(_("opening in English"))
    opening_zh = models.TextField(_("opening in Chinese"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        ordering = ("-version",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("published_at",),
                condition=Q(published_at__isnull=True),
                name="one_draft_template",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def get_absolute_url(self) -> str:
        """The version's page."""
        return reverse("responsibility:template", args=(self.version,))


class Section(Bilingual):
    """A part of the letter: objectives, tasks, duties, reporting, accountability."""

    template = models.ForeignKey(LetterTemplate, on_delete=models.CASCADE, related_name="sections")
    code = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("template", "order")
        constraints: ClassVar = [models.UniqueConstraint(fields=("template", "code"), name="section_once")]

    def __str__(self) -> str:
        return self.name


class Clause(models.Model):
    """A sentence of a section; with a unit type, it stands only in the letters of such units."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="clauses")
    unit_type = models.ForeignKey(
        "organisation.UnitType", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text_en = models.TextField(_("text in English"))
    text_zh = models.TextField(_("text in Chinese"))
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("section", "order", "pk")

    def __str__(self) -> str:
        return self.text_en[:60]


class Target(Bilingual):
    """A measurable target: its weight in percent, what measures it, what proves it, by when in the year."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="targets")
    code = models.SlugField(_("code"), max_length=40)
    weight = models.PositiveSmallIntegerField(_("weight (percent)"))
    # "manual", or the figure an app computes, such as education.completion_rate.
    measure = models.CharField(_("measured by"), max_length=80, default="manual")
    goal = models.CharField(_("goal"), max_length=40, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    unit_zh = models.CharField(_("unit in Chinese"), max_length=40, blank=True)
    evidence = models.JSONField(_("evidence"), default=list)
    due_month = models.PositiveSmallIntegerField(_("due: month"))
    due_day = models.PositiveSmallIntegerField(_("due: day"))
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("section", "order")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("section", "code"), name="target_once"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="target_weight_is_percent"),
            models.CheckConstraint(
                condition=Q(due_month__range=(1, 12), due_day__range=(1, 31)), name="target_due_is_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def goal_en(self) -> str:
        """The goal with its unit in English: 95%, 1 meeting; empty where none is set."""
        gap = " " if self.unit[:1].isalpha() and self.goal else ""
        return f"{self.goal}{gap}{self.unit}"

    @property
    def goal_zh(self) -> str:
        """The goal with its unit in Chinese: 95%, 1次."""
        return f"{self.goal}{self.unit_zh or self.unit}"

    @property
    def goal_text(self) -> str:
        """The goal with its unit in the active language."""
        return localized(self, "goal")


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

    def in_force_first(self) -> Self:
        """The one in force before those replaced or withdrawn, of these the newest: what a report answers to."""
        return self.order_by(Case(When(state__in=LIVE, then=0), default=1), "-serial")


class Letter(VersionedState):
    """A letter between a unit and the leading group above it. Its words were frozen when it was issued."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="letters")
    group = models.ForeignKey("organisation.LeadingGroup", on_delete=models.PROTECT, related_name="letters")
    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, related_name="letters")
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
    reason = models.CharField(_("reason"), max_length=300, blank=True)

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
