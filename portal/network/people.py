"""Who leads, who is the liaison and whom to call, for any number of units or persons in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from portal.accounts.models import User
from portal.network import offices, policies, scope
from portal.organisation.models import GroupMembership, LeadingGroup, Person, PostKind, Tenure, Unit
from portal.workdays import clock


@dataclass
class Entry:
    """A unit as the directory shows it."""

    unit: Unit
    in_scope: bool
    below: int = 0
    leader: Tenure | None = None
    liaisons: list[Tenure] = field(default_factory=list)
    group: LeadingGroup | None = None
    head: GroupMembership | None = None


def leaders(units: Sequence[Unit], user: User) -> list[Entry]:
    """The units with leader and liaisons alone, for what a search finds; one query."""
    found = {unit.pk: Entry(unit, policies.in_scope(user, str(unit.path))) for unit in units}
    for tenure in offices.at(list(found)):
        entry = found[tenure.post.unit_id]
        if tenure.post.kind == PostKind.TOP_LEADER:
            entry.leader = tenure
        else:
            entry.liaisons.append(tenure)
    return list(found.values())


def entries(units: Sequence[Unit], user: User) -> list[Entry]:
    """The units with leader, liaisons, leading group and the number of units directly below; four queries."""
    found = {entry.unit.pk: entry for entry in leaders(units, user)}
    below = Unit.objects.active().filter(parent__in=found).order_by().values("parent").annotate(count=Count("pk"))
    for row in below:
        found[row["parent"] or 0].below = row["count"]
    for group in LeadingGroup.objects.filter(unit__in=found).order_by():
        found[group.unit_id].group = group
    heads = GroupMembership.objects.heads().on(clock.today()).filter(group__unit__in=found)
    for seat in heads.select_related("person", "group").order_by():
        found[seat.group.unit_id].head = seat
    return list(found.values())


@dataclass
class Known:
    """A person as the directory shows one: the offices that the reader may know of, and whether phone and mail are shown."""

    person: Person
    posts: list[Tenure] = field(default_factory=list)
    seats: list[GroupMembership] = field(default_factory=list)
    may_open: bool = False
    may_call: bool = False


def known(persons: Sequence[Person], user: User) -> list[Known]:
    """The persons with their present offices; one query, and one more for those elsewhere or without an office."""
    found = {person.pk: Known(person) for person in persons}
    in_office: set[int] = set()
    for office in offices.of(list(found)):
        entry = found[office.person_id]
        unit = office.post.unit if isinstance(office, Tenure) else office.group.unit
        is_mine = policies.in_scope(user, str(unit.path))
        in_office.add(office.person_id)
        entry.may_call |= is_mine
        if isinstance(office, GroupMembership):
            if is_mine or office.is_head:
                entry.seats.append(office)
        elif is_mine or office.post.kind in policies.DIRECTORY:
            entry.posts.append(office)
    # Who may be called is in scope; of the others the past is asked.
    others = [pk for pk, entry in found.items() if not entry.may_call]
    seen = (
        set(Person.objects.filter(scope.visible(user), pk__in=others).values_list("pk", flat=True)) if others else set()
    )
    for pk, entry in found.items():
        entry.may_open = entry.may_call or pk in seen
        # Who holds no office any more is called by those who could when the person did.
        entry.may_call |= pk in seen and pk not in in_office
    return list(found.values())
