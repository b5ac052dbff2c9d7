"""Forms of the list of powers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.organisation.change_forms import unit_named
from portal.web.forms import VersionForm
from systems.forms.common import PostField, UnitForm, lines, prose
from systems.models import MeasureKind, PowerArea, UnitSystem
from systems.services.powers import PowerDraft

LIKELIHOOD = (
    (1, _("1: hardly ever")),
    (2, _("2: rarely")),
    (3, _("3: now and then")),
    (4, _("4: often")),
    (5, _("5: always")),
)
IMPACT = ((1, _("1: slight")), (2, _("2: small")), (3, _("3: noticeable")), (4, _("4: grave")), (5, _("5: ruinous")))


class PowerForm(UnitForm):
    """A power as it is entered."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    area = forms.ChoiceField(label=_("Field"), choices=PowerArea.choices)
    matter = forms.CharField(
        label=_("Matter"), max_length=200, help_text=_("What is decided: “approve payments over 10,000 yuan”.")
    )
    holder = PostField(label=_("Held by"), help_text=_("The post that decides."))
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=300)
    likelihood = forms.TypedChoiceField(label=_("How likely is abuse"), choices=LIKELIHOOD, coerce=int)
    impact = forms.TypedChoiceField(label=_("How grave would it be"), choices=IMPACT, coerce=int)
    risks = prose(_("Risk points"), help_text=_("Where it may be abused; one on each line."))

    def clean_risks(self) -> tuple[str, ...]:
        """Line by line."""
        return tuple(line[:300] for line in lines(self.cleaned_data["risks"]))

    def as_draft(self) -> PowerDraft:
        """As the service takes it."""
        return PowerDraft(**{name: self.cleaned_data[name] for name in PowerDraft._fields})


class SystemField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A system of the unit."""

    def label_from_instance(self, obj: Any) -> str:
        """Its name and state."""
        return f"{obj.name} · {obj.get_state_display()}"


class SuperviseForm(UnitForm):
    """What watches over a power."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MeasureKind.choices)
    system = SystemField(queryset=UnitSystem.objects.none(), label=_("System of the register"), required=False)
    text = forms.CharField(
        label=_("What is done"), max_length=300, required=False, help_text=_("For all kinds but a system.")
    )
    supervisor = PostField(label=_("Watched over by the post"), required=False)
    supervising_unit = forms.CharField(
        label=_("Or by another unit"), max_length=200, required=False, help_text=_("By code or name.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        systems = UnitSystem.objects.live().filter(unit=self.unit).select_related("category")
        self.fields["system"].queryset = systems  # type: ignore[attr-defined]

    def clean_supervising_unit(self) -> Any:
        """The unit that the words mean."""
        words = " ".join(self.cleaned_data["supervising_unit"].split())
        return unit_named(self.by, words) if words else None


class EndMeasureForm(forms.Form):
    """Why a measure is applied no more."""

    reason = prose(_("Reason"), limit=300)


class ReviewListForm(forms.Form):
    """What came of looking through the list."""

    remarks = prose(
        _("What was found"), help_text=_("Powers that came or went, risks that rose, measures that failed.")
    )


__all__ = ["EndMeasureForm", "PowerForm", "ReviewListForm", "SuperviseForm", "VersionForm"]
