"""Loading what the rules need to know of many duties: a fixed number of queries, however many duties."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from portal.obligations import rules
from portal.obligations.choices import Action, DecisionKind
from portal.obligations.models import Decision, Obligation, Rung, Step
from portal.organisation.models import Tenure
from portal.web.lookups import array_of
from portal.workdays.rules import Calendar


class DutyRow(NamedTuple):
    """The columns of a duty that the clock reads; a tuple, because the clock reads thousands."""

    id: int
    kind: str
    unit_id: int
    ladder_id: int
    label_en: str
    label_zh: str
    year: int
    opened_on: date
    original_due_on: date
    due_on: date
    tenure_id: int | None
    vacant_since: date | None
    suspended_since: date | None
    next_step_on: date | None
    anchor_on: date | None = None
    anchor_days: int | None = None


def rows(duties: QuerySet[Obligation]) -> list[DutyRow]:
    """The duties of a queryset as rows."""
    return [DutyRow(*row) for row in duties.values_list(*DutyRow._fields)]


class Knowledge(NamedTuple):
    """What is known of a batch of duties: the facts of each by id, and the ladders by id."""

    facts: Mapping[int, rules.Facts]
    ladders: Mapping[int, rules.Ladder]


def load(batch: Sequence[DutyRow], calendar: Calendar, ladders: dict[int, rules.Ladder]) -> Knowledge:
    """Facts of a batch in three queries, and one more for ladders not met before (kept in `ladders`)."""
    ids = array_of(row.id for row in batch)
    taken: dict[int, set[int]] = defaultdict(set)
    steps = Step.objects.filter(obligation__any=ids).order_by()
    for obligation_id, rung_id in steps.values_list("obligation_id", "rung_id"):
        taken[obligation_id].add(rung_id)
    extensions, suspensions = _decisions(ids)
    holders = holders_of({row.unit_id for row in batch})
    _add_ladders({row.ladder_id for row in batch} - ladders.keys(), calendar, ladders)
    nothing: frozenset[int] = frozenset()
    facts = {
        row.id: rules.Facts(
            opened_on=row.opened_on,
            original_due_on=first_due_on(row, calendar),
            extensions=extensions.get(row.id, ()),
            suspensions=suspensions.get(row.id, ()),
            holders=holders.get(row.unit_id, ()),
            taken=frozenset(taken[row.id]) if row.id in taken else nothing,
        )
        for row in batch
    }
    return Knowledge(facts, ladders)


def first_due_on(row: DutyRow, calendar: Calendar) -> date:
    """The first due day: as it was given, or counted from its anchor by the calendar as it is now."""
    if row.anchor_on is None or row.anchor_days is None:
        return row.original_due_on
    return calendar.add(row.anchor_on, row.anchor_days)


# Some people write "for ever" as 9999-12-31; no day follows it.
FOR_EVER = date(9999, 1, 1)


def holders_of(unit_ids: Iterable[int]) -> dict[int, list[rules.Holder]]:
    """Who held the top post of each unit, in the order of time."""
    holders: dict[int, list[rules.Holder]] = defaultdict(list)
    tenures = (
        Tenure.objects.top_leaders()
        .filter(post__unit__any=array_of(unit_ids))
        .order_by("starts_on")
        .values_list("post__unit_id", "id", "starts_on", "ends_on")
    )
    for unit_id, tenure_id, starts_on, ends_on in tenures:
        last_day = None if ends_on is not None and ends_on >= FOR_EVER else ends_on
        holders[unit_id].append(rules.Holder(tenure_id, starts_on, last_day))
    return holders


def _decisions(ids: str) -> tuple[dict[int, list[rules.Extension]], dict[int, list[rules.Suspension]]]:
    extensions: dict[int, list[rules.Extension]] = defaultdict(list)
    suspensions: dict[int, list[rules.Suspension]] = defaultdict(list)
    made = Decision.objects.filter(obligation__any=ids).order_by("decided_on", "pk")
    for decision in made:
        if decision.kind == DecisionKind.SUSPENSION and decision.starts_on:
            suspensions[decision.obligation_id].append(rules.Suspension(decision.starts_on, decision.ended_on))
        elif decision.kind == DecisionKind.EXTENSION and decision.granted:
            asked_on, decided_on, due_on = decision.asked_on, decision.decided_on, decision.due_on
            if asked_on and decided_on and due_on:
                extensions[decision.obligation_id].append(rules.Extension(asked_on, decided_on, due_on))
    return extensions, suspensions


def _add_ladders(missing: set[int], calendar: Calendar, ladders: dict[int, rules.Ladder]) -> None:
    if not missing:
        return
    rungs: dict[int, list[rules.RungFact]] = {ladder_id: [] for ladder_id in missing}
    for rung in Rung.objects.filter(ladder_id__in=missing).order_by("ladder_id", "position"):
        rungs[rung.ladder_id].append(rules.RungFact(rung.pk, rung.position, rung.offset, Action(rung.action)))
    ladders.update({ladder_id: rules.Ladder(found, calendar) for ladder_id, found in rungs.items()})
