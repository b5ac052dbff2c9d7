"""The verbs of proposals."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web.views import VerbView
from portal.workdays import clock
from systems import policies_programme as policies
from systems.forms.proposals import AdoptForm, CatalogueForm, ProposalForm, ReasonedForm, ResultForm
from systems.models.experience import Proposal
from systems.services import proposals
from systems.views.proposals import CRUMBS, ProposalMixin


class Propose(VerbView):
    """Make a proposal."""

    title = _("New proposal")
    crumbs = CRUMBS
    form_class = ProposalForm
    purpose = "propose"
    submit_label = _("Submit the proposal")
    back_url = "/proposals/"
    policy = staticmethod(policies.may_propose)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who proposes."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_consequences(self) -> list[str]:
        """Who decides; it is kept."""
        return [_t("The head of the leading group decides it. What you propose stays as you write it.")]

    def perform(self, form: ProposalForm) -> Proposal:
        """Submit it."""
        return proposals.propose(self.request.user, form.cleaned_data["unit"], form.proposal())


class ProposalVerb(ProposalMixin, VerbView):
    """A verb about a proposal."""

    object: Proposal
    form_class: Any = ReasonedForm

    def get_lede(self) -> str:
        """Which."""
        return self.object.title

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}


class Adopt(ProposalVerb):
    """Adopt a proposal."""

    title = _("Adopt the proposal")
    form_class = AdoptForm
    purpose = "adopt-proposal"
    submit_label = _("Adopt the proposal")
    policy = staticmethod(policies.may_decide_proposal)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who decides."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_consequences(self) -> list[str]:
        """Who owes what."""
        return [_t("The unit that you name carries it out by the day: it becomes its duty, and the clock follows it.")]

    def perform(self, form: AdoptForm) -> Proposal:
        """Adopt it."""
        typed = form.cleaned_data
        return proposals.adopt(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            text=typed["text"],
            unit=typed["unit"],
            due_on=typed["due_on"],
        )


class Decline(ProposalVerb):
    """Decline a proposal."""

    title = _("Decline the proposal")
    purpose = "decline-proposal"
    submit_label = _("Decline the proposal")
    policy = staticmethod(policies.may_decide_proposal)

    def perform(self, form: ReasonedForm) -> Proposal:
        """Decline it."""
        typed = form.cleaned_data
        return proposals.decline(
            self.request.user, self.object.pk, expected_version=typed["version"], text=typed["text"]
        )


class Withdraw(ProposalVerb):
    """Withdraw the own proposal."""

    title = _("Withdraw the proposal")
    purpose = "withdraw-proposal"
    submit_label = _("Withdraw the proposal")
    danger = True
    policy = staticmethod(policies.may_withdraw_proposal)

    def perform(self, form: ReasonedForm) -> Proposal:
        """Withdraw it."""
        typed = form.cleaned_data
        return proposals.withdraw(
            self.request.user, self.object.pk, expected_version=typed["version"], text=typed["text"]
        )


class RecordResult(ProposalVerb):
    """Record what an adopted proposal came to."""

    title = _("Record what came of it")
    form_class = ResultForm
    purpose = "record-proposal-result"
    submit_label = _("Record the result")
    policy = staticmethod(policies.may_carry_out)

    def perform(self, form: ResultForm) -> Proposal:
        """Record it."""
        typed = form.cleaned_data
        return proposals.record_result(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            in_effect=typed["in_effect"] == "yes",
            text=typed["text"],
            regulations=typed["regulations"],
        )


class WriteCatalogue(ProposalVerb):
    """Write an adopted proposal into the catalogue."""

    title = _("Write it into the catalogue")
    form_class = CatalogueForm
    purpose = "proposal-into-catalogue"
    submit_label = _("Make the version")
    policy = staticmethod(policies.may_carry_out)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether a system is new or changed."""
        return super().get_form_kwargs() | {"proposal": self.object}

    def get_initial(self) -> dict[str, Any]:
        """Titles as names; of an existing system what its newest version demands."""
        one = self.object
        known = {"version": one.version, "name_zh": one.title_zh, "name_en": one.title_en}
        known |= {"year": clock.today().year + 1, "review_months": 12}
        if one.system is not None:
            last = one.system.requirements.latest("number")
            known |= {name: getattr(last, name) for name in ("purpose_zh", "purpose_en", "review_months")}
            known |= {"types": [kind.pk for kind in last.types.all()], "catalogue_number": last.number}
        return known

    def get_consequences(self) -> list[str]:
        """What units must have from then on."""
        return [_t("From that year on units of these types must have the system; the catalogue names this proposal.")]

    def perform(self, form: CatalogueForm) -> Proposal:
        """Write it."""
        return proposals.carry_out_in_catalogue(
            self.request.user,
            self.object.pk,
            expected_version=form.cleaned_data["version"],
            demand=form.demand(),
            **form.entry(),
        )
