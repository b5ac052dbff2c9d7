"""Seats in leading groups: what a sheet says against what the portal has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from portal.organisation.importing.plan import SeatPlan
from portal.organisation.rules import Sitting, make_room


class Clash(NamedTuple):
    """A seat that cannot be given, and who sits there."""

    seat: SeatPlan
    other: Sitting


@dataclass
class Seating:
    """What must be written so that everybody sits where the sheet says."""

    create: list[SeatPlan] = field(default_factory=list)
    end: dict[int, date] = field(default_factory=dict)
    drop: set[int] = field(default_factory=set)
    unchanged: int = 0
    clashes: list[Clash] = field(default_factory=list)


def settle(seats: Iterable[SeatPlan], stored: Mapping[str, Sequence[Sitting]], today: date) -> Seating:
    """Compare the seats that are not over with the sittings of each group (by the code of its unit).

    Who sits there already stays, and a last day of the sheet shortens the time; a predecessor sits until the day before,
    or is replaced if that began today. What begins later, or what another row says, is a clash.
    """
    found = Seating()
    groups = {unit: list(sittings) for unit, sittings in stored.items()}
    ahead = [seat for seat in seats if seat.ends_on is None or seat.ends_on >= today]
    # Heads first: the head is no member besides.
    ordered = sorted(ahead, key=lambda seat: (not seat.is_head, seat.starts_on, seat.row))
    left = [seat for seat in ordered if not _sits(seat, groups.setdefault(seat.unit, []), today, found)]
    for seat in left:
        if not _sits(seat, groups[seat.unit], today, found):
            _seat(seat, groups[seat.unit], today, found)
    return found


def _sits(seat: SeatPlan, group: list[Sitting], today: date, found: Seating) -> bool:
    """Whether the person sits there already; then the row of the sheet stands for what is stored."""
    starts_on = max(seat.starts_on, today)
    for index, other in enumerate(group):
        same = other.person == seat.employee_no and (other.is_head or not seat.is_head)
        if same and other.meets(starts_on, seat.ends_on):
            ends_on = other.ends_on
            if seat.ends_on is not None and other.pk and (ends_on is None or ends_on > seat.ends_on):
                found.end[other.pk] = ends_on = seat.ends_on
            else:
                found.unchanged += 1
            group[index] = other._replace(row=seat.row, ends_on=ends_on)
            return True
    return False


def _seat(seat: SeatPlan, group: list[Sitting], today: date, found: Seating) -> None:
    """Give the seat: from the day of the sheet where nobody sat there since, else from today."""
    in_the_way = [other for other in group if other.is_in_the_way_of(seat.employee_no, is_head=seat.is_head)]
    starts_on = max(seat.starts_on, today)
    if not any(other.meets(seat.starts_on, seat.ends_on) for other in in_the_way):
        starts_on = seat.starts_on
    met = [other for other in in_the_way if other.meets(starts_on, seat.ends_on)]
    room = make_room(met, starts_on, today)
    if room.blocked_by is not None:
        found.clashes.append(Clash(seat, room.blocked_by))
        return
    found.end |= room.end
    found.drop |= room.drop
    for other in met:
        group.remove(other)
        if other.pk in room.end:
            group.append(other._replace(ends_on=room.end[other.pk]))
    found.create.append(seat._replace(starts_on=starts_on))
    group.append(Sitting(0, seat.employee_no, seat.employee_no, seat.is_head, starts_on, seat.ends_on, row=seat.row))
