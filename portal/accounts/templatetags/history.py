from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext

from portal.accounts import history

register = template.Library()


@register.simple_tag(takes_context=True)
def history_link(context: dict[str, Any], obj: Any, *, plain: bool = False) -> str:
    """Leads to the object's history, for those who read the log; nothing for others. A button, or a `plain` link."""
    user = context.get("user")
    url = history.url_of(obj) if user is not None and history.may_read(user) else ""
    if not url:
        return ""
    words = (url, "" if plain else "btn", gettext("History"), str(obj))
    return format_html('<a href="{}" class="{}">{}<span class="p-vh">: {}</span></a>', *words)
