"""Data in two languages: columns `…_en` and `…_zh`, read in the active language."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _


def is_chinese() -> bool:
    """Whether the active language is Chinese."""
    return (get_language() or "").startswith("zh")


def localized(obj: Any, field: str) -> str:
    """`field` of an object in the active language; the other one where that is empty."""
    first, second = ("zh", "en") if is_chinese() else ("en", "zh")
    return str(getattr(obj, f"{field}_{first}") or getattr(obj, f"{field}_{second}"))


def pick(values: Any) -> Any:
    """The value of the active language out of `{"en": …, "zh-hans": …}`; anything else as it is."""
    if isinstance(values, dict) and "en" in values:
        return values.get("zh-hans" if is_chinese() else "en") or values["en"]
    return values


def listed(items: Iterable[object]) -> str:
    """Several things in a row, with the comma of the active language."""
    return ("、" if is_chinese() else ", ").join(str(item) for item in items)


def titled(what: object, whose: object) -> str:
    """Two names as a title: "Report on quarter 3: Hekou Town"."""
    return gettext("%(what)s: %(whose)s") % {"what": what, "whose": whose}


def with_note(what: object, note: object) -> str:
    """A name with something said about it in brackets."""
    return gettext("%(what)s (%(note)s)") % {"what": what, "note": note}


def both(obj: Any, field: str = "name") -> dict[str, str]:
    """A field in both languages, to be kept in a row and read by `pick`."""
    return {"en": getattr(obj, f"{field}_en"), "zh-hans": getattr(obj, f"{field}_zh")}


class Bilingual(models.Model):
    """A thing with a name in both languages."""

    name_en = models.CharField(_("name in English"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The name in the active language."""
        return localized(self, "name")
