"""Choosing many units at once: a part of the tree, types and sectors, or by name one below the other."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.models import Sector, Unit, UnitType
from portal.web.i18n import listed

# So many names that were not found are said; the rest would be no help.
SAID = 5


class UnitsForm(forms.Form):
    """The units are those of the part, of one of the types and of one of the sectors; and those named."""

    part = forms.ModelChoiceField(
        Unit.objects.none(), to_field_name="code", label=_("Part of the tree"), required=False, empty_label=_("All")
    )
    types = forms.ModelMultipleChoiceField(
        UnitType.objects.all(), label=_("Types of unit"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.ModelMultipleChoiceField(
        Sector.objects.all(), label=_("Sectors"), required=False, widget=forms.CheckboxSelectMultiple
    )
    named = forms.CharField(
        label=_("Units by name"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Name or code, one below the other. They are added to those chosen above."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, **kwargs)
        above = Unit.objects.visible_to(by).active().filter(children__isnull=False).distinct().order_by("path")
        self.fields["part"].queryset = above  # type: ignore[attr-defined]

    def clean_named(self) -> list[Unit]:
        """Each line as the unit that it names."""
        lines = [line.strip() for line in str(self.cleaned_data["named"]).splitlines() if line.strip()]
        seen = Unit.objects.visible_to(self.by).active()
        by_name: dict[str, Unit] = {}
        for name in ("code", "name_zh", "name_en"):
            for unit in seen.filter(**{f"{name}__in": lines}):
                by_name.setdefault(getattr(unit, name), unit)
        missing = [line for line in lines if line not in by_name]
        if missing:
            names = {"names": listed(missing[:SAID])}
            raise forms.ValidationError(_t("No unit has this name or code: %(names)s.") % names)
        return list({by_name[line].pk: by_name[line] for line in lines}.values())

    def units(self) -> list[Unit]:
        """Those chosen, in the order of the tree."""
        typed = self.cleaned_data
        named = {unit.pk: unit for unit in typed["named"]}
        for unit in self._by_kind(typed):
            named[unit.pk] = unit
        return sorted(named.values(), key=lambda unit: [int(label) for label in str(unit.path).split(".")])

    def _by_kind(self, typed: dict[str, Any]) -> "QuerySet[Unit]":
        found = Unit.objects.visible_to(self.by).active()
        if not (typed["part"] or typed["types"] or typed["sectors"]):
            return found.none()
        if typed["part"]:
            found = found.under(str(typed["part"].path))
        if typed["types"]:
            found = found.filter(type__in=typed["types"])
        if typed["sectors"]:
            found = found.filter(sector__in=typed["sectors"])
        return found

    def clean(self) -> dict[str, Any]:
        """Something is chosen."""
        typed: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(typed.get(name) for name in ("part", "types", "sectors", "named")):
            raise forms.ValidationError(
                _t("No unit is chosen. Choose a part of the tree, a type or a sector, or name units.")
            )
        return typed
