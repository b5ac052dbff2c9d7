"""Changes of units in words: what became of whom."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from portal.organisation.change_models import ChangeKind, ChangePart, ChangeState, PartKind, UnitChange
from portal.organisation.models import Unit
from portal.web.i18n import listed, pick

# The parts under which a change belongs to the history of another unit than its own.
TOLD = (PartKind.MERGED, PartKind.SUCCESSOR, PartKind.MADE, PartKind.CHILD)


class Told(NamedTuple):
    """A change as the history of a unit tells it."""

    change: UnitChange
    sentence: str


def _names(change: UnitChange, *parts: PartKind) -> list[str]:
    return [part.unit.name for part in change.parts.all() if part.part in parts]


def _new_names(change: UnitChange) -> list[str]:
    """The units that a planned change will make."""
    new = change.values.get("new") or []
    return [
        str(pick({"en": one["name_en"], "zh-hans": one["name_zh"]}))
        for one in (new if isinstance(new, list) else [new])
    ]


def name_then(change: UnitChange) -> str:
    """The name that the unit had when it changed: of a renaming that took effect, the former one."""
    before = change.before
    return str(
        pick({"en": before["name_en"], "zh-hans": before["name_zh"]}) if "name_en" in before else change.unit.name
    )


def sentence(change: UnitChange) -> str:
    """What became, or will become, of the change's own unit."""
    match change.kind:
        case ChangeKind.RENAME:
            after = change.after or change.values
            names = {"en": after["name_en"], "zh-hans": after["name_zh"]}
            return _("New name: %(name)s") % {"name": pick(names)}
        case ChangeKind.MOVE:
            return _("Placed below %(unit)s") % {"unit": listed(_names(change, PartKind.PARENT_AFTER))}
        case ChangeKind.MERGE:
            return _merged(change)
        case ChangeKind.SPLIT:
            made = listed(_names(change, PartKind.MADE) or _new_names(change))
            text = _("Split into %(units)s") if change.values.get("ends") else _("Split: %(units)s made beside it")
            return text % {"units": made}
    return _("Dissolved")


def _merged(change: UnitChange) -> str:
    successor = listed(_names(change, PartKind.SUCCESSOR) or _new_names(change))
    others = _names(change, PartKind.MERGED)
    if others:
        return _("Merged with %(others)s into %(unit)s") % {"others": listed(others), "unit": successor}
    return _("Merged into %(unit)s") % {"unit": successor}


def _seen_from(change: UnitChange, part: ChangePart) -> str:
    """What a change means for another unit that has a part in it."""
    names = {"unit": change.unit.name}
    match part.part:
        case PartKind.MERGED:
            return _merged(change)
        case PartKind.SUCCESSOR:
            everybody = [change.unit.name, *_names(change, PartKind.MERGED)]
            return _("Goes on for %(units)s") % {"units": listed(everybody)}
        case PartKind.MADE:
            return _("Made when %(unit)s was split") % names
    if change.kind == ChangeKind.MERGE:
        return _("Placed elsewhere when %(unit)s merged") % names
    return _("Placed elsewhere when %(unit)s was split") % names


def told_of(unit: Unit) -> list[Told]:
    """The history of a unit, the newest first, what is withdrawn left out; a fixed number of queries."""
    known = UnitChange.objects.about(unit.pk).exclude(state=ChangeState.WITHDRAWN)
    told = []
    for change in known.select_related("unit").prefetch_related("parts__unit"):
        if change.unit_id == unit.pk:
            told.append(Told(change, sentence(change)))
            continue
        parts: Iterable[ChangePart] = change.parts.all()
        own = [part for part in parts if part.unit_id == unit.pk and part.part in TOLD]
        if own:
            told.append(Told(change, _seen_from(change, own[0])))
    return told


def planned_for(unit: Unit) -> list[Told]:
    """What is planned for a unit, alone or as a part of a change of another."""
    return [one for one in told_of(unit) if one.change.state == ChangeState.PLANNED]
