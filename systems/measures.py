"""The figures of systems about units: percent by unit id, units without any are left out; one query each."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q

from portal.obligations.measures import in_time_rate
from portal.organisation.models import Unit
from portal.web.lookups import array_of
from systems.models import Power, PowerMeasure, Requirement, UnitSystem
from systems.services.findings import DUTY as RECTIFICATION

_COVERAGE = """
    SELECT unit.id, count(*), count(there.id)
    FROM systems_requirement requirement
    JOIN systems_requirement_types kind ON kind.requirement_id = requirement.id
    JOIN organisation_unit unit ON unit.type_id = kind.unittype_id
    LEFT JOIN systems_unitsystem there ON there.unit_id = unit.id AND there.category_id = requirement.system_id
        AND there.state IN ('in_force', 'under_revision') AND there.review_due_on >= %s
    WHERE requirement.id = ANY(%s) AND unit.id = ANY(%s)
    GROUP BY unit.id
"""


def _rates(rows: Any) -> dict[int, float]:
    return {unit_id: 100 * done / n for unit_id, n, done in rows if n}


def coverage_rate(unit_ids: Sequence[int], today: date) -> dict[int, float]:
    """The share of a unit's required systems that are in force and whose review is not overdue."""
    requirements = list(Requirement.objects.in_force(today.year).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, [today, requirements, list(unit_ids)])
        return _rates(cursor.fetchall())


def power_coverage_rate(unit_ids: Sequence[int]) -> dict[int, float]:
    """The share of a unit's powers that a measure takes effect on."""
    effective = PowerMeasure.objects.effective().filter(power=OuterRef("pk"))
    powers = Power.objects.live().filter(unit__any=array_of(unit_ids)).order_by()
    counted = powers.values("unit_id").annotate(n=Count("pk"), done=Count("pk", filter=Q(Exists(effective))))
    return _rates(counted.values_list("unit_id", "n", "done"))


def rectified_in_time_rate(unit_ids: list[int], year: int) -> dict[int, float]:
    """The share of a year's rectifications that were handed in by their day."""
    return in_time_rate(unit_ids, year, RECTIFICATION)


def village_accounts_rate(unit_ids: Sequence[int], today: date) -> dict[int, float]:
    """Of the villages and communities directly below a township, how many have their accounts kept by it, in force."""
    kept = UnitSystem.objects.in_force().filter(
        unit=OuterRef("children__pk"), category__code="village_accounts", review_due_on__gte=today
    )
    below = Q(children__dissolved_on__isnull=True, children__type__code__in=("village", "community"))
    rows = (
        Unit.objects.filter(pk__in=unit_ids)
        .order_by()
        .annotate(village=F("children__pk"), is_kept=Exists(kept))
        .filter(below)
        .values("pk")
        .annotate(n=Count("village"), done=Count("village", filter=Q(is_kept=True)))
    )
    return _rates(rows.values_list("pk", "n", "done"))
