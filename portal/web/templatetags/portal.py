"""Words and pieces that every template uses."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portal.web import dates, i18n

register = template.Library()

register.filter("pick", i18n.pick)
register.filter("listed", i18n.listed)


@cache
def _icon(name: str, classes: str) -> SafeString:
    """Kept for the life of the process: a page has hundreds of icons, and the address of the sprite never changes."""
    if not name:
        return SafeString("")
    sprite = static("build/icons.svg")
    return format_html('<svg class="p-i {}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, sprite, name)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite; decoration only, so the word stands beside it."""
    return _icon(str(name), classes)


@register.simple_tag
def state_badge(state: Any, size: str = "") -> SafeString:
    """A duty's state (code, text, icon) as a badge, or bare: `components/state.html` in one call."""
    state = _fields(state)
    if state["code"] == "none":
        return format_html('<span class="p-muted">{}</span>', state["text"])
    bare = " p-bare" if size == "bare" else ""
    drawn = _icon(state["icon"], "")
    return format_html('<span class="p-st p-s-{}{}">{}{}</span>', state["code"], bare, drawn, state["text"])


@cache
def _mark(name: str, short: str) -> SafeString:
    """What a cell shows; few kinds of state and numbers of days make few of these."""
    drawn = format_html('<span aria-hidden="true">{}</span>', short) if short else ""
    return format_html("{}{}", _icon(name, ""), drawn)


@register.simple_tag
def cell(state: Any, url: str = "", label: str = "", current: bool = False, row: str = "") -> SafeString:
    """A cell of the matrix (state: code, text, cell_text, icon): `components/cell.html` in one call.

    Label and text are read out, and shown on phones, where no column stands above; `row` is read out alone.
    """
    if not url:
        return format_html('<span class="p-vh">{}</span>', gettext("not owed"))
    state = _fields(state)
    return format_html(
        '<a class="p-c p-s-{}" href="{}"{}>{}<span class="p-vh">{}{}</span></a>',
        state["code"],
        url,
        SafeString(' aria-current="true"') if current else "",
        _mark(str(state["icon"]), str(state["cell_text"] or "")),
        format_html('<span class="p-c-row">{}, </span>', row) if row else "",
        i18n.titled(label, state["text"]),
    )


def _fields(state: Any) -> Mapping[str, Any]:
    """A state as a mapping, whether it is one or a named tuple or a dataclass of the engine."""
    if isinstance(state, Mapping):
        return state
    return {name: getattr(state, name, "") for name in ("code", "text", "cell_text", "icon")}


@register.filter
def day(value: date | None) -> str:
    """Fri 27 Nov, 11月27日 周五."""
    return dates.day(value)


@register.filter
def due_day(value: date | None) -> str:
    """As `day`; a due day in a year whose holiday notice is not out is marked: Mon 4 Jan 2027 (provisional)."""
    return dates.due_day(value)


@register.filter
def full_day(value: date | None) -> str:
    """27 November 2026, 2026年11月27日."""
    return dates.full_day(value)


@register.filter
def short_day(value: date | None) -> str:
    """27 Nov, 11月27日."""
    return dates.short_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """27 November 2026, 09:41."""
    return dates.moment(value)


@register.filter
def localized(obj: Any, field: str) -> str:
    """A field of an object in the active language."""
    return i18n.localized(obj, field)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """The value of a key that only the page knows."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with some values changed; an empty value removes its key."""
    values = context["request"].GET.copy()
    for key, value in changes.items():
        values.pop(key, None)
        if value not in ("", None):
            values[key] = str(value)
    return f"?{values.urlencode()}"
