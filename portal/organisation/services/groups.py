"""Leading groups: make one at a unit, seat and unseat its head and members."""

from datetime import date

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation import policies
from portal.organisation.errors import GroupExists, HeldNext, SeatedAlready, SeatEnded, SeatHeld
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Unit
from portal.organisation.rules import Room, Sitting, make_room
from portal.organisation.services.guards import require_another, require_days, require_in_force
from portal.organisation.tree import hold_still
from portal.organisation.wording import period
from portal.web.errors import NotAllowed
from portal.workdays import clock


@transaction.atomic
def make_group(by: User, *, unit: Unit, name_en: str, name_zh: str) -> LeadingGroup:
    """Make the leading group of a unit; either name may be empty. Raises GroupExists, UnitDissolved, NotAllowed."""
    hold_still()
    locked = Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    if not policies.may_edit_group(by, locked):
        raise NotAllowed
    require_in_force(locked)
    if LeadingGroup.objects.filter(unit=locked).exists():
        raise GroupExists
    names = {"name_en": name_en or name_zh, "name_zh": name_zh or name_en}
    group = LeadingGroup.objects.create(unit=locked, **names)
    audit.record(by, "group.made", group, path=str(locked.path), data=names)
    return group


@transaction.atomic
def seat(
    by: User, *, group: LeadingGroup, person: Person, is_head: bool, starts_on: date, ends_on: date | None = None
) -> GroupMembership:
    """Make a person head or member of a leading group.

    A head who is in office sits until the day before; one who began today is replaced. A member who becomes the head
    is a member until the day before.

    Raises SeatHeld (naming who heads it then), SeatedAlready, OwnAppointment, UnitDissolved, EndsBeforeStart,
    DayOutOfReach, NotAllowed.
    """
    locked = _locked(group.pk)
    if not policies.may_edit_group(by, locked.unit):
        raise NotAllowed
    require_another(by, person)
    require_days(starts_on, ends_on)
    require_in_force(locked.unit)
    number = person.employee_no
    met = [s for s in sittings(locked) if s.meets(starts_on, ends_on) and s.is_in_the_way_of(number, is_head=is_head)]
    room = make_room(met, starts_on, clock.today())
    own = next((s for s in met if s.person == number and (s.is_head or not is_head)), None)
    if own is not None:
        raise SeatedAlready(person=person.name, period=period(own.starts_on, own.ends_on))
    if room.blocked_by is not None:
        raise SeatHeld(holder=room.blocked_by.name, period=period(room.blocked_by.starts_on, room.blocked_by.ends_on))
    clear(room)
    made = GroupMembership.objects.create(
        group=locked, person=person, is_head=is_head, starts_on=starts_on, ends_on=ends_on
    )
    data = {"person": number, "head": is_head, "starts_on": starts_on}
    audit.record(by, "membership.begun", made, path=str(locked.unit.path), data=data)
    return made


@transaction.atomic
def unseat(by: User, membership_id: int, *, ends_on: date) -> GroupMembership:
    """End a person's time in a leading group on its last day.

    Raises SeatEnded, HeldNext (naming who follows), OwnAppointment for more time of one's own, EndsBeforeStart,
    DayOutOfReach, NotAllowed.
    """
    group = _locked(GroupMembership.objects.values_list("group_id", flat=True).get(pk=membership_id))
    held = GroupMembership.objects.select_related("person").select_for_update(of=("self",)).get(pk=membership_id)
    if not policies.may_edit_group(by, group.unit):
        raise NotAllowed
    if held.ends_on is not None and held.ends_on < clock.today():
        raise SeatEnded
    if held.ends_on is not None and ends_on > held.ends_on:
        require_another(by, held.person)
    require_days(held.starts_on, ends_on)
    number = held.person.employee_no
    for other in sittings(group):
        in_the_way = other.is_in_the_way_of(number, is_head=held.is_head) and other.meets(held.starts_on, ends_on)
        if other.pk != held.pk and in_the_way:
            raise HeldNext(holder=other.name, period=period(other.starts_on, other.ends_on))
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])
    data = {"person": number, "head": held.is_head, "ends_on": ends_on}
    audit.record(by, "membership.ended", held, path=str(group.unit.path), data=data)
    return held


def sittings(group: LeadingGroup) -> list[Sitting]:
    """Everybody's days in a group, past ones too."""
    rows = group.memberships.select_related("person").order_by("starts_on")
    return [Sitting(m.pk, m.person.employee_no, m.person.name, m.is_head, m.starts_on, m.ends_on) for m in rows]


def clear(room: Room) -> None:
    """End and remove what is in the way of a new sitting; the group must be locked."""
    for pk, ends_on in room.end.items():
        GroupMembership.objects.filter(pk=pk).update(ends_on=ends_on)
    # The history of changes keeps what never took effect.
    GroupMembership.objects.filter(pk__in=room.drop).delete()


def _locked(group_id: int) -> LeadingGroup:
    """The group, locked: whoever changes who sits in it takes turns."""
    hold_still()
    return LeadingGroup.objects.select_related("unit").select_for_update(of=("self",), no_key=True).get(pk=group_id)
