from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web import dates


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def reason_field() -> forms.CharField:
    """A reason that is recorded and read by the person it concerns."""
    return forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class AskForm(forms.Form):
    """More time, and why."""

    due_on = forms.DateField(label=_("New due day"), widget=DateInput())
    reason = reason_field()


class DecideForm(forms.Form):
    """Grant or decline."""

    granted = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, choices=(("yes", _("Grant more time")), ("no", _("Decline")))
    )
    due_on = forms.DateField(
        label=_("New due day"), widget=DateInput(), required=False, help_text=_("Empty: the day asked for.")
    )
    reason = reason_field()


class SuspendForm(forms.Form):
    """From today, until a day or until resumed."""

    until = forms.DateField(
        label=_("Resumes on"), widget=DateInput(), required=False, help_text=_("Empty: until you resume it.")
    )
    reason = reason_field()


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = reason_field()


class NoticeForm(forms.Form):
    """A year's holiday notice, as lists of days."""

    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)
    reference = forms.CharField(label=_("Number of the notice"), max_length=120)
    rest = forms.CharField(
        label=_("Rest days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Weekdays on which nobody works, one a line: 2027-01-01."),
    )
    work = forms.CharField(
        label=_("Make-up working days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Saturdays and Sundays on which people work, one a line."),
    )

    def clean_rest(self) -> list[date]:
        """Each line a day."""
        return self._days("rest")

    def clean_work(self) -> list[date]:
        """Each line a day."""
        return self._days("work")

    def _days(self, name: str) -> list[date]:
        found, wrong = [], []
        for line in self.cleaned_data[name].replace(",", "\n").replace("，", "\n").splitlines():
            if line.strip():
                try:
                    found.append(dates.parse(line))
                except ValueError as error:
                    wrong.append(str(error))
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def clean(self) -> dict[str, Any]:
        """All days lie in the year, and none is in both lists."""
        typed: dict[str, Any] = super().clean() or {}
        year = typed.get("year")
        for name in ("rest", "work"):
            outside = [day for day in typed.get(name, ()) if day.year != year]
            if outside and year:
                sentence = _("%(day)s does not lie in %(year)s.")
                self.add_error(name, forms.ValidationError(sentence % {"day": outside[0], "year": year}))
        twice = set(typed.get("rest", ())) & set(typed.get("work", ()))
        if twice:
            self.add_error("work", forms.ValidationError(_("%(day)s is in both lists.") % {"day": min(twice)}))
        return typed


class DayForm(forms.Form):
    """One day that differs."""

    day = forms.DateField(label=_("Day"), widget=DateInput())
    is_workday = forms.ChoiceField(
        label=_("People work on it"), widget=forms.RadioSelect, choices=(("yes", _("Yes")), ("no", _("No")))
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
