"""The coverage read by power: how many powers of a field are watched over, by type of unit."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from portal.organisation.models import UnitType
from systems.coverage import Scope
from systems.models import Power, PowerArea, PowerMeasure


class Held(NamedTuple):
    """Powers of a field in units of a type: how many, and how many without an effective measure."""

    total: int
    bare: int


class Table(NamedTuple):
    """Fields by types of unit."""

    types: list[UnitType]
    rows: list[tuple[str, str, list[Held | None]]]


def _seen(scope: Scope) -> Q:
    condition = Q(pk__in=())
    for path in scope.trees:
        condition |= Q(unit__path__descendants=path)
    condition |= Q(unit__path__in=scope.units)
    return condition & Q(unit__path__descendants=scope.part) if scope.part else condition


def by_type(scope: Scope) -> Table:
    """Two queries, whatever the number of units."""
    effective = PowerMeasure.objects.effective().filter(power=OuterRef("pk"))
    powers = Power.objects.live().filter(_seen(scope), unit__dissolved_on__isnull=True).order_by()
    counted: Any = powers.values("area", "unit__type_id").annotate(
        n=Count("pk"), bare=Count("pk", filter=~Q(Exists(effective)))
    )
    found: dict[str, dict[int, Held]] = defaultdict(dict)
    for row in counted:
        found[row["area"]][row["unit__type_id"]] = Held(row["n"], row["bare"])
    types = list(UnitType.objects.filter(pk__in={type_id for cells in found.values() for type_id in cells}))
    return Table(
        types,
        [
            (area, str(label), [found[area].get(kind.pk) for kind in types])
            for area, label in PowerArea.choices
            if area in found
        ],
    )
