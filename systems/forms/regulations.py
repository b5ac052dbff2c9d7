"""Forms of the Regulations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.fields import DayField
from systems.services.regulations import ArticleText, Ties, choices


class HeadForm(forms.Form):
    """Title, issuing body, and why a version is made."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    issuer_zh = forms.CharField(label=_("Issuing body in Chinese"), max_length=200)
    issuer_en = forms.CharField(label=_("Issuing body in English"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("Why this version is made"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who compares it with the version before reads this first."),
    )


class EditHeadForm(HeadForm):
    """The same for a draft that stands already."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ArticleForm(forms.Form):
    """An article."""

    number = forms.IntegerField(
        label=_("Number"), min_value=1, max_value=500, help_text=_("The articles from there on move up by one.")
    )
    chapter_zh = forms.CharField(label=_("Chapter in Chinese"), max_length=120, required=False)
    chapter_en = forms.CharField(label=_("Chapter in English"), max_length=120, required=False)
    heading_zh = forms.CharField(label=_("Heading in Chinese"), max_length=160)
    heading_en = forms.CharField(label=_("Heading in English"), max_length=160, required=False)
    text_zh = forms.CharField(label=_("Text in Chinese"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5}))
    text_en = forms.CharField(
        label=_("Text in English"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    is_declaratory = forms.BooleanField(
        label=_("It says what is meant, and asks nothing of anybody"),
        required=False,
        help_text=_("Purpose, definitions, entry into force: it can be neither lived nor a dead letter."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def text(self) -> ArticleText:
        """What was typed, as the service takes it."""
        return ArticleText(**{name: self.cleaned_data[name] for name in ArticleText._fields})


class IssueForm(forms.Form):
    """When a version was adopted, and from when it binds."""

    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    adopted_on = DayField(label=_("Adopted on"))
    in_force_from = DayField(label=_("In force from"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class TieForm(forms.Form):
    """What carries an article out."""

    duties = forms.MultipleChoiceField(
        label=_("Duties"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What units owe by a day, and the clock follows."),
    )
    systems = forms.MultipleChoiceField(label=_("Systems"), required=False, widget=forms.CheckboxSelectMultiple)
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, known in choices().items():
            self.fields[name].choices = known  # type: ignore[attr-defined]

    def ties(self) -> Ties:
        """What was chosen, as the service takes it."""
        return Ties(**{name: self.cleaned_data[name] for name in Ties._fields})
