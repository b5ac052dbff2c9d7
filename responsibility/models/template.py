"""The letter's text in versions: sections, clauses and measurable targets, for all units or for those of a type."""

from datetime import date
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.tracking import history
from portal.web.i18n import Bilingual, localized
from responsibility.rules import COMMON_YEAR, due_in

# Letters were issued from a published version: none of its rows is added, changed or removed.
_OF_SECTION = """EXISTS (
    SELECT FROM responsibility_lettertemplate t WHERE t.id = {row}.template_id AND t.published_at IS NOT NULL
)"""
_OF_PART = """EXISTS (
    SELECT FROM responsibility_section s JOIN responsibility_lettertemplate t ON t.id = s.template_id
    WHERE s.id = {row}.section_id AND t.published_at IS NOT NULL
)"""


def _kept(name: str, published: str) -> pgtrigger.Trigger:
    """A trigger that keeps the rows of published versions; `published` asks whether a row belongs to one."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF (TG_OP <> 'INSERT' AND {published.format(row="OLD")})
            OR (TG_OP <> 'DELETE' AND {published.format(row="NEW")}) THEN
                RAISE EXCEPTION 'cannot change a published version of the letter: %', TG_TABLE_NAME;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    """Words that chain."""

    def published(self) -> Self:
        """Published versions, the newest first: letters are issued from the first of them."""
        return self.filter(published_at__isnull=False).order_by("-version")


@pghistory.track(*history())
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
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="published_template_is_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
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
        triggers: ClassVar = [_kept("published_section_is_kept", _OF_SECTION)]

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
        triggers: ClassVar = [_kept("published_clause_is_kept", _OF_PART)]

    def __str__(self) -> str:
        return self.text_en[:60]


class Target(Bilingual):
    """A measurable target: its weight in percent, what measures it, what proves it, by when in the year.

    With a unit type, it stands only in the letters of such units, and there in place of the common target that has the
    same code. So the targets of every letter are whole rows whose weights add up to 100.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="targets")
    unit_type = models.ForeignKey(
        "organisation.UnitType", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.SlugField(_("code"), max_length=40)
    weight = models.PositiveSmallIntegerField(_("weight (percent)"))
    # "manual", or the figure an app computes, such as education.completion_rate.
    measure = models.CharField(_("measured by"), max_length=80, default="manual")
    goal = models.CharField(_("goal"), max_length=40, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    unit_zh = models.CharField(_("unit in Chinese"), max_length=40, blank=True)
    # What proves it, each in both languages: [{"en": "plan", "zh-hans": "年度计划"}].
    evidence = models.JSONField(_("evidence"), default=list, blank=True)
    due_month = models.PositiveSmallIntegerField(_("due: month"))
    due_day = models.PositiveSmallIntegerField(_("due: day"))
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("section", "order", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("section", "code", "unit_type"), name="target_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="target_weight_is_percent"),
            models.CheckConstraint(
                condition=Q(due_month__range=(1, 12), due_day__range=(1, 31)), name="target_due_is_a_day"
            ),
        ]
        triggers: ClassVar = [_kept("published_target_is_kept", _OF_PART)]

    def __str__(self) -> str:
        return self.name

    @property
    def due_on(self) -> date:
        """The day in a common year: when the target is due as the template shows it, without a year."""
        return due_in(COMMON_YEAR, self.due_month, self.due_day)

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
