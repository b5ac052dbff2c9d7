"""A unit is no more, and nobody goes on in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.organisation.change_models import ChangeKind, UnitChange
from portal.organisation.errors import UnitsBelow
from portal.organisation.models import Unit
from portal.organisation.services.changes.base import Change, Written
from portal.organisation.services.changes.ending import end_units, require_no_later_tenure
from portal.organisation.touched import Scope
from portal.web.i18n import listed

NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Dissolve(Change):
    """The day it takes effect is the unit's last. Raises UnitsBelow (naming them), BeforeTenure."""

    kind: ClassVar[ChangeKind] = ChangeKind.DISSOLVE

    @classmethod
    def own_values(cls, _change: UnitChange) -> dict[str, Any]:
        """None of its own."""
        return {}

    def values(self) -> dict[str, Any]:
        """None of its own."""
        return {}

    def require_possible(self, units: Mapping[int, Unit]) -> None:
        """Nothing lies below it, and nobody took office later."""
        unit = units[self.unit_id]
        below = list(unit.children.active()[: NAMED + 1])
        if below:
            more = ["…"] if len(below) > NAMED else []
            raise UnitsBelow(units=listed([child.name for child in below[:NAMED]] + more))
        require_no_later_tenure([unit], self.effective_on)

    def ended_ids(self) -> list[int]:
        """The unit."""
        return [self.unit_id]

    def scope(self, units: Mapping[int, Unit]) -> Scope:
        """It ends, without an heir."""
        return Scope(self.kind, units[self.unit_id], self.effective_on, ended=[self.unit_id])

    def write(self, units: Mapping[int, Unit]) -> Written:
        """It ends, and with it who is in office there."""
        end_units([units[self.unit_id]], on=self.effective_on, last_day=self.effective_on, reason=self.reason)
        return Written({}, {})
