"""What is asked after the values of a change: decisions, the unit's code, the reason for withdrawing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.organisation.models import Unit
from portal.organisation.touched import Group


class DecisionsForm(forms.Form):
    """One choice for each group of things touched about which something may be decided."""

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [group for group in groups if group.choices]
        for group in self.groups:
            self.fields[self.name_of(group)] = forms.ChoiceField(
                label=str(group.title),
                choices=group.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Decide what becomes of them.")},
            )

    @staticmethod
    def name_of(group: Group) -> str:
        """The name of a group's field."""
        return f"decide-{group.code.replace(':', '-')}"

    def decisions(self) -> dict[str, str]:
        """What was decided, by the code of the group."""
        return {group.code: self.cleaned_data[self.name_of(group)] for group in self.groups}


class CodeForm(forms.Form):
    """The unit's code, typed, before what cannot be undone."""

    confirm_code = forms.CharField(label=_("Type the code of the unit to confirm"), max_length=40)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["confirm_code"].help_text = unit.code

    def clean_confirm_code(self) -> str:
        """The very code."""
        typed: str = self.cleaned_data["confirm_code"].strip()
        if typed.casefold() != self.unit.code.casefold():
            raise ValidationError(_t("Type %(code)s, the code of this unit.") % {"code": self.unit.code})
        return typed


class WithdrawForm(forms.Form):
    """Why a planned change is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)
