"""What the network is narrowed by: words, a part of the tree, type, sector, level."""

from typing import Any
from urllib.parse import urlencode

import django_filters
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from portal.organisation.filters import PartOfTreeFilter
from portal.organisation.models import Level, Sector, Unit, UnitType
from portal.web.filters import Chip, chips


class NetworkFilter(django_filters.FilterSet):
    """Units by part of the tree, type, sector and level; the words are searched for by `search`.

    The part of the tree is chosen by going down it, so that no page carries a list of every town. Everybody may browse
    every part, so the choice is not narrowed to what the reader oversees.
    """

    q = django_filters.CharFilter(label=_("Name, pinyin, initials, code, employee number or phone"), method="later")
    part = PartOfTreeFilter(
        path="path", queryset=lambda _request: Unit.objects.active(), empty_label=None, widget=HiddenInput
    )
    type = django_filters.ModelChoiceFilter(queryset=UnitType.objects.all(), label=_("Type"), empty_label=_("All"))
    sector = django_filters.ModelChoiceFilter(queryset=Sector.objects.all(), label=_("Sector"), empty_label=_("All"))
    level = django_filters.ChoiceFilter(choices=Level.choices, label=_("Level"), empty_label=_("All"))

    class Meta:
        model = Unit
        fields = ()

    def later(self, queryset: Any, name: str, value: str) -> Any:
        """Words find persons too, and are therefore looked for elsewhere."""
        return queryset

    @property
    def narrows(self) -> bool:
        """Whether type, sector or level is set: then a part is shown as a list and not level by level."""
        cleaned = self.form.cleaned_data
        return any(cleaned.get(name) for name in ("type", "sector", "level"))


def chips_of(chosen: NetworkFilter) -> list[Chip]:
    """The filters in force, as on every list; the part by its name alone, without reading the names of all others."""
    query: Any = chosen.data.copy()
    code = query.pop("part", [""])[-1]
    found = chips(chosen, query)
    part = chosen.form.cleaned_data.get("part") if chosen.is_valid() else None
    if part is None:
        return found
    inside = [chip._replace(url=f"{chip.url}&{urlencode({'part': code})}") for chip in found]
    for name in ("page", "export"):
        query.pop(name, None)
    return [Chip(str(_("Part of the tree")), part.name, f"?{query.urlencode()}", True), *inside]
