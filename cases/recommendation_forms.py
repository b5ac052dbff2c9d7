"""Forms of recommendations: drafted, served, replied to, judged, visited."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.crime_forms import ConcernedForm, long_text, system_choice
from cases.models import CrimeCase, Judgement
from portal.web.fields import DayField

# Where the laws say that a recommendation is made.
BASIS = "《人民检察院检察建议工作规定》第三条、第十一条"


class DraftForm(ConcernedForm):
    """The words of a recommendation, and to whom it goes."""

    number = forms.CharField(label=_("Number"), max_length=60)
    case = forms.ModelChoiceField(CrimeCase.objects.none(), label=_("Case"), required=False, empty_label=_("none"))
    loophole = system_choice()
    facts = long_text(_("Facts and loophole"), 6)
    basis = long_text(_("Basis in law"), 2)
    measures = long_text(_("Measures asked for"), 6)
    reply_months = forms.TypedChoiceField(
        label=_("Months to reply"),
        coerce=int,
        choices=[(2, "2"), (1, "1")],
        help_text=_("Two; one where it is urgent."),
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["case"].queryset = CrimeCase.objects.visible_to(by)  # type: ignore[attr-defined]
        self.order_fields(("number", "unit"))


class EditDraftForm(forms.Form):
    """The words of a draft."""

    facts = long_text(_("Facts and loophole"), 6)
    basis = long_text(_("Basis in law"), 2)
    measures = long_text(_("Measures asked for"), 6)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ServiceForm(forms.Form):
    """When and how it was served outside the portal."""

    on = DayField(label=_("Served on"), since=2020)
    how = long_text(
        _("To whom, and on what evidence"), 3, help_text=_("For example: receipt signed by the office manager.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReplyForm(forms.Form):
    """What the unit has done."""

    text = long_text(_("What was done"), 8, help_text=_("Measure by measure: done, by when, or why not."))
    version = forms.IntegerField(widget=forms.HiddenInput)


class JudgeForm(forms.Form):
    """Whether a reply is enough, and why."""

    judgement = forms.TypedChoiceField(
        label=_("Is the reply enough?"),
        coerce=Judgement,
        choices=Judgement.choices,
        widget=forms.RadioSelect,
        help_text=_("A rectification is a duty of the unit within twenty working days; somebody else verifies it."),
    )
    text = long_text(_("Reasons"), 4)
    version = forms.IntegerField(widget=forms.HiddenInput)


class VisitForm(forms.Form):
    """What a follow-up visit found."""

    text = long_text(_("What the visit found"), 5)
