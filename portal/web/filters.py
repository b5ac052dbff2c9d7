"""The filters of a list in words: which are in force, and the address without each."""

from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.web.i18n import listed

_EITHER = ("", "true", "false", "unknown")


class Chip(NamedTuple):
    """A filter in force: its name, its value as people read it, the address without it, whether the value is one."""

    label: str
    value: str
    url: str
    valid: bool


def chips(filterset: Any, query: QueryDict) -> list[Chip]:
    """A chip for each filter that the address sets, in the order of the form."""
    found = []
    for field in filterset.form:
        names = [name for name in query if name == field.html_name or name.startswith(f"{field.html_name}_")]
        names = [name for name in names if name not in filterset.filters or name == field.name]
        values = [value for name in names for value in query.getlist(name) if value]
        if not values:
            continue
        rest = query.copy()
        for name in (*names, "page", "export"):
            rest.pop(name, None)
        words = _words(field)
        shown = listed(words.get(value, value) for value in values)
        found.append(Chip(str(field.label or field.name), shown, f"?{rest.urlencode()}", not field.errors))
    return found


def _words(field: Any) -> dict[str, str]:
    """The words of a field's choices by what the address says; empty for a field that is typed."""
    if hasattr(field.field.widget, "choices"):
        return {str(code): str(label) for code, label in field.field.widget.choices}
    return {"true": _("yes"), "false": _("no")} if field.field.__class__.__name__ == "NullBooleanField" else {}


def explain(filterset: Any) -> None:
    """Make the filter say what is wrong with a value, in our words; Django's own speak of "valid choices"."""
    form = filterset.form
    for field in form.fields.values():
        kind = type(field).__name__
        field.error_messages["invalid_choice"] = _("There is no such choice. Choose one of the list.")
        if kind.startswith("Date"):
            field.error_messages["invalid"] = _("This is not a date. Write it as 2026-12-02.")
        elif kind in ("DecimalField", "IntegerField", "FloatField"):
            field.error_messages["invalid"] = _("This is not a number.")
    for name, field in form.fields.items():
        if type(field).__name__ == "NullBooleanField" and form.data.get(name, "").lower() not in _EITHER:
            # The field itself takes what it does not know for "either".
            form.add_error(name, field.error_messages["invalid_choice"])
