"""When a system of the register is due for review, and in which of its states a cell of the coverage shows it."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

# A review is near when it is due within so many calendar days; then its duty is opened.
REVIEW_AHEAD_DAYS = 45


class Cell(StrEnum):
    """What a cell of the coverage says: the worst first."""

    MISSING = "missing"
    OVERDUE = "overdue"
    DRAFT = "draft"
    DUE = "due"
    IN_FORCE = "in_force"
    NOT_REQUIRED = "not_required"


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last day of the month where that has fewer days."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def cell_of(*, required: bool, there: bool, in_force: bool, review_due_on: date | None, today: date) -> Cell:
    """The state of a unit in a category. A system that nobody requires shows as what it is, once it is in force."""
    if in_force and review_due_on is not None:
        if review_due_on < today:
            return Cell.OVERDUE
        return Cell.DUE if (review_due_on - today).days <= REVIEW_AHEAD_DAYS else Cell.IN_FORCE
    if not required:
        return Cell.NOT_REQUIRED
    return Cell.DRAFT if there else Cell.MISSING
