"""The verbs of investigations: draft, ask, address, open, answer, close."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.web.dates import due_day
from portal.web.forms import VersionForm
from portal.web.views import VerbView
from systems import policies_programme as policies
from systems.forms.investigations import (
    InvestigationForm,
    QuestionForm,
    QuestionnaireForm,
    initial_of,
    options_as_typed,
)
from systems.forms.units import UnitsForm
from systems.models.investigations import Investigation, Question, Questionnaire
from systems.services import investigations
from systems.services.investigations.answering import given_of
from systems.views.investigations import CRUMBS, InvestigationMixin, QuestionnaireMixin


class DraftInvestigation(VerbView):
    """Begin an investigation."""

    title = _("New investigation")
    lede = _("First what is to be found out; questions and units are named on its page, then it is opened.")
    crumbs = CRUMBS
    form_class = InvestigationForm
    purpose = "draft-investigation"
    submit_label = _("Begin the investigation")
    back_url = "/investigations/"
    policy = staticmethod(policies.may_keep_investigations)

    def perform(self, form: InvestigationForm) -> Investigation:
        """Begin it."""
        return investigations.draft(self.request.user, form.plan())


class InvestigationVerb(InvestigationMixin, VerbView):
    """A verb about an investigation; who keeps them may."""

    policy = staticmethod(policies.may_keep_investigations)
    object: Investigation

    def get_crumbs(self) -> Any:
        """The investigation."""
        return (*CRUMBS, (self.object.title, self.object.get_absolute_url()))

    def get_lede(self) -> str:
        """Which."""
        return self.object.title

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_result_url(self, result: Any) -> str:
        """The investigation."""
        return self.object.get_absolute_url()


class ChangeInvestigation(InvestigationVerb):
    """Change what it is about."""

    title = _("Change the investigation")
    form_class = InvestigationForm
    purpose = "change-investigation"

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {name: getattr(self.object, name) for name in ("title_zh", "title_en", "aim", "due_on", "version")}

    def perform(self, form: InvestigationForm) -> Investigation:
        """Save it."""
        version = form.cleaned_data["version"] or 0
        return investigations.change(self.request.user, self.object.pk, form.plan(), expected_version=version)


class AddQuestion(InvestigationVerb):
    """Put a question in."""

    title = _("New question")
    form_class = QuestionForm
    purpose = "add-question"
    submit_label = _("Add the question")

    def get_initial(self) -> dict[str, Any]:
        """At the end; it must be answered."""
        return {"position": self.object.questions.count() + 1, "is_required": True}

    def perform(self, form: QuestionForm) -> Question:
        """Add it."""
        return investigations.add_question(self.request.user, self.object.pk, form.question())


class QuestionVerb(InvestigationVerb):
    """A verb about a question."""

    def get_question(self) -> Question:
        """The question that the address names."""
        return self.object.questions.get(pk=self.kwargs["pk"])

    def get_lede(self) -> str:
        """Which question."""
        return self.get_question().text


class EditQuestion(QuestionVerb):
    """Change a question."""

    title = _("Change the question")
    form_class = QuestionForm
    purpose = "edit-question"

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        question = self.get_question()
        values = {name: getattr(question, name) for name in ("position", "text_zh", "text_en", "kind", "is_required")}
        return values | {"options": options_as_typed(question)}

    def perform(self, form: QuestionForm) -> Question:
        """Save it."""
        return investigations.edit_question(self.request.user, self.object.pk, self.kwargs["pk"], form.question())


class RemoveQuestion(QuestionVerb):
    """Take a question out."""

    title = _("Remove the question")
    form_class = forms.Form
    purpose = "remove-question"
    submit_label = _("Remove the question")
    danger = True

    def perform(self, form: forms.Form) -> Investigation:
        """Remove it."""
        return investigations.remove_question(self.request.user, self.object.pk, self.kwargs["pk"])


class AddressUnits(InvestigationVerb):
    """Say which units are asked."""

    title = _("Units that are asked")
    form_class = UnitsForm
    purpose = "address-units"
    submit_label = _("Ask these units")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who asks."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """Those asked so far, by name, as long as they are few."""
        units = [one.unit.code for one in self.object.questionnaires.select_related("unit")[:41]]
        return {"named": "\n".join(units)} if len(units) <= 40 else {}

    def perform(self, form: UnitsForm) -> Investigation:
        """Ask exactly these."""
        return investigations.address(self.request.user, self.object.pk, form.units())


class OpenInvestigation(InvestigationVerb):
    """Open an investigation."""

    title = _("Open the investigation")
    form_class = VersionForm
    purpose = "open-investigation"
    submit_label = _("Send the questionnaires")

    def get_consequences(self) -> list[str]:
        """Who owes what by when."""
        count = self.object.questionnaires.count()
        text = ngettext(
            "%(count)s unit owes its answers by %(day)s and is told now.",
            "%(count)s units owe their answers by %(day)s and are told now.",
            count,
        )
        told = text % {"count": count, "day": due_day(self.object.due_on)}
        return [told, _t("The questions can no longer be changed. The clock reminds who has not answered.")]

    def perform(self, form: VersionForm) -> Investigation:
        """Open it."""
        version = form.cleaned_data["version"]
        return investigations.open_(self.request.user, self.object.pk, expected_version=version)


class CloseInvestigation(InvestigationVerb):
    """Close an investigation."""

    title = _("Close the investigation")
    form_class = VersionForm
    purpose = "close-investigation"
    submit_label = _("Close the investigation")

    def get_consequences(self) -> list[str]:
        """Nothing more is answered."""
        return [_t("Nothing more can be answered. Who has not answered owes nothing for it any more.")]

    def perform(self, form: VersionForm) -> Investigation:
        """Close it."""
        version = form.cleaned_data["version"]
        return investigations.close(self.request.user, self.object.pk, expected_version=version)


class AnswerQuestionnaire(QuestionnaireMixin, VerbView):
    """Answer for a unit: keep what is there, or hand it in."""

    template_name = "systems/investigation_answer.html"
    form_class = QuestionnaireForm
    purpose = "answer-questionnaire"
    submit_label = _("Hand in the answers")
    policy = staticmethod(policies.may_answer)
    object: Questionnaire

    def get_title(self) -> str:
        """The investigation."""
        return self.object.investigation.title

    def get_lede(self) -> str:
        """What is to be found out."""
        return self.object.investigation.aim

    def get_form_kwargs(self) -> dict[str, Any]:
        """The questions."""
        return super().get_form_kwargs() | {"questions": self._questions()}

    def _questions(self) -> list[Question]:
        return list(self.object.investigation.questions.all())

    def get_initial(self) -> dict[str, Any]:
        """What is answered so far."""
        return initial_of(self._questions(), given_of(self.object)) | {"version": self.object.version}

    def perform(self, form: QuestionnaireForm) -> Questionnaire:
        """Keep or hand in, by the button."""
        verb = investigations.hand_in if form.is_handed_in else investigations.save
        version = form.cleaned_data["version"]
        return verb(self.request.user, self.object.pk, form.given(), expected_version=version)
