"""The Regulations of the jurisdiction: a binding document in versions, each article tied to what carries it out."""

import uuid
from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web.i18n import is_chinese, localized, titled
from portal.web.state import VersionedQuerySet, VersionedState
from systems.model_text import numeral
from systems.models.catalogue import RequiredSystem


class RegulationState(models.TextChoices):
    """Whether a version may still be written at; whether it is in force follows from its day."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")


class RegulationsQuerySet(VersionedQuerySet["Regulations"]):
    """Words that chain into a sentence."""

    def issued(self) -> Self:
        """Issued versions, the one that begins last first."""
        return self.filter(state=RegulationState.ISSUED).order_by("-in_force_from", "-number")

    def in_force(self, on: date) -> "Regulations | None":
        """The version that binds on a day; None before the first."""
        return self.issued().filter(in_force_from__lte=on).first()

    def draft(self) -> "Regulations | None":
        """The version that is being written."""
        return self.filter(state=RegulationState.DRAFT).first()


class Regulations(VersionedState):
    """A version of the Regulations. Once issued, what it says is never changed; a new version is a copy."""

    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=RegulationState.choices, default=RegulationState.DRAFT)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    issuer_en = models.CharField(_("issuing body in English"), max_length=200, blank=True)
    issuer_zh = models.CharField(_("issuing body in Chinese"), max_length=200)

    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    # Why this version was made, for who compares it with the one before.
    reason = models.CharField(_("why it was changed"), max_length=400, blank=True)

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)

    objects = RegulationsQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RegulationState.values), name="regulations_state_known"),
            models.UniqueConstraint(fields=("state",), condition=Q(state="draft"), name="one_draft_of_the_regulations"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(in_force_from__gte=models.F("adopted_on"), adopted_on__isnull=False, issued_at__isnull=False),
                name="issued_regulations_have_their_days",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="issued_regulations_are_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="issued"),
            )
        ]

    def __str__(self) -> str:
        return _t("%(title)s, version %(number)s") % {"title": self.title, "number": self.number}

    def get_absolute_url(self) -> str:
        """The version's page."""
        return reverse("systems:regulations-version", args=(self.number,))

    @property
    def title(self) -> str:
        """The title in the active language."""
        return localized(self, "title")

    @property
    def issuer(self) -> str:
        """Who issued it, in the active language."""
        return localized(self, "issuer")


# A row of an issued version is neither added, changed nor removed. Deleting a draft deletes its articles first.
ISSUED = """EXISTS (SELECT FROM systems_regulations r WHERE r.id = {row}.regulations_id AND r.state = 'issued')"""


class Article(VersionedState):
    """An article of a version. `root` is the same in every version that has it, whatever its number there."""

    regulations = models.ForeignKey(Regulations, on_delete=models.CASCADE, related_name="articles")
    root = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField(_("number"))
    chapter_en = models.CharField(_("chapter in English"), max_length=120, blank=True)
    chapter_zh = models.CharField(_("chapter in Chinese"), max_length=120, blank=True)
    heading_en = models.CharField(_("heading in English"), max_length=160, blank=True)
    heading_zh = models.CharField(_("heading in Chinese"), max_length=160)
    text_en = models.TextField(_("text in English"), blank=True)
    text_zh = models.TextField(_("text in Chinese"))
    # Purpose, definitions, entry into force: there is nothing to be carried out.
    is_declaratory = models.BooleanField(_("says what is meant, and asks nothing of anybody"), default=False)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ("regulations", "number")
        constraints: ClassVar = [
            # Looked at in the end: numbers move up when an article is put in between.
            models.UniqueConstraint(
                fields=("regulations", "number"),
                name="article_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=("regulations", "root"), name="article_once_in_a_version"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="issued_article_is_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF (TG_OP <> 'INSERT' AND {ISSUED.format(row="OLD")})
                    OR (TG_OP <> 'DELETE' AND {ISSUED.format(row="NEW")}) THEN
                        RAISE EXCEPTION 'pgtrigger: an issued version of the Regulations is not changed';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return titled(self.label, self.heading)

    def get_absolute_url(self) -> str:
        """The article's page."""
        return reverse("systems:article", args=(self.regulations.number, self.number))

    @property
    def label(self) -> str:
        """Article 12, 第十二条."""
        if is_chinese():
            return f"第{numeral(self.number) if self.number < 100 else self.number}条"
        return _t("Article %(number)s") % {"number": self.number}

    @property
    def chapter(self) -> str:
        """The chapter in the active language."""
        return localized(self, "chapter")

    @property
    def heading(self) -> str:
        """The heading in the active language."""
        return localized(self, "heading")

    @property
    def text(self) -> str:
        """The text in the active language."""
        return localized(self, "text")


class TieKind(models.TextChoices):
    """What carries an article out."""

    DUTY = "duty", _("Duty")
    SYSTEM = "system", _("System")
    ROLE = "role", _("Role")


class ArticleTie(models.Model):
    """That a kind of duty, a system of the catalogue or a role carries an article out.

    It is no part of the binding text: which duties carry an article out may be said later than the article is issued.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="ties")
    kind = models.CharField(max_length=6, choices=TieKind.choices)
    # Of a duty: the code of its kind, registered by the app that owns it. Of a role: its code. Of a system: its code too.
    code = models.CharField(max_length=40)
    system = models.ForeignKey(RequiredSystem, null=True, on_delete=models.PROTECT, related_name="article_ties")

    class Meta:
        ordering = ("article", "kind", "code")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("article", "kind", "code"), name="article_tied_once"),
            models.CheckConstraint(condition=Q(kind__in=TieKind.values), name="tie_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="system", system__isnull=False) | (~Q(kind="system") & Q(system__isnull=True)),
                name="tie_names_its_system",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.kind} {self.code}"
