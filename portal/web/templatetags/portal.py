"""Words and pieces that every template uses."""

from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.web import dates, i18n

register = template.Library()

register.filter("pick", i18n.pick)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite; decoration only, so the word stands beside it."""
    if not name:
        return SafeString("")
    sprite = static("build/icons.svg")
    return format_html('<svg class="p-i {}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, sprite, name)


@register.filter
def day(value: date | None) -> str:
    """Fri 27 Nov, 11月27日 周五."""
    return dates.day(value)


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
