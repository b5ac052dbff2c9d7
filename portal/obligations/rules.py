"""How the clock reads a ladder: pure decisions on plain values, all counts in working days.

Source: the programme's ladder of reminders, notices, supervision and accountability. A fact dated d is known to runs
dated d or later; a run performs every rung whose day is reached and that was never performed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from portal.obligations.choices import FORMAL, Action
from portal.workdays.rules import Calendar

# A new holder of a post has at least this many working days for what the predecessor left open.
SUCCESSOR_DAYS = 10
ONE_DAY = timedelta(days=1)


class RungFact(NamedTuple):
    """A rung: `offset` is in working days from the due day."""

    id: int
    position: int
    offset: int
    action: Action


class Extension(NamedTuple):
    """A granted request for more time."""

    asked_on: date
    decided_on: date
    due_on: date


class Suspension(NamedTuple):
    """The days from `starts_on` up to, not including, `ends_on`; without an end it lasts."""

    starts_on: date
    ends_on: date | None


class Holder(NamedTuple):
    """A tenure of the unit's top post; `ends_on` is its last day."""

    tenure_id: int
    starts_on: date
    ends_on: date | None


class Facts(NamedTuple):
    """What is known of a duty, whatever the day: extensions, suspensions and holders in the order of their dates."""

    opened_on: date
    original_due_on: date
    extensions: Sequence[Extension] = ()
    suspensions: Sequence[Suspension] = ()
    holders: Sequence[Holder] = ()
    taken: frozenset[int] = frozenset()


class Verdict(NamedTuple):
    """What a run for one day finds about one duty.

    `due_on` is the due day in force; `settled` are reminders overtaken by a newer one; `next_on` is the earliest later
    day on which there will be something to do, as far as is known now.
    """

    due_on: date
    tenure_id: int | None
    take: tuple[RungFact, ...] = ()
    settled: tuple[RungFact, ...] = ()
    next_on: date | None = None
    suspended_since: date | None = None
    vacant_since: date | None = None
    # The last day of the last holder, where the post is vacant and was ever held.
    last_held_on: date | None = None
    stands_still: bool = False


class Reached(NamedTuple):
    """How far a ladder is climbed on a day: rungs reached and not taken, and the day of the next."""

    formal: tuple[RungFact, ...]
    reminders: tuple[RungFact, ...]
    later: date | None


@dataclass(slots=True)
class Ladder:
    """A ladder's rungs and what follows from them: duties share due days, so each is counted once a run."""

    rungs: Sequence[RungFact]
    calendar: Calendar
    _days: dict[date, tuple[date, ...]] = field(default_factory=dict)
    _reached: dict[tuple[date, date, frozenset[int]], Reached] = field(default_factory=dict)

    def days(self, due_on: date) -> tuple[date, ...]:
        """The day of each rung for a duty due on `due_on`."""
        known = self._days.get(due_on)
        if known is None:
            known = self._days[due_on] = tuple(self.calendar.add(due_on, rung.offset) for rung in self.rungs)
        return known

    def reached(self, due_on: date, on: date, taken: frozenset[int]) -> Reached:
        """The rungs reached by `on` and not among `taken`: formal ones in order, reminders the newest last."""
        key = (due_on, on, taken)
        known = self._reached.get(key)
        if known is None:
            open_rungs = [
                (day, rung) for rung, day in zip(self.rungs, self.days(due_on), strict=True) if rung.id not in taken
            ]
            reminders = [(d, r.position, r) for d, r in open_rungs if d <= on and r.action not in FORMAL]
            known = self._reached[key] = Reached(
                tuple(r for d, r in open_rungs if d <= on and r.action in FORMAL),
                tuple(r for _day, _position, r in sorted(reminders)),
                min((d for d, _rung in open_rungs if d > on), default=None),
            )
        return known


def due_in_force(facts: Facts, on: date, calendar: Calendar) -> date:
    """The due day as a run for `on` knows it: the first one, moved by every event up to that day, in their order."""
    if not facts.extensions and not facts.suspensions and len(facts.holders) == 1:
        holder = facts.holders[0]
        if holder.starts_on <= facts.opened_on:
            return facts.original_due_on
    due = facts.original_due_on
    for _day, _order, move in sorted(_events(facts, on, calendar), key=lambda event: event[:2]):
        due = move(due)
    return due


Move = Callable[[date], date]


def _events(facts: Facts, on: date, calendar: Calendar) -> Iterable[tuple[date, int, Move]]:
    """Each event that is known on `on` and moves the due day: its day, its turn within the day, and the move."""
    for extension in facts.extensions:
        if extension.decided_on <= on and was_asked_in_time(facts, extension, calendar):
            yield extension.decided_on, 0, partial(_replaced, by=extension.due_on)
    for ended_on, days in _resumptions(facts.suspensions, on, calendar):
        yield ended_on, 1, partial(calendar.add, count=days)
    for vacant_since, begins_on in _successions(facts):
        if begins_on <= on:
            yield begins_on, 2, partial(_given_time, since=vacant_since, until=begins_on, calendar=calendar)


def was_asked_in_time(facts: Facts, extension: Extension, calendar: Calendar) -> bool:
    """An extension counts if it was asked for before the due day then in force."""
    earlier = tuple(e for e in facts.extensions if e.decided_on < extension.decided_on)
    before = Facts(facts.opened_on, facts.original_due_on, earlier, facts.suspensions, facts.holders)
    return extension.asked_on < due_in_force(before, extension.asked_on, calendar)


def _replaced(_due: date, *, by: date) -> date:
    return by


def _resumptions(suspensions: Sequence[Suspension], on: date, calendar: Calendar) -> Iterable[tuple[date, int]]:
    """Each resumption up to `on` with the working days it adds; days in two suspensions are counted once."""
    covered_to = date.min
    ended = [(s.starts_on, s.ends_on) for s in suspensions if s.ends_on is not None and s.ends_on <= on]
    for starts_on, ends_on in sorted(ended):
        begins = max(starts_on, covered_to)
        if ends_on > begins:
            yield ends_on, calendar.between(begins, ends_on)
            covered_to = ends_on


def _successions(facts: Facts) -> Iterable[tuple[date, date]]:
    """Each change of holder in the duty's life: the first day without the predecessor, the successor's first day."""
    vacant_since = facts.opened_on
    for holder in facts.holders:
        if holder.starts_on > facts.opened_on:
            yield vacant_since, holder.starts_on
        if holder.ends_on is None:
            return
        vacant_since = max(holder.ends_on + ONE_DAY, facts.opened_on)


def _given_time(due: date, *, since: date, until: date, calendar: Calendar) -> date:
    """A due day that fell in the predecessor's time stays; a later one leaves the successor ten working days."""
    return due if due < since else max(due, calendar.add(until, SUCCESSOR_DAYS))


def holder_on(holders: Sequence[Holder], day: date) -> Holder | None:
    """Who is in office on `day`."""
    for holder in holders:
        if holder.starts_on <= day and (holder.ends_on is None or day <= holder.ends_on):
            return holder
    return None


def vacant_from(facts: Facts, on: date) -> date | None:
    """The first day of the vacancy that `on` lies in; None when somebody is in office."""
    if holder_on(facts.holders, on) is not None:
        return None
    held = last_held(facts.holders, on)
    return held + ONE_DAY if held else facts.opened_on


def last_held(holders: Sequence[Holder], on: date) -> date | None:
    """The last day before `on` on which the post was held; None when it never was."""
    return max((h.ends_on for h in holders if h.ends_on is not None and h.ends_on < on), default=None)


def suspended_from(suspensions: Sequence[Suspension], on: date) -> Suspension | None:
    """The suspension that `on` lies in; of several, the one that lasts longest."""
    if not suspensions:
        return None
    inside = [s for s in suspensions if s.starts_on <= on and (s.ends_on is None or on < s.ends_on)]
    return max(inside, key=lambda s: s.ends_on or date.max, default=None)


def assess(facts: Facts, ladder: Ladder, on: date) -> Verdict:
    """What a run for `on` does about a duty that is still owed."""
    due = due_in_force(facts, on, ladder.calendar)
    answers = answerable(facts.holders, due, on)
    suspension = suspended_from(facts.suspensions, on)
    if suspension is not None:
        return Verdict(
            due, answers, next_on=suspension.ends_on, suspended_since=suspension.starts_on, stands_still=True
        )
    vacant_since = vacant_from(facts, on)
    if vacant_since is not None and due >= vacant_since:
        begins = min((h.starts_on for h in facts.holders if h.starts_on > on), default=None)
        held = last_held(facts.holders, on)
        return Verdict(due, None, next_on=begins, vacant_since=vacant_since, last_held_on=held, stands_still=True)
    return _climb(facts, ladder, on, due, answers, vacant_since)


def answerable(holders: Sequence[Holder], due_on: date, on: date) -> int | None:
    """The tenure that answers: in office on the due day once it has come, until then whoever is in office."""
    holder = holder_on(holders, min(due_on, on))
    return holder.tenure_id if holder else None


def _climb(
    facts: Facts, ladder: Ladder, on: date, due: date, answers: int | None, vacant_since: date | None
) -> Verdict:
    """Every formal rung reached, in order, and the newest reminder; in a vacancy after the due day formal rungs only."""
    formal, reminders, later = ladder.reached(due, on, facts.taken)
    if vacant_since is not None:
        reminders = ()
    return Verdict(
        due,
        answers,
        take=reminders[-1:] + formal,
        settled=reminders[:-1],
        next_on=_earliest(facts, on, later),
        vacant_since=vacant_since,
        last_held_on=last_held(facts.holders, on) if vacant_since is not None else None,
    )


def _earliest(facts: Facts, on: date, rung_day: date | None) -> date | None:
    """The earliest day after `on` with a rung, a resumption, or a change in who holds the post."""
    days = [rung_day] if rung_day else []
    days += [s.ends_on for s in facts.suspensions if s.ends_on is not None and s.ends_on > on]
    for holder in facts.holders:
        if holder.starts_on > on:
            days.append(holder.starts_on)
        if holder.ends_on is not None and holder.ends_on >= on:
            days.append(holder.ends_on + ONE_DAY)
    return min(days, default=None)
