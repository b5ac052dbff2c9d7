"""Changes and entries in the reader's words: the field's name, the old value, the new one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.history import Event, Part
from portal.accounts.models import User
from portal.accounts.places import names_of
from portal.accounts.roles import Role
from portal.web.dates import full_day, moment
from portal.web.i18n import listed, titled

Text = str | Promise
VERBS = {"insert": _("added"), "update": _("changed"), "delete": _("removed")}


class FieldChange(NamedTuple):
    """A field: its name, what it was, what it became."""

    label: str
    old: str
    new: str


class Change(NamedTuple):
    """What was done to a row at once."""

    at: datetime
    who: str
    what: str
    verb: str
    fields: list[FieldChange]
    # Nothing was before it.
    added: bool


def changes(found: Iterable[Event]) -> list[Change]:
    """Events as people read them, without those that changed nothing they would see."""
    found = list(found)
    words = _Words(found)
    made = [(event, words.change(event)) for event in found]
    return [change for event, change in made if change.fields or event.verb != "update"]


class _Words:
    """Names of users, rows and places that the events point at, each sort read by one query."""

    def __init__(self, found: list[Event]) -> None:
        asked: dict[type[models.Model], set[Any]] = defaultdict(set)
        paths = set[str]()
        for event in found:
            for name, value in ((n, v) for state in (event.before or {}, event.after) for n, v in state.items()):
                column = _column(event.part, name)
                if column.is_relation and value is not None:
                    asked[column.related_model].add(value)
                elif column.name == "path" and value is not None:
                    paths.add(str(value))
        asked[User] |= {event.user_id for event in found if event.user_id is not None}
        self.rows = {model: model._default_manager.in_bulk(list(ids)) for model, ids in asked.items()}
        self.places = names_of(paths) if paths else {}

    def change(self, event: Event) -> Change:
        """An event in words."""
        before = event.before or {}
        compared = event.after.items() if event.verb != "delete" else ()
        fields = [
            FieldChange(
                self._label(event.part, name),
                self._value(event.part, name, before.get(name)),
                self._value(event.part, name, value),
            )
            for name, value in compared
            # Of a row that was added, what is off from the first says nothing.
            if before.get(name) != value and not (event.before is None and value is False)
        ]
        fields = [one for one in fields if one.old or one.new]
        who = self.rows[User].get(event.user_id)
        what = titled(event.part.title, str(event.obj))
        return Change(
            event.at, str(who) if who else _t("the portal"), what, str(VERBS[event.verb]), fields, event.before is None
        )

    def _label(self, part: Part, name: str) -> str:
        column = _column(part, name)
        text = str(part.labels.get(column.name, column.verbose_name))
        return text[:1].upper() + text[1:]

    def _value(self, part: Part, name: str, value: Any) -> str:
        column = _column(part, name)
        if value is None or value == "":
            return ""
        if column.is_relation:
            return str(self.rows[column.related_model].get(value, value))
        if column.name == "path":
            return self.places.get(str(value), str(value))
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        return plain(value)


def _column(part: Part, attname: str) -> Any:
    """The field of a column; of a foreign key the column has another name than the field."""
    return next(f for f in part.model._meta.concrete_fields if f.attname == attname)


def plain(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return full_day(value)
    return str(value)


# What an entry carries, in words. What is not named here says nothing to people: fingerprints, versions, row numbers.
_labels: dict[str, Text] = {
    "reason": _("Reason"),
    "role": _("Role"),
    "approved_by": _("Approved by"),
    "proposed_by": _("Proposed by"),
    "starts_on": _("Begins on"),
    "ends_on": _("Until"),
    "due_on": _("Due day"),
    "signing_due_on": _("To be signed by"),
    "dissolved_on": _("Dissolved on"),
    "on": _("Day"),
    "day": _("Day"),
    "acting": _("Acting"),
    "head": _("Head"),
    "year": _("Year"),
    "level": _("Level"),
    "person": _("Employee number"),
    "reference": _("Reference"),
    "device": _("Device"),
    "letters": _("Letters"),
    "reports": _("Reports"),
    "removed": _("Removed"),
    "name_en": _("Name in English"),
    "name_zh": _("Name in Chinese"),
}


def register_labels(labels: Mapping[str, Text]) -> None:
    """Name what entries of an app carry; called in `AppConfig.ready()`."""
    _labels.update(labels)


def details(data: Mapping[str, Any]) -> str:
    """What an entry carries, as one line."""
    known = [(key, data[key]) for key in _labels if data.get(key) not in (None, "")]
    return listed(titled(_labels[key], _detail(key, value)) for key, value in known)


def _detail(key: str, value: Any) -> str:
    if key == "role" and value in Role.values:
        return str(Role(value).label)
    if key.endswith("_on") or key in ("on", "day"):
        try:
            return full_day(date.fromisoformat(str(value)))
        except ValueError:
            return str(value)
    return str(len(value)) if isinstance(value, list) else plain(value)
