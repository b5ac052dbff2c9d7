"""Forms of projects."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.organisation.forms import UnitPickForm
from portal.web.fields import DayField
from portal.web.forms import VersionForm
from portal.web.i18n import with_note
from portal.workdays import clock
from systems.models import RequiredSystem
from systems.models.projects import METHOD_DESCRIPTIONS, Method
from systems.services.projects import MilestonePlan, ProjectPlan


class ProjectForm(UnitPickForm):
    """What a project is about."""

    method = forms.ChoiceField(
        label=_("Method"),
        widget=forms.RadioSelect,
        choices=[(method.value, method.label) for method in Method],
    )
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    subject = forms.CharField(
        label=_("What it is about"),
        max_length=300,
        help_text=_("The line of units, the construction project or fund, the field, the posts."),
    )
    aim = forms.CharField(label=_("Aim"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    unit = forms.CharField(label=_("Leading unit"), max_length=200, help_text=_("Name or code. Its leader checks too."))
    category = forms.ModelChoiceField(
        RequiredSystem.objects.all(), to_field_name="code", label=_("System that it strengthens"), required=False
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = RequiredSystem.objects.in_force(clock.today().year)  # type: ignore[attr-defined]
        described = [(method.value, with_note(method.label, METHOD_DESCRIPTIONS[method])) for method in Method]
        self.fields["method"].choices = described  # type: ignore[attr-defined]

    def plan(self) -> ProjectPlan:
        """What was typed, as the service takes it."""
        values = {name: self.cleaned_data[name] for name in ProjectPlan._fields}
        return ProjectPlan(**values | {"method": Method(values["method"])})


class MilestoneForm(forms.Form):
    """What is to be done by when."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    due_on = DayField(label=_("Due on"))
    looked_at = forms.CharField(
        label=_("What is checked"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def plan(self) -> MilestonePlan:
        """What was typed, as the service takes it."""
        return MilestonePlan(**{name: self.cleaned_data[name] for name in MilestonePlan._fields})


class OutcomeForm(VersionForm):
    """What came of a project, with its figures."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Figures before and after, what proved itself, what did not."),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class StopForm(VersionForm, ReasonForm):
    """Why something is stopped."""


class ReportForm(VersionForm):
    """What a unit has done by a milestone."""

    text = forms.CharField(
        label=_("What was done"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was checked, how often, what was found and mended. Two to ten sentences."),
    )
    file = forms.FileField(label=_("What proves it"), required=False, help_text=_("A document, table or picture."))


class CheckForm(VersionForm):
    """What the check found."""

    kept = forms.ChoiceField(
        label=_("The milestone is"),
        widget=forms.RadioSelect,
        choices=(("yes", _("kept")), ("no", _("not kept: the unit reports again within ten working days"))),
    )
    text = forms.CharField(
        label=_("What the check found"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where it is not kept: what is missing. The unit reads it."),
    )
