"""Fields and forms that the pages of systems share."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.change_forms import unit_named
from portal.organisation.models import Post, Unit
from portal.web.forms import VersionForm

LINES_MAX = 40


def prose(
    label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "", limit: int = 4000
) -> forms.CharField:
    """A field of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, required=required, help_text=help_text, max_length=limit)


class ReasonForm(VersionForm):
    """A reason that somebody will read."""

    reason = prose(_("Reason"), limit=400)


class RemarksForm(VersionForm):
    """What was found by whoever looked."""

    remarks = prose(_("What was found"))


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post of a unit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Post.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Its title."""
        return str(obj.title)


class UnitForm(forms.Form):
    """A form about a unit, which its fields of posts offer. Takes `unit` and who fills it in."""

    def __init__(self, *args: Any, by: User, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.unit = by, unit
        for field in self.fields.values():
            if isinstance(field, PostField):
                field.queryset = Post.objects.filter(unit=unit).order_by("kind", "title_zh")


def find_units(by: User, text: str) -> list[tuple[Unit, str]]:
    """A unit on each line, by code or name; after a colon what it answers for. Raises ValidationError at the first unknown."""
    found: list[tuple[Unit, str]] = []
    for line in lines(text):
        words, _colon, duty = line.replace("：", ":").partition(":")
        found.append((unit_named(by, words.strip()), duty.strip()))
    return found


def lines(text: str) -> Sequence[str]:
    """The lines that say something. Raises ValidationError for more than a page has."""
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if len(found) > LINES_MAX:
        raise ValidationError(_("Not more than %(limit)s lines."), params={"limit": LINES_MAX})
    return found


def both_lines(en: str, zh: str) -> tuple[dict[str, str], ...]:
    """Lines of two fields side by side; where one has more, the other language stands in."""
    first, second = lines(en), lines(zh)
    count = max(len(first), len(second))
    pairs = [
        (first[i] if i < len(first) else second[i], second[i] if i < len(second) else first[i]) for i in range(count)
    ]
    return tuple({"en": a, "zh-hans": b} for a, b in pairs)
