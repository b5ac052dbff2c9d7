"""Forms of the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.fields import DayField
from portal.web.forms import VersionForm
from systems.forms.common import PostField, RemarksForm, UnitForm, prose
from systems.models import ReviewOutcome


class OwnForm(forms.Form):
    """The name of a system of the unit's own."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)


class WriteForm(VersionForm):
    """The text of a version."""

    changes = forms.CharField(label=_("What changes"), max_length=400, required=False)
    text = prose(_("Text"), rows=22, required=False, limit=200_000)


class DocumentForm(forms.Form):
    """The document of a version."""

    document = forms.FileField(label=_("Document"), help_text=_("PDF or DOCX up to 20 MB, with its text."))


class DescribeForm(UnitForm, VersionForm):
    """What a system is called, whom it binds, who looks after it."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    scope = forms.CharField(label=_("Whom it binds"), max_length=300, required=False)
    owner = PostField(label=_("Owner"), required=False, help_text=_("The post whose holder carries it out."))


class ConsultForm(VersionForm):
    """Until when those bound by it may say something."""

    until = DayField(label=_("Consultation until"))


class IssueForm(VersionForm):
    """Who decided it when, and from when on it is in force."""

    issuing_body = forms.CharField(label=_("Issuing body"), max_length=200)
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    adopted_on = DayField(label=_("Decided on"), since=1990)
    in_force_from = DayField(
        label=_("In force from"), since=1990, help_text=_("Today or earlier: at once. A later day: from then on.")
    )


class ReviewForm(RemarksForm):
    """What came of a review."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=ReviewOutcome.choices, widget=forms.RadioSelect)
    field_order = ("outcome", "remarks")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remarks"].help_text = _("Is it applied? What did inspections find? Does it still fit?")
