"""The organisation chart: a unit and two levels below it, in a fixed number of queries."""

from dataclasses import dataclass, field

from django.db.models import F, Func, IntegerField

from portal.accounts.models import User
from portal.network import people
from portal.organisation.models import Unit

LEVELS = 3
# A chart of more boxes than this is read by nobody; what is left out is counted in its place.
BOXES_MAX = 300


@dataclass
class Box:
    """A unit of the chart, and the boxes below it. `more` counts those that are not drawn."""

    entry: people.Entry
    boxes: list["Box"] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many units directly below have no box."""
        return self.entry.below - len(self.boxes)


def tree(unit: Unit, user: User) -> Box:
    """The chart below a unit. The upper levels come first when there are more boxes than are drawn."""
    depth = Func(F("path"), function="NLEVEL", output_field=IntegerField())
    last = len(unit.path) + LEVELS - 1
    below = Unit.objects.active().under(str(unit.path)).exclude(pk=unit.pk).annotate(depth=depth)
    near = below.filter(depth__lte=last).select_related("type", "sector").order_by("depth", "path")
    entries = people.entries([unit, *near[:BOXES_MAX]], user)
    boxes = {entry.unit.pk: Box(entry) for entry in entries}
    for entry in entries[1:]:
        above = boxes.get(entry.unit.parent_id or 0)
        if above is not None:
            above.boxes.append(boxes[entry.unit.pk])
    return boxes[unit.pk]
