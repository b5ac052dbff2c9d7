"""Forms that letters, reports and cases share."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """A reason that somebody will read."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """Nothing but the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class FileForm(forms.Form):
    """A file to attach."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, Word, Excel, picture or text, up to 20 MB."))
