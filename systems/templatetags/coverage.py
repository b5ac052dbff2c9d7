"""Cells of the coverage, and words of its pages."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.web import dates
from portal.web.templatetags.portal import icon
from systems.coverage import Category

register = template.Library()


@cache
def _mark(state: str, sign: str, number: str) -> SafeString:
    """What a cell shows: few states and numbers make few of these."""
    return format_html('<span class="p-cv p-cv-{}">{}{}</span>', state, icon(sign), number)


@register.simple_tag
def covered(cell: Any, row: str, label: str = "") -> SafeString:
    """A cell: its sign and number; what it means is read out, and shown on phones."""
    if not cell.icon:
        return format_html('<span class="p-vh">{}</span>', cell.text)
    mark = _mark(str(cell.state), cell.icon, cell.number)
    words = format_html('<span class="p-vh">{}{}: {}</span>', f"{row}, " if row else "", label, cell.text)
    if not cell.url:
        return format_html("{}{}", mark, words)
    return format_html('<a class="p-cv-a" href="{}">{}{}</a>', cell.url, mark, words)


@register.simple_tag
def covered_row(row: Any, columns: Sequence[Category]) -> SafeString:
    """All cells of a unit in one call: a page has eight hundred."""
    pairs = zip(row.cells, columns, strict=True)
    return format_html_join(
        "",
        '<td class="p-cv-in-{}" data-l="{}">{}</td>',
        ((cell.state, column.name, covered(cell, row.name, column.name)) for cell, column in pairs),
    )


@register.filter
def lines(requirement: Any, field: str) -> list[str]:
    """Risk points or checklist of a version of the catalogue, in the reader's language."""
    found: list[str] = requirement.words(field)
    return found


@register.filter
def month_of(day: date) -> str:
    """How an axis names the end of a month or year."""
    return str(day.year) if (day.month, day.day) == (12, 31) else dates.month(day.month)
