"""Forms of joint supervision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.fields import DayField
from portal.web.forms import VersionForm
from systems.forms.common import find_units, prose
from systems.models import RequiredSystem

EACH = _("A unit on each line, by code or name; after a colon what it answers for.")


class BindForm(forms.Form):
    """Which units answer for each other under which system."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    category = forms.ModelChoiceField(
        label=_("Under which system"), queryset=RequiredSystem.objects.filter(level="local")
    )
    basis = forms.CharField(label=_("Basis"), max_length=300, help_text=_("The document or decision that binds them."))
    supervisors = prose(_("Who supervises"), rows=2, help_text=EACH)
    supervised = prose(_("Who is supervised"), rows=4, help_text=EACH)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_supervisors(self) -> Any:
        """The units."""
        return find_units(self.by, self.cleaned_data["supervisors"])

    def clean_supervised(self) -> Any:
        """The units."""
        return find_units(self.by, self.cleaned_data["supervised"])


class EndForm(forms.Form):
    """Why a group ends."""

    reason = prose(_("Reason"), limit=300)


class DutyForm(forms.Form):
    """Something owed together."""

    title = forms.CharField(label=_("What is owed"), max_length=200)
    until = DayField(label=_("By"))


class ConfirmForm(VersionForm):
    """What one's unit did."""

    done = prose(_("What was done"))
