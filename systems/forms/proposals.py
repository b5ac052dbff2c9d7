"""Forms of proposals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.forms import UnitPickForm
from portal.organisation.models import Unit, UnitType
from portal.web.fields import DayField
from portal.web.forms import VersionForm
from portal.workdays import clock
from systems.models import CatalogueLevel, RequiredSystem
from systems.models.experience import Proposal, ProposalKind
from systems.models.regulations import Regulations, RegulationState
from systems.models.research import ResearchReport
from systems.services.catalogue import Demand
from systems.services.proposals import ProposalText

SPEAK = (Role.TOP_LEADER, Role.LIAISON)


class ProposalForm(forms.Form):
    """What is proposed and why."""

    unit = forms.ModelChoiceField(Unit.objects.none(), to_field_name="code", label=_("Proposed by the unit"))
    kind = forms.ChoiceField(label=_("What is proposed"), widget=forms.RadioSelect, choices=ProposalKind.choices)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    text = forms.CharField(label=_("The proposal in words"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}))
    reason = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was seen, how often, what it did. Figures convince."),
    )
    system = forms.ModelChoiceField(
        RequiredSystem.objects.none(),
        to_field_name="code",
        label=_("System that is to be changed"),
        required=False,
        empty_label=_("None: a new one"),
    )
    report = forms.ModelChoiceField(ResearchReport.objects.none(), label=_("From the research report"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        roles = (*SPEAK, Role.COORDINATOR)
        # Who coordinates names the unit that he speaks for or any at the top; a list of thousands would help nobody.
        own = Unit.objects.active().filter(scopes.q(by, "path", SPEAK))
        fields["unit"].queryset = own or Unit.objects.active().filter(scopes.q(by, "path", roles), parent=None)
        fields["system"].queryset = RequiredSystem.objects.in_force(clock.today().year)
        fields["report"].queryset = ResearchReport.objects.visible_to(by)

    def proposal(self) -> ProposalText:
        """What was typed, as the service takes it."""
        values = {name: self.cleaned_data[name] for name in ProposalText._fields}
        return ProposalText(**values | {"kind": ProposalKind(values["kind"])})


class ReasonedForm(VersionForm):
    """The reason of a decision."""

    text = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class AdoptForm(ReasonedForm, UnitPickForm):
    """Who carries a proposal out, until when, and why it is adopted."""

    unit = forms.CharField(label=_("Carried out by"), max_length=200, help_text=_("Name or code of the unit."))
    due_on = DayField(label=_("Until"))
    field_order = ("unit", "due_on", "text", "version")


class ResultForm(VersionForm):
    """What an adopted proposal came to."""

    in_effect = forms.ChoiceField(
        label=_("The proposal is"),
        widget=forms.RadioSelect,
        choices=(("yes", _("in effect")), ("no", _("not carried out"))),
    )
    text = forms.CharField(
        label=_("What came of it"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The document, its number and day; or why nothing came of it."),
    )
    regulations = forms.ModelChoiceField(
        Regulations.objects.filter(state=RegulationState.ISSUED),
        label=_("In the version of the Regulations"),
        required=False,
    )


class CatalogueForm(VersionForm):
    """An adopted proposal as an entry, or a version, of the catalogue."""

    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Latin letters and figures: stands in addresses.")
    )
    level = forms.ChoiceField(label=_("Level"), choices=CatalogueLevel.choices)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    types = forms.ModelMultipleChoiceField(
        UnitType.objects.all(), label=_("Required of"), widget=forms.CheckboxSelectMultiple
    )
    year = forms.IntegerField(label=_("In force from the year"), min_value=2000, max_value=2100)
    purpose_zh = forms.CharField(label=_("Purpose in Chinese"), max_length=400)
    purpose_en = forms.CharField(label=_("Purpose in English"), max_length=400)
    review_months = forms.IntegerField(label=_("Review cycle (months)"), min_value=1, max_value=120)
    adopt_by = DayField(label=_("To be adopted by"), required=False)
    catalogue_number = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = proposal.system.requirements.latest("number") if proposal.system else None
        if self.last is not None:
            for name in ("code", "level", "name_zh", "name_en"):
                del self.fields[name]

    def demand(self) -> Demand:
        """What was typed, as the catalogue takes it; of an existing system what is not asked here stays."""
        typed = self.cleaned_data
        values = {n: typed[n] for n in ("year", "purpose_en", "purpose_zh", "review_months", "adopt_by")}
        kept: dict[str, Any] = {}
        if self.last is not None:
            kept = {n: getattr(self.last, n) for n in ("model_text_en", "model_text_zh")}
            kept |= {n: tuple(getattr(self.last, n)) for n in ("risk_points", "checklist")}
        return Demand(types=tuple(typed["types"]), **values, **kept)

    def entry(self) -> dict[str, Any]:
        """Code, level and names of a new system; which version of an existing one was shown."""
        typed = self.cleaned_data
        found = {name: typed[name] for name in ("code", "level", "name_zh", "name_en") if name in self.fields}
        return found | {"catalogue_number": typed["catalogue_number"] or 0}
