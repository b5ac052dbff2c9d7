from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.organisation.models import Person
from portal.workdays import clock


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AppointForm(forms.Form):
    """Who holds a post from when."""

    employee_no = forms.CharField(
        label=_("Employee number"),
        max_length=40,
        help_text=_("Of a person whom the portal knows; import others first."),
    )
    starts_on = forms.DateField(label=_("In office since"), widget=DateInput())
    ends_on = forms.DateField(label=_("Until"), widget=DateInput(), required=False, help_text=_("Empty: open-ended."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = clock.today()

    def clean_employee_no(self) -> Person:
        """The person of that number."""
        number = self.cleaned_data["employee_no"].strip()
        person = Person.objects.filter(employee_no=number).first()
        if person is None:
            raise forms.ValidationError(_t("Nobody has the employee number %(number)s.") % {"number": number})
        return person


class EndForm(forms.Form):
    """The last day of a tenure."""

    ends_on = forms.DateField(label=_("Last day in office"), widget=DateInput())


class AccountForm(forms.Form):
    """The user name of a new account."""

    username = forms.RegexField(
        r"^[\w.@+-]+$", label=_("User name"), max_length=80, help_text=_("Letters, figures and . @ + - _")
    )
