"""Days of clues and cases. Pure."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last one of a month that has no such day (Criminal Procedure Law, art. 105)."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
