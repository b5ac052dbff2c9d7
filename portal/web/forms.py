"""Forms that every room uses: the version that was shown, a reason, a file."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VersionForm(forms.Form):
    """Nothing but the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    """A reason that somebody will read."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class FileForm(forms.Form):
    """A file to attach."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, Word, Excel, picture or text, up to 20 MB."))
