"""What the portal knows of the persons of a chunk: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from portal.organisation import policies
from portal.organisation.importing.persons.rules import PERSONAL, Known, Stay
from portal.organisation.models import Employment, GroupMembership, Person, PostKind, Tenure
from portal.web.i18n import is_chinese, listed
from portal.web.lookups import array_of
from portal.workdays import clock


class Held(NamedTuple):
    """A place that a person holds now or later: where it lies, and how it is called."""

    person_id: int
    path: str
    unit: str
    # The title of a post that is handed over, and does not end by leaving.
    post: str = ""


def known_of(by: Any, numbers: Sequence[str]) -> dict[str, tuple[Known, str]]:
    """What is known of each employee number, with the unit outside the reach of `by` where the person belongs to one."""
    names = ("pk", "employee_no", *PERSONAL)
    people = {row["pk"]: row for row in Person.objects.filter(employee_no__in=numbers).order_by().values(*names)}
    if not people:
        return {}
    stays = _stays(people)
    places: dict[int, list[Held]] = defaultdict(list)
    for held in _held(people):
        places[held.person_id].append(held)
    found = {}
    for pk, row in people.items():
        outside = next((h.unit for h in places[pk] if not policies.may_edit_at(by, h.path)), "")
        office = listed(h.post for h in places[pk] if h.post)
        found[row["employee_no"]] = (Known(row, stays.get(pk, ()), office), outside)
    return found


def _stays(ids: Iterable[int]) -> dict[int, list[Stay]]:
    found: dict[int, list[Stay]] = defaultdict(list)
    rows = Employment.objects.filter(person__any=array_of(ids)).order_by("starts_on").select_related("unit")
    for e in rows:
        found[e.person_id].append(Stay(e.unit_id, e.unit.name, e.title_en, e.title_zh, e.starts_on, e.ends_on))
    return found


def _held(ids: Iterable[int]) -> Iterator[Held]:
    """Employments, posts and seats of today and later."""
    array, lasting, zh = array_of(ids), _lasting(clock.today()), is_chinese()
    unit = "name_zh" if zh else "name_en"
    working = Employment.objects.filter(lasting, person__any=array).order_by()
    for person_id, path, name in working.values_list("person_id", "unit__path", f"unit__{unit}"):
        yield Held(person_id, str(path), name)
    seats = GroupMembership.objects.filter(lasting, person__any=array).order_by()
    for person_id, path, name in seats.values_list("person_id", "group__unit__path", f"group__unit__{unit}"):
        yield Held(person_id, str(path), name)
    title = "post__title_zh" if zh else "post__title_en"
    tenures = Tenure.objects.filter(lasting, person__any=array).order_by()
    columns = ("person_id", "post__unit__path", f"post__unit__{unit}", title, "post__kind")
    for person_id, path, name, post, kind in tenures.values_list(*columns):
        yield Held(person_id, str(path), name, f"{name} {post}" if kind != PostKind.OTHER else "")


def _lasting(today: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gte=today)
