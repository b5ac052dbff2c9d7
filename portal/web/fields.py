"""Form fields that read what people type, and say in a sentence what cannot be read."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.web import dates
from portal.workdays.calendar import FIRST_YEAR, LAST_YEAR


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day as people write it: 2026-12-02, 2026/12/2, 2026.12.2, 2026年12月2日.

    It lies in the years that the calendar of working days covers; `since` and `until` are other first and last years for
    days that nothing is counted from, such as the first day in an office.
    """

    widget = DateInput

    def __init__(self, *, since: int = FIRST_YEAR, until: int = LAST_YEAR, **kwargs: Any) -> None:
        self.first, self.last = date(since, 1, 1), date(until, 12, 31)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day. Raises ValidationError with the sentence that says how to write it."""
        if value in self.empty_values:
            return None
        found = self._read(value)
        if not self.first <= found <= self.last:
            bounds = {"first": dates.full_day(self.first), "last": dates.full_day(self.last)}
            raise ValidationError(_("Give a day between %(first)s and %(last)s.") % bounds)
        return found

    def _read(self, value: Any) -> date:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return dates.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error
