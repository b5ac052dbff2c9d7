"""What is typed to change a unit: one form for each kind; each makes the change that it describes."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.change_models import ChangeKind
from portal.organisation.forms import office_day
from portal.organisation.models import CODE, Unit, UnitType
from portal.organisation.services import changes
from portal.web.i18n import listed, with_note
from portal.web.pages import Text
from portal.workdays import clock

LIKELY = "likely-units"
NEW_UNITS = 3
OFFERED = 5
NO_CODE = {"required": _("Give the new unit a code.")}
BREAKS = re.compile(r"[\n,;，；、]+")
Legend = tuple[Text, Sequence[forms.BoundField]]


def unit_named(by: User, words: str) -> Unit:
    """The unit in force that the words mean: its code, else a name that only one has. Raises ValidationError."""
    seen = Unit.objects.visible_to(by).active()
    exact = seen.filter(code__iexact=words).first()
    if exact is not None:
        return exact
    found = list(seen.search(words).order_by("path")[: OFFERED + 1])
    if not found:
        raise ValidationError(_t("No unit in your part of the tree is called “%(text)s”.") % {"text": words})
    if len(found) > 1:
        names = [with_note(unit.name, unit.code) for unit in found[:OFFERED]] + ["…"] * (len(found) > OFFERED)
        raise ValidationError(
            _t("“%(text)s” fits several units: %(units)s. Type the code.") % {"text": words, "units": listed(names)}
        )
    return found[0]


class UnitField(forms.CharField):
    """A unit by code or name; the form turns the words into the unit."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": LIKELY, "autocomplete": "off"})
        super().__init__(max_length=200, widget=widget, **kwargs)


class ChangeForm(forms.Form):
    """When and why; a subclass adds what becomes of the unit and overrides `as_change`."""

    kind: ChangeKind
    effective_on = office_day(
        label=_("Takes effect on"),
        help_text=_("Today or earlier: at once. A later day: planned until then, and may be withdrawn."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The decision it rests on. It stands in the log and with each duty that ends."),
    )
    field_order: Sequence[str] | None = None

    def __init__(self, *args: Any, by: User, unit: Unit, **kwargs: Any) -> None:
        self.by, self.unit = by, unit
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].initial = clock.today()
        self.order_fields([*(n for n in self.fields if n not in {"effective_on", "reason"}), "effective_on", "reason"])

    def blocks(self) -> Iterator[Legend]:
        """The fields in groups, each with its heading; none where one group is enough."""
        yield "", list(self)

    def common(self, decisions: dict[str, str]) -> dict[str, Any]:
        """What every change has."""
        typed = self.cleaned_data
        day: date = typed["effective_on"]
        return {"unit_id": self.unit.pk, "effective_on": day, "reason": typed["reason"], "decisions": decisions}

    def as_change(self, decisions: dict[str, str]) -> changes.Change:
        """The change that the form describes."""
        raise NotImplementedError

    def _find(self, field: str) -> Unit | None:
        words = " ".join(str(self.cleaned_data.get(field) or "").split())
        return unit_named(self.by, words) if words else None


class RenameForm(ChangeForm):
    """The new names."""

    kind = ChangeKind.RENAME
    name_zh = forms.CharField(label=_("New name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("New name in English"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_zh"].initial, self.fields["name_en"].initial = self.unit.name_zh, self.unit.name_en

    def as_change(self, decisions: dict[str, str]) -> changes.Rename:
        """A new name."""
        names = {name: self.cleaned_data[name] for name in ("name_zh", "name_en")}
        return changes.Rename(**self.common(decisions), **names)


class MoveForm(ChangeForm):
    """The new place."""

    kind = ChangeKind.MOVE
    parent = UnitField(label=_("New unit above it"), help_text=_("Code or name."))

    def clean_parent(self) -> Unit | None:
        """The unit."""
        return self._find("parent")

    def as_change(self, decisions: dict[str, str]) -> changes.Move:
        """A new place."""
        return changes.Move(**self.common(decisions), parent_id=self.cleaned_data["parent"].pk)


class DissolveForm(ChangeForm):
    """Nothing but day and reason."""

    kind = ChangeKind.DISSOLVE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].label = _("Last day")

    def as_change(self, decisions: dict[str, str]) -> changes.Dissolve:
        """The end."""
        return changes.Dissolve(**self.common(decisions))


class NewUnitFields:
    """Fields of units that are made, under a prefix."""

    NAMES = ("code", "name_zh", "name_en", "type")

    @staticmethod
    def add(form: forms.Form, prefix: str, unit: Unit) -> None:
        """Add them, none of them needed but code and type of the first of a split: without it there is none."""
        fields = {
            "code": forms.CharField(label=_("Code"), max_length=40, validators=[CODE], error_messages=NO_CODE),
            "name_zh": forms.CharField(label=_("Name in Chinese"), max_length=200),
            "name_en": forms.CharField(label=_("Name in English"), max_length=200),
            "type": forms.ModelChoiceField(UnitType.objects.all(), label=_("Type"), initial=unit.type_id),
        }
        for name, field in fields.items():
            field.required = prefix == "new1_" and name in {"code", "type"}
            form.fields[f"{prefix}{name}"] = field

    @staticmethod
    def read(form: forms.Form, prefix: str, children: Sequence[int] = ()) -> changes.NewUnit | None:
        """The unit that was typed; None where nothing was. Names in one language stand for both."""
        typed = {name: form.cleaned_data.get(f"{prefix}{name}") for name in NewUnitFields.NAMES}
        code, zh, en, kind = typed["code"], typed["name_zh"], typed["name_en"], typed["type"]
        if not (code or zh or en):
            return None
        if not code and f"{prefix}code" not in form.errors:
            form.add_error(f"{prefix}code", NO_CODE["required"])
        if not (zh or en):
            form.add_error(f"{prefix}name_zh", _t("Give the new unit a name."))
        if kind is None:
            form.add_error(f"{prefix}type", _t("Choose the type of the new unit."))
            return None
        return changes.NewUnit(str(code), str(en or zh), str(zh or en), kind.pk, tuple(children))


class MergeForm(ChangeForm):
    """Who merges, and who goes on: an existing unit or a new one."""

    kind = ChangeKind.MERGE
    others = forms.CharField(
        label=_("Other units that merge with it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Codes or names, one a line."),
    )
    successor = UnitField(
        label=_("Goes on: an existing unit"), required=False, help_text=_("Code or name. Empty: a new unit, below.")
    )
    children_to = UnitField(
        label=_("Units below go to"), required=False, help_text=_("Empty: below the unit that goes on.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        NewUnitFields.add(self, "new_", self.unit)

    def blocks(self) -> Iterator[Legend]:
        """Who, the new unit, when and why."""
        yield _("Who merges"), [self["others"], self["successor"]]
        yield _("Goes on: a new unit"), [self[f"new_{name}"] for name in NewUnitFields.NAMES]
        yield _("When and why"), [self[name] for name in ("children_to", "effective_on", "reason")]

    def clean_others(self) -> list[Unit]:
        """The units."""
        words = [" ".join(part.split()) for part in BREAKS.split(self.cleaned_data["others"])]
        found = {unit.pk: unit for unit in (unit_named(self.by, part) for part in words if part)}
        if self.unit.pk in found:
            raise ValidationError(_t("%(unit)s merges anyway. Name the others.") % {"unit": self.unit.name})
        return list(found.values())

    def clean_successor(self) -> Unit | None:
        """The unit that goes on."""
        return self._find("successor")

    def clean_children_to(self) -> Unit | None:
        """Where the units below go."""
        return self._find("children_to")

    def clean(self) -> dict[str, Any]:
        """The new unit."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["new"] = NewUnitFields.read(self, "new_")
        return cleaned

    @property
    def idle(self) -> set[str]:
        """Fields that say nothing: the type of a new unit where an existing one goes on."""
        return set() if self.cleaned_data.get("new") else {f"new_{name}" for name in NewUnitFields.NAMES}

    def as_change(self, decisions: dict[str, str]) -> changes.Merge:
        """A merger."""
        typed = self.cleaned_data
        return changes.Merge(
            **self.common(decisions),
            other_ids=tuple(unit.pk for unit in typed["others"]),
            successor_id=typed["successor"].pk if typed["successor"] else None,
            new=typed["new"],
            children_to=typed["children_to"].pk if typed["children_to"] else None,
        )


class SplitForm(ChangeForm):
    """The new units, what goes to each, and whether the unit goes on."""

    kind = ChangeKind.SPLIT
    ends = forms.TypedChoiceField(
        label=_("The unit itself"),
        choices=(("", _("goes on")), ("yes", _("ends"))),
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, NEW_UNITS + 1):
            NewUnitFields.add(self, f"new{number}_", self.unit)
        self.children = list(self.unit.children.active().order_by("sort_key"))
        places = [(str(number), _t("new unit %(number)s") % {"number": number}) for number in range(1, NEW_UNITS + 1)]
        for child in self.children:
            field = forms.ChoiceField(label=child.name, choices=[("", _("stays")), *places], required=False)
            self.fields[f"child_{child.pk}"] = field

    def blocks(self) -> Iterator[Legend]:
        """Each new unit, what lies below, the unit itself, when and why."""
        for number in range(1, NEW_UNITS + 1):
            title = _t("New unit %(number)s") if number == 1 else _t("New unit %(number)s (optional)")
            yield title % {"number": number}, [self[f"new{number}_{name}"] for name in NewUnitFields.NAMES]
        if self.children:
            yield _("Units below it"), [self[f"child_{child.pk}"] for child in self.children]
        yield _("When and why"), [self[name] for name in ("ends", "effective_on", "reason")]

    def clean(self) -> dict[str, Any]:
        """The new units, each with what goes to it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        new = []
        for number in range(1, NEW_UNITS + 1):
            placed = [c.pk for c in self.children if cleaned.get(f"child_{c.pk}") == str(number)]
            made = NewUnitFields.read(self, f"new{number}_", placed)
            if made is not None:
                new.append(made)
            elif placed:
                self.add_error(f"new{number}_code", _t("Units go to it: give it a code and a name."))
        cleaned["new"] = tuple(new)
        return cleaned

    def as_change(self, decisions: dict[str, str]) -> changes.Split:
        """A split."""
        return changes.Split(
            **self.common(decisions), new=self.cleaned_data["new"], ends=bool(self.cleaned_data["ends"])
        )


FORMS: dict[str, type[ChangeForm]] = {
    form.kind: form for form in (RenameForm, MoveForm, MergeForm, SplitForm, DissolveForm)
}
