"""A person in an office, drawn in one call: a page of the directory has dozens of them."""

from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.organisation.models import Person
from portal.web.dates import full_day

register = template.Library()


@register.simple_tag
def person_line(person: Person, in_scope: bool, acting: bool = False, since: date | None = None) -> SafeString:
    """The name; for those in scope a link to the card, phone and mail."""
    note = format_html(" ({})", _("acting")) if acting else ""
    first = _("since %(since)s") % {"since": full_day(since)} if since else ""
    days = format_html(' <span class="p-muted">{}</span>', first) if first else ""
    if not in_scope:
        return format_html("<strong>{}</strong>{}{}", person.name, note, days)
    card = format_html('<a href="/network/persons/{}/">{}</a>', person.employee_no, person.name)
    ways = [("tel", person.phone), ("mailto", person.email)]
    calls = format_html_join("", ' <a class="p-tel" href="{}:{}">{}</a>', ((w, to, to) for w, to in ways if to))
    return format_html("{}{}{}{}", card, note, days, calls)
