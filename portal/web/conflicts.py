"""Two versions of a form side by side: what is stored, what was typed, word by word."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.web import dates
from portal.web.i18n import listed

# Words of Latin text, each Chinese character by itself, the space between.
_WORDS = re.compile(r"\s+|[A-Za-z0-9_'’-]+|.", re.S)
# Longer texts are shown without marks: comparing them word by word would take seconds.
WORDS_MAX = 3000


@dataclass(frozen=True)
class Compared:
    """A field that differs: as stored, where words that are missing in the typed text are struck; as typed, where new
    words are underlined."""

    field: BoundField
    stored: SafeString
    typed: SafeString


def rebased(form: forms.BaseForm, make: Any, version: int | None) -> forms.BaseForm:
    """The form with everything that was typed, at the version stored now; `make(data)` builds a form."""
    data = form.data.copy()  # type: ignore[attr-defined]
    if version is not None and "version" in form.fields:
        data[form.add_prefix("version")] = str(version)
    again: forms.BaseForm = make(data)
    return again


def compare(form: forms.BaseForm, stored: Mapping[str, Any]) -> list[Compared]:
    """The visible fields that are stored and differ from what was typed, in the form's order."""
    found = []
    for field in form:
        if field.is_hidden or field.name not in stored or must_be_given_again(field):
            continue
        before, after = _plain(field, stored[field.name]), _plain(field, field.value())
        if before != after:
            found.append(Compared(field, *_marked(_shown(field, before), _shown(field, after))))
    return found


def must_be_given_again(field: BoundField) -> bool:
    """Whether a page cannot hold what was given: a password, a file."""
    return isinstance(field.field, forms.FileField) or field.widget_type == "password"


def _plain(field: BoundField, value: Any) -> str | list[str]:
    value = field.field.prepare_value(value)
    if isinstance(field.field, forms.BooleanField):
        return "on" if value in (True, "on", "True", "true", "1") else ""
    if isinstance(value, list | tuple):
        return sorted(str(item) for item in value)
    return "" if value is None else "\n".join(str(value).strip().splitlines())


def _shown(field: BoundField, value: str | list[str]) -> str:
    """A value as people read it: the words of a choice, a day with its month."""
    if isinstance(field.field, forms.BooleanField):
        return _("yes") if value else _("no")
    choices = getattr(field.field, "choices", None)
    if choices is not None:
        words = {str(code): str(label) for code, label in choices}
        codes = value if isinstance(value, list) else [value]
        return listed(words.get(code, code) for code in codes if code)
    if isinstance(field.field, forms.DateField) and isinstance(value, str):
        try:
            return dates.full_day(date.fromisoformat(value))
        except ValueError:
            return value
    return listed(value) if isinstance(value, list) else value


def _marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > WORDS_MAX:
        return format_html("{}", before), format_html("{}", after)
    left, right = [], []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = kind == "equal"
        left.append(_piece("del", "".join(old[i:j]), same=same))
        right.append(_piece("ins", "".join(new[k:m]), same=same))
    return format_html_join("", "{}", ((part,) for part in left)), format_html_join("", "{}", ((p,) for p in right))


def _piece(tag: str, text: str, *, same: bool) -> SafeString:
    if same or not text:
        return format_html("{}", text)
    return format_html("<del>{}</del>", text) if tag == "del" else format_html("<ins>{}</ins>", text)
