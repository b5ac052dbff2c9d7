"""Forms of clues: what is entered, opened, done and closed; and what somebody without sign-in sends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Clue, Grade, Result, Source
from portal.organisation.models import Rank, Unit
from portal.web.fields import DayField
from portal.workdays import clock

TEXT_MAX = 20_000
FILES_MAX = 3


def _text(label: Any, rows: int, *, required: bool = True, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=TEXT_MAX, required=required, **kwargs)


class EnterForm(forms.Form):
    """A clue as it came to the office."""

    source = forms.ChoiceField(
        label=_("Source"), choices=[c for c in Source.choices if c[0] not in ("public", "screening")]
    )
    channel = forms.CharField(
        label=_("How it came"), max_length=120, required=False, help_text=_("Letter, telephone, visit, file number.")
    )
    received_on = DayField(label=_("Received on"), since=2000)
    unit = forms.CharField(
        label=_("Code of the unit concerned"), required=False, max_length=40, help_text=_("Where it is known.")
    )
    content = _text(_("What it says"), 8, help_text=_("Sealed: only the officers named on the clue can open it."))
    concerned = _text(_("Persons concerned"), 2, required=False, help_text=_("Sealed."))
    reporter = _text(_("Who reports"), 2, required=False, help_text=_("Sealed. Leave empty for an anonymous report."))

    def clean_received_on(self) -> Any:
        """No day to come."""
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_unit(self) -> Unit | None:
        """The unit of the code."""
        code = self.cleaned_data["unit"].strip()
        if not code:
            return None
        found = Unit.objects.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no unit of this code."))
        return found


class PurposeForm(forms.Form):
    """What a clue is opened for."""

    purpose = forms.CharField(label=_("Purpose"), max_length=300, help_text=_("What you need to read it for now."))


class OfficersForm(forms.Form):
    """Who verifies a clue."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    rank = forms.ModelChoiceField(
        Rank.objects.all(), label=_("Rank of the person concerned"), required=False, empty_label=_("not known")
    )
    officers = forms.MultipleChoiceField(label=_("Officers"), widget=forms.CheckboxSelectMultiple)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, possible: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].choices = list(possible.items())  # type: ignore[attr-defined]


class TextForm(forms.Form):
    """A text that is sealed."""

    text = _text(_("Text"), 6)


class CloseForm(forms.Form):
    """The result of a clue."""

    result = forms.ChoiceField(label=_("Result"), choices=Result.choices, widget=forms.RadioSelect)
    reasons = _text(_("Reasons"), 6, help_text=_("Facts verified and by what. Sealed."))
    reply = _text(_("Reply to the sender"), 4, required=False, help_text=_("Read by the sender under the receipt."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, clue: Clue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not clue.receipt:
            del self.fields["reply"]


class HitClueForm(forms.Form):
    """What makes a clue of a hit."""

    remark = _text(_("Remark"), 5, required=False, help_text=_("What you saw in the decision. Sealed with the clue."))
    version = forms.IntegerField(widget=forms.HiddenInput)


class SettingsForm(forms.Form):
    """What a site sets for clues."""

    office = forms.ModelChoiceField(
        Unit.objects.active(),
        label=_("Clues are verified by"),
        required=False,
        to_field_name="code",
        widget=forms.TextInput,
        help_text=_("Code of the unit. Empty: the unit at the top of the tree."),
    )
    verify_months = forms.IntegerField(
        label=_("Months to verify a clue"), min_value=1, max_value=12, help_text=_("The working rule is two months.")
    )
    public_page = forms.BooleanField(label=_("The public page takes clues"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ManyFiles(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, at most `FILES_MAX`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFiles(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each as a file of its own."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > FILES_MAX:
            raise forms.ValidationError(_("Send at most %(limit)s files."), params={"limit": FILES_MAX})
        return [super(FilesField, self).clean(file, initial) for file in files]


class PublicForm(forms.Form):
    """What somebody without sign-in sends."""

    content = _text(
        pgettext_lazy("clue", "What happened"), 9, help_text=_("Who did what, when and where; how it can be checked.")
    )
    concerned = _text(_("Who and which unit it concerns"), 2, required=False)
    reporter = _text(
        _("Your name and how to reach you"), 2, required=False, help_text=_("Leave it empty to stay anonymous.")
    )
    attached = FilesField(
        label=_("Files"), required=False, help_text=_("Up to three: PDF, Word, Excel, pictures or text, 20 MB each.")
    )


class ReceiptForm(forms.Form):
    """The sixteen digits of a receipt."""

    receipt = forms.CharField(
        label=_("Receipt number"),
        max_length=40,
        help_text=_("Sixteen digits, with or without spaces."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class AnswerForm(forms.Form):
    """What the sender adds."""

    receipt = forms.CharField(widget=forms.HiddenInput, max_length=40)
    text = _text(_("Your answer"), 5)
