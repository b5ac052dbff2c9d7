"""What one sees as lines of a directory: of each unit its offices, of each person found the offices held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.network import people, rules, search
from portal.network.filters import NetworkFilter
from portal.organisation.models import Person, PostKind, Tenure, Unit, UnitQuerySet

M = TypeVar("M", bound=Model)
# So many units are read at a time: memory does not grow with the network.
CHUNK = 500


@dataclass(frozen=True)
class Selection:
    """What the words and filters of the page choose. Without words there are no persons, and `units` are all."""

    words: rules.Words
    part: Unit | None
    units: "QuerySet[Unit]"
    unit_ids: search.Found | None = None
    person_ids: search.Found | None = None


def choose(user: User, chosen: NetworkFilter) -> Selection:
    """The units, and for words the persons, of a valid filter."""
    cleaned = chosen.form.cleaned_data
    words, part = rules.read(cleaned["q"]), cleaned.get("part")
    if not words:
        return Selection(words, part, chosen.qs)
    condition = search.unit_q(cleaned)
    units = chosen.queryset if condition is None else chosen.qs
    found = search.units(words, units if condition is not None else None)
    return Selection(words, part, units, found, search.persons(words, user, condition))


def filter_of(query: Any, request: Any = None) -> NetworkFilter:
    """The filter of a query string, over the units in force: the network is a directory for everybody."""
    return NetworkFilter(query, queryset=Unit.objects.active().order_by("path"), request=request)


def in_order(ids: Sequence[int], rows: "QuerySet[Any]") -> list[Any]:
    """The rows with these ids, in the order of the ids."""
    found = rows.in_bulk(list(ids))
    return [found[pk] for pk in ids if pk in found]


def plain(model: type[M], ids: Sequence[int]) -> list[M]:
    """Rows with these ids and nothing of their neighbours, in the order of the ids; written out, as in `offices`."""
    statement = f"SELECT * FROM {model._meta.db_table} WHERE id = ANY(%s)"  # noqa: S608 - a table of ours
    found = {row.pk: row for row in model._default_manager.raw(statement, [list(ids)])}
    return [found[pk] for pk in ids if pk in found]


def unit_rows() -> UnitQuerySet:
    """Units with what a line or row of them shows."""
    return Unit.objects.select_related("type", "sector", "parent")


# --- Lines ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the directory. Phone and mail are empty where the reader may not know them."""

    code: str
    unit: str
    above: str
    office: str
    person: str
    since: date | None
    phone: str
    email: str
    office_phone: str
    address: str

    def cells(self) -> list[str]:
        """The line as cells of a sheet."""
        since = self.since.isoformat() if self.since else ""
        return [
            *(self.code, self.unit, self.above, self.office, self.person, since),
            *(self.phone, self.email, self.office_phone, self.address),
        ]


def heads() -> list[str]:
    """The heads of the columns of `Line.cells`."""
    return [
        *(_("Code"), _("Unit"), _("Belongs to"), _("Post or seat"), _("Person"), _("In office since")),
        *(_("Phone"), _("E-mail"), _("Office phone"), _("Address")),
    ]


def lines(selection: Selection, user: User) -> Iterator[Line]:
    """The directory of a selection: the units by their place in the tree, then the persons found."""
    yield from _of_units(selection, user)
    if selection.person_ids is not None:
        persons = in_order(selection.person_ids.ids, Person.objects.all())
        for entry in people.known(persons, user):
            yield from _of_person(entry)


def count(selection: Selection) -> int:
    """How many lines there will be at least; each unit has one or two."""
    if selection.unit_ids is None or selection.person_ids is None:
        return selection.units.count()
    return len(selection.unit_ids.ids) + len(selection.person_ids.ids)


def _of_units(selection: Selection, user: User) -> Iterator[Line]:
    found = selection.unit_ids
    ids = found.ids if found is not None else list(selection.units.values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        for entry in people.entries(in_order(ids[start : start + CHUNK], unit_rows()), user):
            yield from _of_unit(entry)


def _of_unit(entry: people.Entry) -> Iterator[Line]:
    unit = entry.unit
    if entry.head is not None and entry.group is not None:
        office = _("Head, %(group)s") % {"group": entry.group.name}
        yield _line(unit, office, entry.head.person, entry.head.starts_on, entry.in_scope)
    if entry.leader is None:
        yield _line(unit, str(PostKind.TOP_LEADER.label), None, None, entry.in_scope)
    for tenure in (entry.leader, *entry.liaisons):
        if tenure is not None:
            yield _line(unit, title(tenure), tenure.person, tenure.starts_on, entry.in_scope)


def _of_person(entry: people.Known) -> Iterator[Line]:
    for tenure in entry.posts:
        yield _line(tenure.post.unit, title(tenure), entry.person, tenure.starts_on, entry.may_call)
    for seat in entry.seats:
        office = (_("Head, %(group)s") if seat.is_head else _("Member, %(group)s")) % {"group": seat.group.name}
        yield _line(seat.group.unit, office, entry.person, seat.starts_on, entry.may_call)
    if not entry.posts and not entry.seats:
        number = entry.person.employee_no
        mine = (entry.person.phone, entry.person.email) if entry.may_call else ("", "")
        yield Line("", "", "", _("No office today"), f"{entry.person.name} {number}", None, *mine, "", "")


def title(tenure: Tenure) -> str:
    """The title of a post, and that its holder only acts in it."""
    return _("%(post)s (acting)") % {"post": tenure.post.title} if tenure.acting else tenure.post.title


def _line(unit: Unit, office: str, person: Person | None, since: date | None, may_call: bool) -> Line:
    own = (person.phone, person.email) if person is not None and may_call else ("", "")
    parent = (
        unit.parent.name if unit.parent_id is not None and "parent" in unit._state.fields_cache and unit.parent else ""
    )
    name = person.name if person is not None else _("vacant")
    return Line(unit.code, unit.name, parent, office, name, since, *own, unit.office_phone, unit.address)
