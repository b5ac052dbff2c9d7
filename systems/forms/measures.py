"""Forms of the library of measures."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.forms import UnitPickForm
from portal.organisation.models import OfficialType, Rank, Sector
from portal.web.fields import DayField
from portal.web.forms import VersionForm
from systems.models import RequiredSystem
from systems.models.experience import MeasureState
from systems.models.projects import Project
from systems.services.experience import MeasureText, TrialText


def _many(label: Any, rows: Any) -> "forms.ModelMultipleChoiceField[Any]":
    return forms.ModelMultipleChoiceField(rows, label=label, required=False, widget=forms.CheckboxSelectMultiple)


class MeasureForm(forms.Form):
    """What a measure is, and for whom."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    text = forms.CharField(label=_("What is done"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5}))
    categories = _many(_("Fields"), RequiredSystem.objects.all())
    sectors = _many(_("Industries"), Sector.objects.all())
    official_types = _many(_("Types of official"), OfficialType.objects.all())
    ranks = _many(_("Ranks"), Rank.objects.all())
    project = forms.ModelChoiceField(Project.objects.none(), label=_("From the project"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.visible_to(by)  # type: ignore[attr-defined]

    def measure(self) -> MeasureText:
        """What was typed, as the service takes it."""
        return MeasureText(**{name: self.cleaned_data[name] for name in MeasureText._fields})


class TrialForm(UnitPickForm):
    """Where a measure was tried."""

    unit = forms.CharField(
        label=_("Unit of this site"),
        required=False,
        max_length=200,
        help_text=_("The portal counts its findings and cases before and after."),
    )
    place = forms.CharField(
        label=_("Or a place elsewhere"), required=False, max_length=200, help_text=_("Then write what was reported.")
    )
    since = DayField(label=_("Since"))
    until = DayField(label=_("Until"), required=False)
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    FIGURES: ClassVar = ("findings_before", "findings_after", "cases_before", "cases_after")
    findings_before = forms.IntegerField(label=_("Findings before (elsewhere)"), required=False, min_value=0)
    findings_after = forms.IntegerField(label=_("Findings after (elsewhere)"), required=False, min_value=0)
    cases_before = forms.IntegerField(label=_("Cases before (elsewhere)"), required=False, min_value=0)
    cases_after = forms.IntegerField(label=_("Cases after (elsewhere)"), required=False, min_value=0)

    def trial(self) -> TrialText:
        """What was typed, as the service takes it; figures of a unit of this site are counted, not typed."""
        values = {name: self.cleaned_data.get(name) for name in TrialText._fields}
        values["unit"] = values["unit"] or None
        if values["unit"] is not None:
            values |= dict.fromkeys(self.FIGURES)
        return TrialText(**values)  # type: ignore[arg-type]


class JudgeForm(VersionForm):
    """What is known of a measure now."""

    state = forms.ChoiceField(label=_("The measure"), widget=forms.RadioSelect, choices=MeasureState.choices)
    lessons = forms.CharField(
        label=_("Lessons"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )
