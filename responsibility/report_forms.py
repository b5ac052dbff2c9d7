"""Forms of reports: a reporting period, the three parts, the reviewer's remarks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web.fields import DayField
from responsibility.models import Part, PeriodKind
from responsibility.report_parts import (
    CLEAN,
    MAX_LENGTH,
    TARGET_FIELDS,
    TARGET_LIMITS,
    TARGET_STATES,
    WORK,
    ReportField,
)
from responsibility.report_rules import is_date, no_date


class PeriodForm(forms.Form):
    """A reporting period."""

    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)
    kind = forms.ChoiceField(label=_("Kind"), choices=PeriodKind.choices)
    number = forms.IntegerField(
        label=_("Number"), min_value=1, max_value=4, initial=1, help_text=_("Which half or quarter; 1 for the year.")
    )
    opens_on = DayField(label=_("Opens on"))
    due_on = DayField(label=_("Due day"))
    closes_on = DayField(
        label=_("Closes on"),
        required=False,
        help_text=_("From the day after, reports are no longer taken. Empty: never."),
    )

    def clean(self) -> dict[str, Any]:
        """The days are in order, and the number fits the kind."""
        typed: dict[str, Any] = super().clean() or {}
        opens_on, due_on, closes_on = typed.get("opens_on"), typed.get("due_on"), typed.get("closes_on")
        if opens_on and due_on and due_on < opens_on:
            self.add_error("due_on", _("The due day lies before the day on which the period opens."))
        if due_on and closes_on and closes_on < due_on:
            self.add_error("closes_on", _("The period would close before the reports are due."))
        most = (
            {PeriodKind.ANNUAL: 1, PeriodKind.HALF_YEAR: 2}.get(PeriodKind(typed["kind"]), 4) if "kind" in typed else 4
        )
        if typed.get("number", 1) > most:
            self.add_error("number", _t("There are at most %(most)s of this kind in a year.") % {"most": most})
        return typed


# What the fields of a target are called, in the order in which they are written.
TARGET_LABELS = {
    "figure": _("Figure, or what was done"),
    "state": _("State"),
    "evidence": _("Evidence"),
    "explanation": _("Why the figure is short"),
    "remedy": _("What you do about it"),
    "remedy_on": _("Finished by"),
}
# What a target must say before the report is handed in; the other fields but evidence where it is not reached.
NEEDED = frozenset(TARGET_LABELS) - {"evidence"}


class PartForm(forms.Form):
    """One part of a report: its fields follow from the part, and in the second from the letter's targets.

    Everything may be empty while it is written; what is missing is asked for at handing in. So no field is required, and
    those that are needed then say so by `needed`.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, part: Part, targets: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.targets = part, targets
        if part == Part.TARGETS:
            for target in targets:
                self._target(target["code"])
                for key in NEEDED:
                    self.fields[f"target-{target['code']}-{key}"].needed = True  # type: ignore[attr-defined]
        else:
            for field in WORK if part == Part.WORK else CLEAN:
                self.fields[f"{part}-{field.code}"] = _text(field)
                self.fields[f"{part}-{field.code}"].needed = field.required  # type: ignore[attr-defined]

    def _target(self, code: str) -> None:
        name = f"target-{code}"
        states = [(state.code, state.label) for state in TARGET_STATES]
        self.fields[f"{name}-figure"] = forms.CharField(
            label=TARGET_LABELS["figure"], required=False, max_length=TARGET_LIMITS["figure"]
        )
        self.fields[f"{name}-state"] = forms.ChoiceField(
            label=TARGET_LABELS["state"], choices=[("", _("Choose")), *states], required=False
        )
        self.fields[f"{name}-evidence"] = forms.CharField(
            label=TARGET_LABELS["evidence"],
            required=False,
            max_length=TARGET_LIMITS["evidence"],
            help_text=_("Name the files attached to the report."),
        )
        area = forms.Textarea(attrs={"rows": 3})
        self.fields[f"{name}-explanation"] = forms.CharField(
            label=TARGET_LABELS["explanation"], required=False, max_length=MAX_LENGTH, widget=area
        )
        self.fields[f"{name}-remedy"] = forms.CharField(
            label=TARGET_LABELS["remedy"], required=False, max_length=TARGET_LIMITS["remedy"]
        )
        self.fields[f"{name}-remedy_on"] = forms.CharField(
            label=TARGET_LABELS["remedy_on"], required=False, max_length=40, help_text=_("As 2026-12-02.")
        )

    def clean(self) -> dict[str, Any]:
        """Dates that are none are named where they stand."""
        typed: dict[str, Any] = super().clean() or {}
        for name, value in list(typed.items()):
            if name.endswith("-remedy_on") and value and not is_date(value):
                self.add_error(name, ValidationError(no_date(value)))
        return typed

    def values(self) -> dict[str, Any]:
        """What was typed, as the report keeps it."""
        return self._kept(self.cleaned_data)

    def typed(self) -> dict[str, Any]:
        """What was typed so far, mended or not: half a date is kept while it is written. Once `is_valid` was asked."""
        raw = {name: self._raw(name) for name in self.errors if name in self.fields}
        return self._kept({**self.cleaned_data, **raw})

    def _raw(self, name: str) -> str:
        """A field as it was sent; a choice that is none is not kept, nor what the database cannot hold."""
        if isinstance(self.fields[name], forms.ChoiceField):
            return ""
        return str(self.data.get(name, "")).replace("\x00", "").strip()

    def _kept(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        if self.part != Part.TARGETS:
            fields = WORK if self.part == Part.WORK else CLEAN
            return {field.code: typed.get(f"{self.part}-{field.code}", "") for field in fields}
        return {
            target["code"]: {key: typed.get(f"target-{target['code']}-{key}", "") for key in TARGET_FIELDS}
            for target in self.targets
        }

    @staticmethod
    def initial_from(part: Part, stored: dict[str, Any]) -> dict[str, Any]:
        """The fields' first values out of what is stored."""
        if part != Part.TARGETS:
            return {f"{part}-{code}": text for code, text in stored.items()}
        return {f"target-{code}-{key}": value for code, answer in stored.items() for key, value in answer.items()}


def _text(field: ReportField) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": field.rows})
    return forms.CharField(
        label=str(field.label), help_text=str(field.hint), required=False, max_length=MAX_LENGTH, widget=area
    )


class ReturnForm(forms.Form):
    """Remarks by part and by target."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    due_on = DayField(label=_("Corrected by"), required=False, help_text=_("Empty: five working days from today."))

    def __init__(self, *args: Any, targets: list[dict[str, Any]], names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = forms.Textarea(attrs={"rows": 3})
        for part in Part:
            self.fields[f"remark-{part}-"] = forms.CharField(
                label=part.label, required=False, max_length=4000, widget=area
            )
            if part == Part.TARGETS:
                for target in targets:
                    name = f"remark-{part}-{target['code']}"
                    small = forms.Textarea(attrs={"rows": 2})
                    self.fields[name] = forms.CharField(
                        label=names[target["code"]], required=False, max_length=4000, widget=small
                    )

    def remarks(self) -> dict[tuple[str, str], str]:
        """What was written, by part and target."""
        found = {}
        for name, text in self.cleaned_data.items():
            if name.startswith("remark-"):
                _remark, part, target = name.split("-", 2)
                found[part, target] = text
        return found
