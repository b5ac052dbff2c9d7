"""The verbs of an accountability case that name a measure: propose, decide, answer an objection, record a referral."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.documents import services as documents
from portal.web.views import Text, VerbView
from portal.workdays import clock
from responsibility import case_words, policies
from responsibility.accountability_rules import has_been_heard
from responsibility.case_forms import DecisionForm, MeasureForm, ReferForm
from responsibility.models import AccountabilityCase, CaseState, Decider, EntryKind, Programme
from responsibility.services import accountability
from responsibility.views.cases import CaseMixin, facts_of


class MeasureView(CaseMixin, VerbView):
    """A verb that names a measure: beside the form stands what it is about."""

    template_name = "responsibility/case_decide.html"
    form_class = MeasureForm
    # In a raised case "no measure" means that none is added to the one in force.
    adds = True

    def get_title(self) -> str:
        """What is decided about whom."""
        return self.about(self.title)

    def get_lede(self) -> Text:
        """Which case, against whom."""
        return self.lede or case_words.against(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """All measures, mildest first."""
        further = self.adds and self.object.measure is not None
        return super().get_form_kwargs() | {"measures": policies.possible_measures(self.object), "further": further}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the case and what was said in it."""
        said = list(self.object.entries.select_related("author", "measure"))
        proposal = self.last_proposal()
        return super().get_context_data(
            **facts_of(self.request.user, self.object),
            explanations=[entry for entry in said if entry.kind == EntryKind.EXPLANATION],
            objection=next((e for e in reversed(said) if e.kind == EntryKind.OBJECTION), None)
            if self.object.state == CaseState.OBJECTED
            else None,
            decision=next((e for e in reversed(said) if e.kind == EntryKind.DECISION), None),
            proposal=proposal,
            files=documents.for_object("case", self.object),
            **kwargs,
        )

    def last_proposal(self) -> Any:
        """What is proposed now; None where nothing is."""
        if self.object.state != CaseState.PROPOSED:
            return None
        return self.object.entries.filter(kind=EntryKind.PROPOSAL).select_related("measure", "author").last()


class Propose(MeasureView):
    """The coordinator proposes a measure."""

    title = _("Propose a measure")
    purpose = "propose-measure"
    submit_label = _("Propose")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The coordinator."""
        return policies.may_propose(user, case)

    def perform(self, form: MeasureForm) -> AccountabilityCase:
        """Propose it."""
        typed = form.cleaned_data
        return accountability.propose(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            measure=form.chosen(),
            reason=typed["reason"],
        )


class Decide(MeasureView):
    """Who may decide chooses a measure, looks at what the person will read, and decides."""

    title = _("Decide the case")
    form_class = DecisionForm
    purpose = "decide-case"
    submit_label = _("Check the decision")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """Who heads the deciding group; the coordinator for a reminder talk; never the person concerned."""
        return policies.may_decide_at_all(user, case)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only the measures that this person decides, the proposed one marked."""
        measures, none = policies.measures_for(self.request.user, self.object)
        return super().get_form_kwargs() | {"measures": measures, "none": none, "proposed": self._proposed()}

    def _proposed(self) -> str:
        proposal = self.last_proposal()
        if proposal is None:
            return ""
        return proposal.measure.code if proposal.measure else MeasureForm.NONE

    def get_initial(self) -> dict[str, Any]:
        """What was proposed."""
        proposed = self._proposed()
        return super().get_initial() | ({"measure": proposed} if proposed else {})

    def form_valid(self, form: DecisionForm) -> Any:
        """First show what the person will read; decide when that was confirmed."""
        if "confirmed" not in self.request.POST:
            measure = form.chosen()
            group = measure is not None and measure.decider == Decider.GROUP
            return self.render_to_response(self.get_context_data(form=form, checking=True, chosen=measure, group=group))
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds which measures somebody else decides, and whether the person has been heard."""
        form = kwargs.get("form") or self.get_form()
        elsewhere = [
            measure for measure in policies.possible_measures(self.object) if measure.code not in form.measures
        ]
        context = super().get_context_data(**kwargs | {"form": form}, elsewhere=elsewhere)
        context["heard"] = has_been_heard(bool(context["explanations"]), self.object.explain_until, clock.today())
        return context

    def perform(self, form: DecisionForm) -> AccountabilityCase:
        """Decide."""
        typed = form.cleaned_data
        return accountability.decide(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            measure=form.chosen(),
            reason=typed["reason"],
            basis=typed["basis"],
        )


class AnswerObjection(MeasureView):
    """Who did not decide answers an objection, finally."""

    title = _("Decide the objection")
    lede = _("What you decide is final. The measure you choose stands from now on.")
    purpose = "answer-objection"
    submit_label = _("Decide the objection")
    adds = False

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The head one level up; at the top of the tree another member of the leading group."""
        return policies.may_answer_objection(user, case)

    def get_initial(self) -> dict[str, Any]:
        """The measure that was objected to."""
        return super().get_initial() | {"measure": self.object.measure.code if self.object.measure else "none"}

    def perform(self, form: MeasureForm) -> AccountabilityCase:
        """Answer."""
        typed = form.cleaned_data
        return accountability.answer_objection(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            measure=form.chosen(),
            reason=typed["reason"],
        )


class Refer(MeasureView):
    """The coordinator records that a case was referred to the body above, and what came of it."""

    title = _("Record the referral")
    form_class = ReferForm
    purpose = "refer-case"
    submit_label = _("Record the referral")
    danger = True
    adds = False

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The coordinator; never in the own case."""
        return policies.may_refer(user, case)

    def get_lede(self) -> str:
        """To whom, and what the portal does."""
        return _t("Record what %(body)s decided in this case. The portal records, it does not judge.") % {
            "body": Programme.objects.get(pk=1).referral
        }

    def get_consequences(self) -> Sequence[Text]:
        """It ends the case."""
        told = _t("%(person)s is told at once and reads the outcome and the reason.") % {
            "person": self.object.person.name
        }
        return (
            told,
            _("The case ends here: nothing more is proposed, decided or raised in it."),
            _("This cannot be undone."),
        )

    def perform(self, form: ReferForm) -> AccountabilityCase:
        """Record it."""
        typed = form.cleaned_data
        return accountability.refer(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            measure=form.chosen(),
            no_measure=typed["measure"] == ReferForm.NONE,
            reason=typed["reason"],
            basis=typed["basis"],
        )
