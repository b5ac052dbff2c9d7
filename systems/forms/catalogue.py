"""Forms of the catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.organisation.models import UnitType
from portal.web.fields import DayField
from portal.workdays import clock
from systems.forms.common import both_lines, prose
from systems.models import CatalogueLevel, Requirement
from systems.services.catalogue import Demand


class TypesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Types of unit, as boxes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=UnitType.objects.all(), widget=forms.CheckboxSelectMultiple, **kwargs)


class DemandForm(forms.Form):
    """What a version of the catalogue demands."""

    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    year = forms.IntegerField(label=_("In force from the year"), min_value=2000, max_value=2100)
    types = TypesField(label=_("Required of"), required=False)
    purpose_zh = forms.CharField(label=_("Purpose in Chinese"), max_length=400)
    purpose_en = forms.CharField(label=_("Purpose in English"), max_length=400)
    risks_zh = prose(_("Risk points in Chinese"), required=False, help_text=_("One on each line."))
    risks_en = prose(_("Risk points in English"), required=False, help_text=_("One on each line."))
    checklist_zh = prose(
        _("Checklist in Chinese"), required=False, help_text=_("One item on each line; inspections ask it.")
    )
    checklist_en = prose(_("Checklist in English"), required=False, help_text=_("The same items in the same order."))
    review_months = forms.IntegerField(label=_("Review cycle (months)"), min_value=1, max_value=120)
    adopt_by = DayField(
        label=_("To be adopted by"),
        required=False,
        help_text=_("Empty: within 30 working days after a unit misses it."),
    )
    model_text_zh = prose(_("Model text in Chinese"), rows=14, required=False, limit=40_000)
    model_text_en = prose(_("Model text in English"), rows=14, required=False, limit=40_000)
    reason = prose(_("Why it is changed"), rows=2, required=False, limit=400)

    def clean(self) -> dict[str, Any]:
        """Turn the lines into lists."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for name, into in (("risks", "risk_points"), ("checklist", "checklist")):
            try:
                typed[into] = both_lines(typed.get(f"{name}_en", ""), typed.get(f"{name}_zh", ""))
            except forms.ValidationError as error:
                self.add_error(f"{name}_zh", error)
        return typed

    def as_demand(self) -> Demand:
        """As the service takes it."""
        typed = self.cleaned_data
        names = ("year", "purpose_en", "purpose_zh", "model_text_en", "model_text_zh", "risk_points", "checklist")
        rest = {name: typed[name] for name in (*names, "review_months", "adopt_by", "reason")}
        return Demand(types=tuple(typed["types"]), **rest)

    @staticmethod
    def initial_of(last: Requirement) -> dict[str, Any]:
        """The form of the version after `last`."""
        names = ("purpose_en", "purpose_zh", "model_text_en", "model_text_zh", "review_months")
        joined = {
            f"{short}_{suffix}": "\n".join(item.get(language, "") for item in getattr(last, field))
            for short, field in (("risks", "risk_points"), ("checklist", "checklist"))
            for suffix, language in (("en", "en"), ("zh", "zh-hans"))
        }
        year = max(clock.today().year, last.year)
        fixed = {"number": last.number, "year": year, "types": list(last.types.values_list("pk", flat=True))}
        return {name: getattr(last, name) for name in names} | joined | fixed


class NewSystemForm(DemandForm):
    """A system that the catalogue does not have yet."""

    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Letters, figures, “-” and “_”; it stands in addresses.")
    )
    level = forms.ChoiceField(label=_("Level"), choices=CatalogueLevel.choices)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    field_order = ("code", "level", "name_zh", "name_en", "year")


class RepealForm(forms.Form):
    """From when on nobody needs it."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    year = forms.IntegerField(label=_("Repealed from the year"), min_value=2000, max_value=2100)
    reason = prose(_("Reason"), limit=400)
