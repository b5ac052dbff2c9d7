from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web import dates
from portal.web.fields import DayField
from portal.workdays.calendar import FIRST_YEAR, LAST_YEAR


def reason_field() -> forms.CharField:
    """A reason that is recorded and read by the person it concerns."""
    return forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class AskForm(forms.Form):
    """More time, and why."""

    due_on = DayField(label=_("New due day"))
    reason = reason_field()


class DecideForm(forms.Form):
    """Grant or decline."""

    granted = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, choices=(("yes", _("Grant more time")), ("no", _("Decline")))
    )
    due_on = DayField(label=_("New due day"), required=False, help_text=_("Empty: the day asked for."))
    reason = reason_field()


class SuspendForm(forms.Form):
    """From today, until a day or until resumed."""

    until = DayField(label=_("Resumes on"), required=False, help_text=_("Empty: until you resume it."))
    reason = reason_field()


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = reason_field()


class NoticeForm(forms.Form):
    """A year's holiday notice, as lists of days. Begins with what the calendar expects, to be corrected."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    reference = forms.CharField(
        label=_("Number of the notice"), max_length=120, help_text=_("As printed, for example 国办发明电〔2026〕7号.")
    )
    rest = forms.CharField(
        label=_("Rest days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Days from Monday to Friday on which nobody works, one a line: 2027-01-01."),
    )
    work = forms.CharField(
        label=_("Make-up working days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Saturdays and Sundays on which people work, one a line."),
    )

    def clean_rest(self) -> list[date]:
        """Each line a day from Monday to Friday."""
        resting = _t("%(day)s is a rest day anyway; only days from Monday to Friday belong here.")
        return self._days("rest", lambda day: day.weekday() < 5, resting)

    def clean_work(self) -> list[date]:
        """Each line a Saturday or Sunday."""
        working = _t("%(day)s is a working day anyway; only Saturdays and Sundays belong here.")
        return self._days("work", lambda day: day.weekday() >= 5, working)

    def _days(self, name: str, belongs: Callable[[date], bool], sentence: str) -> list[date]:
        """The days of a list; each line that is none, or does not belong there, is named."""
        found, wrong = [], []
        for line in self.cleaned_data[name].replace(",", "\n").replace("，", "\n").replace("、", "\n").splitlines():
            if not line.strip():
                continue
            try:
                day = dates.parse(line)
            except ValueError as error:
                wrong.append(str(error))
            else:
                found.append(day)
                if not belongs(day):
                    wrong.append(sentence % {"day": dates.day(day)})
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def clean(self) -> dict[str, Any]:
        """All days lie in the year."""
        typed: dict[str, Any] = super().clean() or {}
        year = typed.get("year")
        for name in ("rest", "work"):
            outside = [day for day in typed.get(name, ()) if day.year != year]
            if outside and year:
                sentence = _t("%(day)s does not lie in %(year)s.")
                self.add_error(name, forms.ValidationError(sentence % {"day": dates.day(outside[0]), "year": year}))
        return typed


class DayForm(forms.Form):
    """One day that differs."""

    day = DayField(label=_("Day"))
    is_workday = forms.ChoiceField(
        label=_("People work on it"), widget=forms.RadioSelect, choices=(("yes", _("Yes")), ("no", _("No")))
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
