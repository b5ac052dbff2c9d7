"""The history of an object: which kinds have one, who reads it, what was changed from what to what.

Upper floors register their kinds; this floor knows users and paths alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit.tracking import BASELINE, events_of

Text = str | Promise
# The log is read by those who supervise; a part of it by the coordinator of that part.
MAY_READ = (Role.AUDITOR, Role.SECURITY_ADMIN, Role.COORDINATOR)
# A page shows so many changes of each sort; the older ones are in the table of events.
CHANGES_SHOWN = 200


@dataclass(frozen=True)
class Part:
    """Rows whose changes and entries belong to a history.

    `rows(object, reader)` finds them, in the reader's part of the tree. `labels` names fields whose model has no words for
    them; only fields with a label there, or with words of their own and not in `hidden`, are shown.
    """

    model: type[models.Model]
    title: Text
    rows: Callable[[Any, User], "QuerySet[Any]"]
    labels: Mapping[str, Text] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Subject:
    """A kind of object that has a history.

    `code` and the field `key` stand in the address; `seen_by(reader)` is what a reader of the log reaches. `actor(object)`
    is the user whose own deeds are shown as well, for persons.
    """

    code: str
    title: Text
    model: type[models.Model]
    key: str
    seen_by: Callable[[User], "QuerySet[Any]"]
    parts: Sequence[Part] = ()
    actor: Callable[[Any], User | None] | None = None


_subjects: dict[str, Subject] = {}
_names: dict[str, Text] = {}


def register(*subjects: Subject) -> None:
    """Make kinds known; called in `AppConfig.ready()`."""
    for subject in subjects:
        _subjects[subject.code] = subject
        _names.setdefault(subject.model._meta.label_lower, subject.title)
        for part in subject.parts:
            _names.setdefault(part.model._meta.label_lower, part.title)


def name_kinds(names: Mapping[str, Text]) -> None:
    """Say what objects are called of which the log speaks and which have no history of their own: `app.model` to words."""
    _names.update(names)


def kinds() -> list[tuple[str, str]]:
    """The kinds of objects in the log, for a filter."""
    return sorted(((label, str(title)) for label, title in _names.items()), key=lambda pair: pair[1])


def subject(code: str) -> Subject | None:
    """The kind of that code."""
    return _subjects.get(code)


def may_read(user: Any) -> bool:
    """Whether a person reads any part of the log."""
    return bool(user.is_authenticated and user.standing.has(*MAY_READ))


def reads_all(user: User) -> bool:
    """Whether a person supervises the whole tree: only then also what belongs to no place in it."""
    return any(a.subtree and "." not in a.path for a in user.standing.scopes(Role.AUDITOR, Role.SECURITY_ADMIN))


def seen(user: User, path: str) -> Q:
    """The condition that a row lies where a person reads the log."""
    return scopes.q(user, path, MAY_READ)


def url_of(obj: models.Model) -> str:
    """The address of an object's history; empty where its kind has none."""
    for found in _subjects.values():
        if isinstance(obj, found.model):
            return reverse("accounts:history", args=(found.code, getattr(obj, found.key)))
    return ""


class Rows(NamedTuple):
    """The rows of one part of a history."""

    part: Part
    objects: dict[int, Any]


def rows_of(kind: Subject, obj: Any, reader: User) -> list[Rows]:
    """The object itself and what belongs to it."""
    return [Rows(part, {row.pk: row for row in part.rows(obj, reader)}) for part in kind.parts]


def about(kind: Subject, obj: Any, found: Iterable[Rows]) -> Q:
    """The condition on the log's entries that they are about the object or what belongs to it."""
    condition = Q(subject_type=kind.model._meta.label_lower, subject_id=str(obj.pk))
    for part, objects in found:
        ids = [str(pk) for pk in objects]
        condition |= Q(subject_type=part.model._meta.label_lower, subject_id__in=ids)
    return condition


class Event(NamedTuple):
    """A row before and after something was done to it; `before` is None for one that was added."""

    part: Part
    obj: Any
    verb: str
    at: datetime
    order: int
    user_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any]


def events(found: Iterable[Rows]) -> list[Event]:
    """What was done to the rows, the newest first; one query for each part."""
    made = [event for rows in found for event in _events(rows)]
    return sorted(made, key=lambda event: (event.at, event.order), reverse=True)[:CHANGES_SHOWN]


def _events(rows: Rows) -> list[Event]:
    model = events_of(rows.part.model)
    if model is None or not rows.objects:
        return []
    kept = model._default_manager.filter(pgh_obj_id__in=list(rows.objects)).select_related("pgh_context")
    # One more than is shown: the oldest shown was something before.
    states: list[Any] = list(kept.order_by("-pgh_id")[: CHANGES_SHOWN + len(rows.objects)])
    made, last = [], dict[int, dict[str, Any]]()
    for state in reversed(states):
        after = {name: getattr(state, name) for name in _fields(rows.part, model)}
        if state.pgh_label != BASELINE:
            metadata = state.pgh_context.metadata if state.pgh_context else {}
            before, obj = last.get(state.pgh_obj_id), rows.objects[state.pgh_obj_id]
            at, user_id = state.pgh_created_at, metadata.get("user")
            made.append(Event(rows.part, obj, state.pgh_label, at, state.pgh_id, user_id, before, after))
        last[state.pgh_obj_id] = after
    return made


def _fields(part: Part, model: type[models.Model]) -> list[str]:
    """The columns that are compared."""
    tracked = {f.name for f in model._meta.get_fields()}
    fields = [f for f in part.model._meta.concrete_fields if f.name in tracked and not f.primary_key]
    return [f.attname for f in fields if f.name not in part.hidden]
