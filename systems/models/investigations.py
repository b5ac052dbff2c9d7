"""Investigations: questionnaires that units answer in the browser."""

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
from portal.obligations.policies import coordinates_all
from portal.web.i18n import is_chinese, localized, titled
from portal.web.state import VersionedQuerySet, VersionedState


class InvestigationState(models.TextChoices):
    """Where an investigation stands."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Being answered")
    CLOSED = "closed", _("Closed")


class InvestigationQuerySet(VersionedQuerySet["Investigation"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Those that ask a unit over which `user` holds any role that sees content; drafts for who keeps them."""
        if coordinates_all(user):
            return self
        asked = Questionnaire.objects.visible_to(user)
        return self.filter(pk__in=asked.values("investigation_id")).exclude(state=InvestigationState.DRAFT)


class Investigation(VersionedState):
    """An investigation: what is to be found out, by which questions, from which units, until when."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    aim = models.TextField(_("what is to be found out"))
    due_on = models.DateField(_("to be answered by"))

    state = models.CharField(
        _("state"), max_length=8, choices=InvestigationState.choices, default=InvestigationState.DRAFT
    )
    opened_on = models.DateField(_("opened on"), null=True)
    closed_on = models.DateField(_("closed on"), null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = InvestigationQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-serial")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "serial"), name="investigation_number_once"),
            models.CheckConstraint(condition=Q(state__in=InvestigationState.values), name="investigation_state_known"),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="investigation_moves_by_the_rules",
                field="state",
                transitions=[("draft", "open"), ("open", "closed")],
                condition=pgtrigger.AnyChange("state"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:investigation", args=(self.year, self.serial))

    @property
    def title(self) -> str:
        """The title in the active language."""
        return localized(self, "title")


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    YES_NO = "yes_no", _("Yes or no")
    ONE = "one", _("One of several")
    MANY = "many", _("Any of several")
    NUMBER = "number", _("A number")
    TEXT = "text", _("In words")


YES_NO = ({"en": "Yes", "zh-hans": "是"}, {"en": "No", "zh-hans": "否"})
# A question of an investigation that units answer already is not changed under their hands.
ASKED = """EXISTS (SELECT FROM systems_investigation i WHERE i.id = {row}.investigation_id AND i.state <> 'draft')"""


class Question(models.Model):
    """A question. `options` are `{"en": …, "zh-hans": …}`, chosen by their place."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("answered by"), max_length=8, choices=QuestionKind.choices)
    text_zh = models.CharField(_("question in Chinese"), max_length=400)
    text_en = models.CharField(_("question in English"), max_length=400, blank=True)
    options = models.JSONField(default=list)
    is_required = models.BooleanField(_("must be answered"), default=True)

    class Meta:
        ordering = ("investigation", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("investigation", "position"),
                name="question_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="question_kind_known"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="asked_question_is_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF (TG_OP <> 'INSERT' AND {ASKED.format(row="OLD")})
                    OR (TG_OP <> 'DELETE' AND {ASKED.format(row="NEW")}) THEN
                        RAISE EXCEPTION 'pgtrigger: the questions of an investigation that is open are not changed';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the active language."""
        return localized(self, "text")

    @property
    def choices(self) -> list[str]:
        """The options in the active language; none where the answer is typed."""
        language = "zh-hans" if is_chinese() else "en"
        known = YES_NO if self.kind == QuestionKind.YES_NO else self.options
        return [str(option.get(language) or option["zh-hans"]) for option in known]


class QuestionnaireState(models.TextChoices):
    """Where a unit's questionnaire stands."""

    PREPARED = "prepared", _("Not sent yet")
    OWED = "owed", _("To be answered")
    ANSWERED = "answered", _("Answered")
    ENDED = "ended", _("No longer asked")


class QuestionnaireQuerySet(VersionedQuerySet["Questionnaire"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Those of units over which `user` holds any role that sees content, once they were sent."""
        own = self.filter(scopes.q(user)).exclude(state=QuestionnaireState.PREPARED)
        keeps = self.filter(scopes.q(user, roles=(Role.COORDINATOR,)))
        return own | keeps

    def answered(self) -> Self:
        """Those handed in."""
        return self.filter(state=QuestionnaireState.ANSWERED)


class Questionnaire(VersionedState):
    """The questions put to one unit. Its answers are kept as they were handed in."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="questionnaires")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="questionnaires")
    state = models.CharField(
        _("state"), max_length=8, choices=QuestionnaireState.choices, default=QuestionnaireState.PREPARED
    )
    obligation = models.OneToOneField(
        "obligations.Obligation", null=True, on_delete=models.PROTECT, related_name="questionnaire"
    )
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ("investigation", "unit__path")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("investigation", "unit"), name="unit_asked_once"),
            models.CheckConstraint(condition=Q(state__in=QuestionnaireState.values), name="questionnaire_state_known"),
            models.CheckConstraint(
                condition=Q(state="prepared", obligation__isnull=True)
                | (~Q(state="prepared") & Q(obligation__isnull=False)),
                name="questionnaire_sent_is_owed",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="questionnaire_moves_by_the_rules",
                field="state",
                transitions=[("prepared", "owed"), ("owed", "answered"), ("owed", "ended")],
                condition=pgtrigger.AnyChange("state"),
            )
        ]

    def __str__(self) -> str:
        return titled(self.investigation, self.unit)

    def get_absolute_url(self) -> str:
        """Its page."""
        asked = self.investigation
        return reverse("systems:questionnaire", args=(asked.year, asked.serial, self.unit.code))


class Answer(models.Model):
    """An answer, or one of several chosen: a place among the options, a number, or words."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    option = models.PositiveSmallIntegerField(null=True)
    number = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("questionnaire", "question", "option")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("questionnaire", "question", "option"), name="option_chosen_once", nulls_distinct=False
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="handed_in_answer_is_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT FROM systems_questionnaire q WHERE q.state IN ('answered', 'ended')
                        AND q.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.questionnaire_id END,
                                     CASE WHEN TG_OP <> 'DELETE' THEN NEW.questionnaire_id END)
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: answers that were handed in are not changed';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.question_id}"
