"""A unit gets another one above it, and takes all that lies below it along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.accounts.models import User
from portal.organisation import policies
from portal.organisation.change_errors import BelowItself, SamePlace
from portal.organisation.change_models import ChangeKind, PartKind, UnitChange
from portal.organisation.models import Unit
from portal.organisation.services.changes.base import Change, Part, Written, lies_below, require_below_another
from portal.organisation.services.guards import require_in_force
from portal.organisation.touched import Moved, Scope
from portal.organisation.tree import derive_paths
from portal.web.errors import NotAllowed
from portal.web.i18n import both


@dataclass(frozen=True, kw_only=True)
class Move(Change):
    """A new unit above. Raises BelowItself, SamePlace, TopOfTree, UnitDissolved."""

    kind: ClassVar[ChangeKind] = ChangeKind.MOVE
    parent_id: int

    @classmethod
    def own_values(cls, change: UnitChange) -> dict[str, Any]:
        """The new unit above."""
        return {"parent_id": change.values["parent"]}

    def values(self) -> dict[str, Any]:
        """`parent`: the id of the new unit above."""
        return {"parent": self.parent_id}

    def parts(self) -> Sequence[Part]:
        """The new unit above."""
        return [(self.parent_id, PartKind.PARENT_AFTER)]

    def require_allowed(self, by: User, units: Mapping[int, Unit]) -> None:
        """Who coordinates both places. Raises NotAllowed."""
        super().require_allowed(by, units)
        if not policies.may_take_in(by, units[self.parent_id]):
            raise NotAllowed

    def require_possible(self, units: Mapping[int, Unit]) -> None:
        """The new place is another one, in force, and not below the unit itself."""
        unit, parent = units[self.unit_id], units[self.parent_id]
        require_below_another(unit)
        if lies_below(parent.path, unit.path):
            raise BelowItself(unit=parent.name)
        require_in_force(parent)
        if unit.parent_id == parent.pk:
            raise SamePlace(unit=parent.name)

    def moved_ids(self) -> list[int]:
        """The unit."""
        return [self.unit_id]

    def scope(self, units: Mapping[int, Unit]) -> Scope:
        """The unit and all below it lie elsewhere."""
        moved = Moved(units[self.unit_id], str(units[self.parent_id].path))
        return Scope(self.kind, units[self.unit_id], self.effective_on, moved=[moved])

    def write(self, units: Mapping[int, Unit]) -> Written:
        """Write the parent; every path below follows from it, and grants with the paths, in two statements."""
        unit, parent = units[self.unit_id], units[self.parent_id]
        assert unit.parent is not None, "the top of the tree is not moved"
        before = unit.parent
        unit.parent = parent
        unit.save(update_fields=["parent"])
        derive_paths()
        parts = [(before.pk, PartKind.PARENT_BEFORE)]
        return Written({"parent": both(before)}, {"parent": both(parent)}, parts)
