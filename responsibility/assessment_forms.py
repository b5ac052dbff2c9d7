"""Forms of the standard and the assessment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.fields import DayField
from responsibility.assessment.measures import known
from responsibility.models import Criterion, Standard


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A criterion: what it is called, what it weighs, how it is computed."""

    class Meta:
        model = Criterion
        fields = ("kind", "code", "name_en", "name_zh", "points", "formula", "order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].help_text = _(
            "Of an indicator its weight; of a deduction the points for each; of a veto 0."
        )
        self.fields["formula"].help_text = _(
            "Over the measures listed below, and “mark” for points that a person gives, as in: 0.6 * "
            "responsibility.reports_in_time_rate + 0.4 * mark. An indicator gives 0 to 100; a deduction how many times; a "
            "veto more than 0."
        )

    def validate_unique(self) -> None:
        """Asked by the service, which knows the version."""

    @staticmethod
    def measures() -> list[tuple[str, Any]]:
        """The names a formula may use, with what they are."""
        return sorted((measure.code, measure.label) for measure in known().values())


class OpenAssessmentForm(forms.Form):
    """Which year."""

    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)


class StartCheckForm(forms.Form):
    """Up to which day facts count, and until when units object."""

    as_of = DayField(label=_("Facts count up to"))
    until = DayField(label=_("Units check and object until"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class RecomputeForm(forms.Form):
    """Up to which day facts count."""

    as_of = DayField(label=_("Facts count up to"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class MarkForm(forms.Form):
    """Points with their reason."""

    code = forms.ChoiceField(label=_("Criterion"))
    value = forms.DecimalField(
        label=_("Mark"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("Of an indicator 0 to 100; of a deduction how many times; of a veto 1."),
    )
    reason = forms.CharField(label=_("Reason and evidence"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marked = standard.criteria.filter(formula__contains="mark")
        self.fields["code"].choices = [(row.code, row.name) for row in marked]  # type: ignore[attr-defined]


class SelfCheckForm(forms.Form):
    """The unit's word on its score."""

    agreed = forms.TypedChoiceField(
        label=_("The unit's word"),
        choices=(("yes", _("We agree to the score")), ("no", _("We object to it"))),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(
        label=_("What you object to"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text=_("Name the criterion and the row that is wrong. Once; it is answered."),
    )


class AnswerForm(forms.Form):
    """The answer to an objection."""

    reason = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)


class PreviewForm(forms.Form):
    """By which version, as of which day; nothing is kept."""

    standard = forms.ModelChoiceField(
        Standard.objects.all(), label=_("Version of the standard"), to_field_name="number"
    )
    on = DayField(label=_("Facts count up to"))
