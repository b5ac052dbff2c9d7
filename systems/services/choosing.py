"""Which units a round of inspections looks at: by cycle, by sample, by risk; in a fixed number of queries."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _t

from portal.accounts import scopes
from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.web.dates import full_day
from portal.web.i18n import listed
from systems import policies
from systems.models import BlankArea, Finding, Gravity, Inspection, InspectionState, Power, Rectification, Selection
from systems.models.rectification import OWED
from systems.power_rules import Grade

# A risk weighs so much; the sum orders the units and is told as the reason.
WEIGHTS = {"blank": 2, "power": 3, "serious": 4, "finding": 1, "late": 2}


class Chosen(NamedTuple):
    """A unit and why it is looked at."""

    unit: Unit
    reason: str


def candidates(by: User, path: str, type_ids: Sequence[int] = ()) -> "QuerySet[Unit]":
    """The units below a path that a person may inspect and where nothing is planned or under way."""
    own = [a.path for a in by.standing.assignments if a.role in policies.OF_THE_UNIT]
    units = Unit.objects.active().under(path).filter(scopes.q(by, "path", policies.INSPECTORS))
    if type_ids:
        units = units.filter(type__in=type_ids)
    busy = Inspection.objects.live().values("unit_id")
    return units.exclude(path__in=own).exclude(pk__in=busy)


def choose(
    by: User, selection: Selection, *, path: str, size: int, seed: int = 0, type_ids: Sequence[int] = ()
) -> list[Chosen]:
    """The units of a round, with the reason of each. A sample drawn again with its seed gives the same units."""
    units: Any = candidates(by, path, type_ids)
    if selection == Selection.SAMPLE:
        ids = list(units.order_by("pk").values_list("pk", flat=True))
        drawn = random.Random(seed).sample(ids, min(size, len(ids)))  # noqa: S311 - a sample that can be drawn again
        reason = _t("Drawn at random out of %(count)s units, seed %(seed)s.") % {"count": len(ids), "seed": seed}
        return [Chosen(unit, reason) for unit in units.filter(pk__in=drawn).order_by("path")]
    return _by_cycle(units, size) if selection == Selection.CYCLE else _by_risk(units, size)


def _by_cycle(units: Any, size: int) -> list[Chosen]:
    """Who was never inspected first, then who was the longest time ago."""
    done = Inspection.objects.filter(unit=OuterRef("pk"), state=InspectionState.COMPLETED).order_by().values("unit")
    last = Subquery(done.annotate(last=Max("completed_on")).values("last"))
    found = units.annotate(last=last).order_by(Coalesce("last", Value(date.min)), "path")[:size]
    return [
        Chosen(
            unit,
            _t("Last inspected on %(day)s.") % {"day": full_day(unit.last)} if unit.last else _t("Never inspected."),
        )
        for unit in found
    ]


def _count(rows: Any) -> Any:
    return Coalesce(Subquery(rows.order_by().values("unit").annotate(n=Count("pk")).values("n")), 0)


def _by_risk(units: Any, size: int) -> list[Chosen]:
    """The most exposed first: blank areas, powers of high risk, findings, rectifications that are owed."""
    here = {"unit": OuterRef("pk")}
    owed = Rectification.objects.filter(state__in=OWED, finding__unit=OuterRef("pk")).order_by().values("finding__unit")
    counted = units.annotate(
        blank=_count(BlankArea.objects.open().filter(**here)),
        power=_count(Power.objects.live().filter(score__gte=Grade.HIGH.value, **here)),
        serious=_count(Finding.objects.filter(gravity=Gravity.SERIOUS, **here)),
        finding=_count(Finding.objects.filter(~Q(gravity=Gravity.SERIOUS), **here)),
        late=Coalesce(Subquery(owed.annotate(n=Count("pk")).values("n")), 0),
    )
    rows = sorted(counted, key=lambda unit: (-_risk(unit), str(unit.path)))[:size]
    return [Chosen(unit, _told(unit)) for unit in rows]


def _risk(unit: Any) -> int:
    return sum(weight * getattr(unit, name) for name, weight in WEIGHTS.items())


def _told(unit: Any) -> str:
    """The figures of which the risk is made."""
    figures = {
        _t("blank areas"): unit.blank,
        _t("powers of high risk"): unit.power,
        _t("serious findings"): unit.serious,
        _t("other findings"): unit.finding,
        _t("rectifications owed"): unit.late,
    }
    told = listed(f"{name} {count}" for name, count in figures.items() if count)
    if not told:
        return _t("No risk is on record; it fills the round.")
    return _t("Risk %(sum)s: %(figures)s.") % {"sum": _risk(unit), "figures": told}
