"""Forms of the programme and its letters."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.organisation.models import UnitType
from portal.web.fields import DayField
from responsibility.models import Clause, LetterTemplate, Programme, Target
from responsibility.rules import COMMON_YEAR, due_in
from responsibility.services.letters import Whole

PLACEHOLDERS = ("group", "unit", "leader", "regulations")
OPENING_HELP = format_lazy("{} {}", _("Names are put in at:"), " ".join(f"%({name})s" for name in PLACEHOLDERS))
WHOLE = re.compile(r"(\d{1,18})-(\d{1,9})", re.ASCII)
MEASURE = re.compile(r"[a-z]+\.[a-z_]+")


class SignatureForm(forms.Form):
    """What stands under a signature: the name, typed, and the password."""

    typed_name = forms.CharField(
        label=_("Your name"), max_length=200, help_text=_("As it stands in the letter, in Chinese or in English.")
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("The one you sign in with."),
    )


class SignLetterForm(SignatureForm):
    """The top leader's signature."""

    read = forms.BooleanField(
        label=_("I have read the letter to its end and undertake what it states."),
        error_messages={"required": _("Read the letter to its end, then confirm it here.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    # What the page says it showed, and which parts the browser has seen the end of (responsibility.evidence).
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    parts = forms.CharField(widget=forms.HiddenInput(attrs={"data-parts": ""}), required=False, max_length=500)
    field_order = ("read", "typed_name", "password", "version", "shown", "parts")


class ObstacleForm(forms.Form):
    """Why a top leader cannot sign."""

    reason = forms.CharField(
        label=_("What keeps you from signing"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text=_("Name the clause or the circumstance. The head of the leading group and the coordinator read it."),
    )


class KeysField(forms.Field):
    """Many keys out of check boxes, as a set: thousands cost what they are, and no list of choices is walked for each.

    Whether they are the person's to choose is for the service to say: it asks the database once for all of them.
    """

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> set[int]:
        """The keys. What is no key was not written by this page."""
        keys = value or []
        if not all(key.isdecimal() and len(key) < 19 for key in keys):
            raise ValidationError(_("This choice was not made on this page. Load the page again and choose anew."))
        return {int(key) for key in keys}


class WholesField(forms.Field):
    """Whole groups, each with the last number that the page knew of, as 12-340."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[Whole]:
        """The groups."""
        found = [WHOLE.fullmatch(entry) for entry in value or []]
        if not all(found):
            raise ValidationError(_("This choice was not made on this page. Load the page again and choose anew."))
        return [Whole(int(match[1]), int(match[2])) for match in found if match]


class SignBatchForm(SignatureForm):
    """The head's signature under a batch: letters one by one, or all that wait of a group."""

    letters = KeysField(label=_("Letters"), required=False)
    wholes = WholesField(label=_("All letters of a group"), required=False)

    def clean(self) -> dict[str, Any]:
        """Something is chosen."""
        typed: dict[str, Any] = super().clean() or {}
        if not (typed.get("letters") or typed.get("wholes") or self.errors.keys() & {"letters", "wholes"}):
            self.add_error("letters", ValidationError(_("Choose at least one letter.")))
        return typed


class IssueForm(forms.Form):
    """Which units get letters."""

    path = forms.ChoiceField(label=_("Part of the tree"))
    types = forms.ModelMultipleChoiceField(
        UnitType.objects.all(),
        label=_("Types of unit"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all types."),
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["path"].choices = places  # type: ignore[attr-defined]

    def choice(self) -> tuple[str, list[int]]:
        """The path and the types chosen; of an untouched form its first path and no type, of a wrong one no path."""
        if not self.is_bound:
            places = self.fields["path"].choices  # type: ignore[attr-defined]
            return (str(places[0][0]) if places else ""), []
        if not self.is_valid():
            return "", []
        return self.cleaned_data["path"], [unit_type.pk for unit_type in self.cleaned_data["types"]]


class ProgrammeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The programme's settings."""

    class Meta:
        model = Programme
        fields = tuple(field.name for field in Programme._meta.fields if field.name != "id")


class YearForm(forms.Form):
    """A year of the programme. That its day is still to come is asked by the service, which knows the day."""

    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)
    signing_due_on = DayField(label=_("Letters are signed by"))

    def clean(self) -> dict[str, Any]:
        """The day lies in the year."""
        typed: dict[str, Any] = super().clean() or {}
        year, day = typed.get("year"), typed.get("signing_due_on")
        if year and day and day.year != year:
            self.add_error("signing_due_on", ValidationError(_("This day does not lie in the programme year.")))
        return typed


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """The names of a draft and its first sentence."""

    class Meta:
        model = LetterTemplate
        fields = ("name_en", "name_zh", "opening_en", "opening_zh")
        help_texts = dict.fromkeys(("opening_en", "opening_zh"), OPENING_HELP)
        widgets: ClassVar = {name: forms.Textarea(attrs={"rows": 3}) for name in ("opening_en", "opening_zh")}

    def clean_opening_en(self) -> str:
        """The English sentence."""
        return self._opening("opening_en")

    def clean_opening_zh(self) -> str:
        """The Chinese sentence."""
        return self._opening("opening_zh")

    def _opening(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        try:
            text % dict.fromkeys(PLACEHOLDERS, "")
        except (KeyError, TypeError, ValueError) as error:
            raise ValidationError(_("One of the names in this sentence is not known. Write them as shown.")) from error
        return text


class ClauseForm(forms.ModelForm):  # type: ignore[type-arg]
    """A sentence of the letter in both languages, for all units or for those of a type."""

    class Meta:
        model = Clause
        fields = ("text_en", "text_zh", "unit_type", "order")
        widgets: ClassVar = {name: forms.Textarea(attrs={"rows": 2}) for name in ("text_en", "text_zh")}
        labels: ClassVar = {"unit_type": _("Only for units of this type"), "order": _("Place in the section")}


class TargetForm(forms.ModelForm):  # type: ignore[type-arg]
    """A measurable target in both languages, for all units or for those of a type."""

    evidence_en = forms.CharField(
        label=_("Evidence in English"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What proves it, one a line."),
    )  # fmt: skip
    evidence_zh = forms.CharField(
        label=_("Evidence in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The same, line by line."),
    )  # fmt: skip
    field_order = (
        "name_en", "name_zh", "unit_type", "code", "weight", "goal", "unit", "unit_zh", "measure", "evidence_en",
        "evidence_zh", "due_month", "due_day", "order",
    )  # fmt: skip

    class Meta:
        model = Target
        fields = (
            "name_en", "name_zh", "unit_type", "code", "weight", "goal", "unit", "unit_zh", "measure", "due_month",
            "due_day", "order",
        )  # fmt: skip
        labels: ClassVar = {"unit_type": _("Only for units of this type"), "order": _("Place in the section")}
        help_texts: ClassVar = {
            "code": _("A target for a type of unit stands in place of the common one with the same code."),
            "measure": _("manual, or the figure that the portal computes, as systems.coverage_rate."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proofs = self.instance.evidence
        self.initial["evidence_en"] = "\n".join(proof["en"] for proof in proofs)
        self.initial["evidence_zh"] = "\n".join(proof["zh-hans"] for proof in proofs)

    def values(self) -> dict[str, Any]:
        """The target's fields as they are kept."""
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return typed | {"evidence": self._evidence(self.cleaned_data)}

    @staticmethod
    def _evidence(typed: dict[str, Any]) -> list[dict[str, str]]:
        en, zh = (_lines(typed.get(name, "")) for name in ("evidence_en", "evidence_zh"))
        return [{"en": first, "zh-hans": second} for first, second in zip(en, zh, strict=True)]

    def clean_measure(self) -> str:
        """The name of a figure, or manual."""
        measure = str(self.cleaned_data["measure"]).strip()
        if measure != "manual" and not MEASURE.fullmatch(measure):
            raise ValidationError(_("Write manual, or a figure's name as systems.coverage_rate."))
        return measure

    def clean_weight(self) -> int:
        """A percentage."""
        weight = int(self.cleaned_data["weight"])
        if not 1 <= weight <= 100:
            raise ValidationError(_("A weight is a whole number from 1 to 100."))
        return weight

    def clean(self) -> dict[str, Any]:
        """Month and day make a day."""
        typed: dict[str, Any] = super().clean() or {}
        month, day = typed.get("due_month"), typed.get("due_day")
        if month is not None and day is not None and not _is_day(month, day):
            self.add_error("due_day", ValidationError(_("There is no such day in the year.")))
        if len(_lines(typed.get("evidence_en", ""))) != len(_lines(typed.get("evidence_zh", ""))):
            self.add_error("evidence_zh", ValidationError(_("Write as many lines in Chinese as in English.")))
        return typed


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and day >= 1 and due_in(COMMON_YEAR, month, day).day == day
