"""Decisions about cases on plain values: limits, the order of stages, what makes a case a major one. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from cases.clue_rules import add_months

ORDER = (
    *("clue", "verified", "filed", "coercive", "investigated", "transferred", "indicted", "judged", "effective"),
    "executed",
)
# Township or section chief and everybody above, by the order of the catalogue of ranks.
MAJOR_RANK_ORDER = 4


class Limit(NamedTuple):
    """From one stage to another the law gives so long."""

    from_stage: str
    to_stage: str
    months: int
    days: int


class Longer(NamedTuple):
    """By so much a limit was made longer."""

    months: int
    days: int


class Pause(NamedTuple):
    """A proceeding stood still from a day on, until another (not included); None: it still does."""

    starts_on: date
    ends_on: date | None


def due_on(limit: Limit, begun_on: date, longer: Sequence[Longer], pauses: Sequence[Pause]) -> date:
    """The last day of a limit: months and days after its beginning, and as many days more as the proceeding stood still."""
    day = add_months(begun_on, limit.months + sum(each.months for each in longer))
    day += timedelta(days=limit.days + sum(each.days for each in longer))
    for pause in sorted(pauses):
        if pause.ends_on is not None and begun_on <= pause.starts_on <= day:
            day += pause.ends_on - pause.starts_on
    return day


def running(limits: Sequence[Limit], reached: Mapping[str, date]) -> Limit | None:
    """The limit that runs: begun, not ended, and nothing later has been reached. The latest one, where there are several."""
    last = max((ORDER.index(stage) for stage in reached), default=-1)
    found = [limit for limit in limits if limit.from_stage in reached and ORDER.index(limit.to_stage) > last]
    return max(found, key=lambda limit: ORDER.index(limit.from_stage), default=None)


def out_of_order(stage: str, on: date, reached: Mapping[str, date]) -> str | None:
    """The stage with whose day a new milestone would be out of order: an earlier one later, or a later one earlier."""
    place = ORDER.index(stage)
    for other, day in reached.items():
        before = ORDER.index(other) < place
        if (before and day > on) or (not before and day < on):
            return other
    return None


def is_major_by_amount(amount: Decimal | None, tiers: Sequence[Decimal | None]) -> bool:
    """Whether an amount reaches the highest tier that the law has for the offence; one tier alone is no highest one."""
    known = [tier for tier in tiers if tier is not None]
    return amount is not None and len(known) > 1 and amount >= max(known)


def is_major_by_rank(rank_order: int) -> bool:
    """Whether a rank makes a case a major one."""
    return rank_order <= MAJOR_RANK_ORDER
