"""Forms of inspections, findings and rectifications."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.organisation.filters import PartField, parts_of_tree
from portal.organisation.forms import PersonForm
from portal.organisation.models import Unit, UnitType
from portal.web.fields import DayField
from portal.web.forms import VersionForm
from systems.forms.common import prose
from systems.models import Answer, Gravity, RequiredSystem, Selection

ROUND_MAX = 200


class RoundForm(forms.Form):
    """A round of inspections: what, where, how many, when."""

    title = forms.CharField(label=_("Title"), max_length=200)
    selection = forms.ChoiceField(
        label=_("How units are chosen"),
        choices=[choice for choice in Selection.choices if choice[0] != Selection.NAMED],
        widget=forms.RadioSelect,
        initial=Selection.RISK,
    )
    categories = forms.ModelMultipleChoiceField(
        label=_("What is looked at"), queryset=RequiredSystem.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    part = PartField(label=_("Part of the tree"), queryset=Unit.objects.none(), to_field_name="code")
    types = forms.ModelMultipleChoiceField(
        label=_("Types of unit"),
        queryset=UnitType.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None: all of them."),
    )
    size = forms.IntegerField(label=_("How many units"), min_value=1, max_value=ROUND_MAX, initial=5)
    seed = forms.IntegerField(
        label=_("Seed of the sample"),
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        help_text=_("The same seed draws the same units. Empty: one is drawn."),
    )
    planned_on = DayField(label=_("Planned for"))

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].queryset = parts_of_tree(request)  # type: ignore[attr-defined]


class NamedForm(forms.Form):
    """An inspection of one unit that somebody names."""

    reason = forms.CharField(label=_("Why this unit"), max_length=300)
    categories = forms.ModelMultipleChoiceField(
        label=_("What is looked at"), queryset=RequiredSystem.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    planned_on = DayField(label=_("Planned for"))


class AnswerForm(forms.Form):
    """What was seen at an item, and what was there before."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    answer = forms.ChoiceField(label=_("What was seen"), choices=Answer.choices, widget=forms.RadioSelect)
    remark = prose(_("Remark"), rows=2, required=False, limit=2000)


class CompleteForm(VersionForm):
    """What was seen, in a few sentences."""

    summary = prose(_("Summary"), rows=6)


class FindingForm(forms.Form):
    """Something that is not as it should be."""

    gravity = forms.ChoiceField(label=_("Gravity"), choices=Gravity.choices, widget=forms.RadioSelect)
    text = prose(_("What was found"), help_text=_("What, where, since when; what proves it."))
    file = forms.FileField(label=_("Picture or document"), required=False)

    def __init__(self, *args: Any, with_category: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # On a phone the camera is at hand.
        self.fields["file"].widget.attrs |= {"accept": "image/*,.pdf,.docx,.xlsx"}
        if with_category:
            self.fields["category"] = forms.ModelChoiceField(
                label=_("System"), queryset=RequiredSystem.objects.all(), required=False
            )


class MeasureForm(PersonForm):
    """What will be done, and who answers for it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    measure = prose(_("Measure"), help_text=_("What is done, so that it does not come back."))
    picked = "owner"
    person = None  # type: ignore[assignment]
    owner = forms.CharField(label=_("Owner"), max_length=200, help_text=_("Name, pinyin, initials or employee number."))
    field_order = ("measure", "owner")


class SubmitForm(VersionForm):
    """What was done."""

    done = prose(
        _("What was done"), rows=6, help_text=_("And what proves it. Attach pictures and documents on the page.")
    )


class ExceptForm(VersionForm):
    """An exception for a time."""

    compensation = prose(_("Compensating measure"), help_text=_("What is done instead as long as it lasts."))
    until = DayField(label=_("Until"))
    reason = prose(_("Reason"), limit=400)
