"""The forms of corrections and of the directory."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.network import rules, services
from portal.network.errors import EmptyValue, ReasonMissing
from portal.network.models import Field
from portal.organisation.models import Person, Unit
from portal.web.errors import PortalError
from portal.web.i18n import titled

UNIT_FIELDS = tuple(field for field in Field if not field.is_personal)
PERSON_FIELDS = tuple(field for field in Field if field.is_personal)


def code_of(field: Field, person: Person | None = None) -> str:
    """How a form and an address name a value: "unit.address", "person.phone:E00201"."""
    return f"{field.value}:{person.employee_no}" if person is not None else str(field.value)


class CorrectionForm(forms.Form):
    """What is wrong, what is right, why."""

    what = forms.ChoiceField(
        label=_("What is wrong"),
        error_messages={"invalid_choice": _("There is no such choice. Choose one of the list.")},
    )
    value = forms.CharField(label=_("Correct value"), max_length=254, error_messages={"required": EmptyValue.message})
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say how you know: a decision, a new number, a slip of the pen."),
        error_messages={"required": ReasonMissing.message},
    )

    def __init__(self, *args: Any, unit: Unit, persons: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_number = {person.employee_no: person for person in persons}
        groups = [(unit.name, [self._choice(field, unit) for field in UNIT_FIELDS])]
        groups += [(person.name, [self._choice(field, person) for field in PERSON_FIELDS]) for person in persons]
        what: Any = self.fields["what"]
        what.choices = groups

    def _choice(self, field: Field, of: Unit | Person) -> tuple[str, str]:
        """The value with what the network says now."""
        now = str(getattr(of, field.column)) or _t("empty")
        return code_of(field, of if isinstance(of, Person) else None), titled(field.label, now)

    def clean(self) -> dict[str, Any]:
        """Turn the choice into field and person, and the value into what is stored; each error at its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("what"):
            code, _colon, number = str(cleaned["what"]).partition(":")
            cleaned["field"], cleaned["person"] = Field(code), self.by_number.get(number)
            if "value" in cleaned:
                try:
                    cleaned["value"] = services.checked(cleaned["field"], rules.tidy(cleaned["value"]))
                except PortalError as error:
                    self.add_error("value", str(error))
        return cleaned


class AcceptForm(forms.Form):
    """A remark with the acceptance."""

    reason = forms.CharField(
        label=_("Remark"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class DeclineForm(forms.Form):
    """Why a correction is declined."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who proposed it reads this."),
        error_messages={"required": ReasonMissing.message},
    )


class OrderForm(forms.Form):
    """The query string of what the directory holds."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)
