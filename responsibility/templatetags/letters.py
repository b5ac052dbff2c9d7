"""How a letter numbers and dates, on the page as on paper."""

from datetime import date

from django import template

from portal.web import dates
from portal.web.i18n import is_chinese
from responsibility.rules import chinese_number, roman_number

register = template.Library()


@register.filter
def part_no(value: int) -> str:
    """The number of a part: II., 二、."""
    return f"{chinese_number(value)}、" if is_chinese() else f"{roman_number(value)}. "


@register.filter
def clause_no(value: int) -> str:
    """The number of a clause: 4., （四）."""
    return f"（{chinese_number(value)}）" if is_chinese() else f"{value}. "


@register.filter
def frozen_day(value: str) -> str:
    """A day of the frozen content in a column: 31 Mar, 3月31日."""
    return dates.short_day(date.fromisoformat(value))
