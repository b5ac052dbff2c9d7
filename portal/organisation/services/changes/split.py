"""A unit gives rise to new ones, and goes on or ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from portal.accounts.models import User
from portal.organisation import policies
from portal.organisation.change_errors import ChildrenLeft, CodeTaken, TooFewParts
from portal.organisation.change_models import ChangeKind, PartKind, UnitChange
from portal.organisation.models import Unit
from portal.organisation.services.changes.base import Change, Part, Written, require_below_another
from portal.organisation.services.changes.ending import end_units, require_no_later_tenure
from portal.organisation.services.changes.making import NewUnit, make, require_code_free
from portal.organisation.touched import Heir, Moved, Scope
from portal.organisation.tree import derive_paths
from portal.web.errors import NotAllowed
from portal.web.i18n import is_chinese, listed

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Split(Change):
    """New units beside the unit, each with those of its units that go there; the unit `ends` or goes on.

    Raises TooFewParts, ChildrenLeft (naming them), CodeTaken, BeforeTenure, TopOfTree.
    """

    kind: ClassVar[ChangeKind] = ChangeKind.SPLIT
    new: tuple[NewUnit, ...]
    ends: bool = False

    @classmethod
    def own_values(cls, change: UnitChange) -> dict[str, Any]:
        """What is made, and whether the unit ends."""
        return {"new": tuple(NewUnit.read(new) for new in change.values["new"]), "ends": change.values["ends"]}

    def values(self) -> dict[str, Any]:
        """`new`: the values of each new unit; `ends`."""
        return {"new": [new.values() for new in self.new], "ends": self.ends}

    def require_allowed(self, by: User, units: Mapping[int, Unit]) -> None:
        """Who coordinates the place beside the unit. Raises NotAllowed."""
        super().require_allowed(by, units)
        above = units[self.unit_id].parent
        if above is not None and not policies.may_take_in(by, above):
            raise NotAllowed

    def require_possible(self, units: Mapping[int, Unit]) -> None:
        """Enough new units, their codes free, and nothing left below a unit that ends."""
        unit = units[self.unit_id]
        require_below_another(unit)
        if len(self.new) < (2 if self.ends else 1):
            raise TooFewParts
        for number, new in enumerate(self.new, start=1):
            require_code_free(new, f"new{number}_code")
            if new.code in {other.code for other in self.new[: number - 1]}:
                raise CodeTaken(field=f"new{number}_code", code=new.code)
        if self.ends:
            placed = {pk for new in self.new for pk in new.children}
            left = [child.name for child in unit.children.active() if child.pk not in placed]
            if left:
                raise ChildrenLeft(units=listed(left))
            require_no_later_tenure([unit], self.effective_on - ONE_DAY)

    def ended_ids(self) -> list[int]:
        """The unit, where it ends."""
        return [self.unit_id] if self.ends else []

    def moved_ids(self) -> list[int]:
        """The units that go to a new one."""
        return [child.pk for new in self.new for child in self._children(new)]

    def _children(self, new: NewUnit) -> list[Unit]:
        """Those of the chosen units that still lie below the unit."""
        return list(Unit.objects.active().filter(parent=self.unit_id, pk__in=new.children).order_by("path"))

    def scope(self, units: Mapping[int, Unit]) -> Scope:
        """New units inherit; what goes to them gets another unit above it."""
        unit = units[self.unit_id]
        above = str(unit.parent.path) if unit.parent else str(unit.path)
        moved = [Moved(child, above) for new in self.new for child in self._children(new)]
        heirs = [Heir(new.code, (new.name_zh if is_chinese() else new.name_en)) for new in self.new]
        return Scope(self.kind, unit, self.effective_on, ended=self.ended_ids(), heirs=heirs, moved=moved)

    def write(self, units: Mapping[int, Unit]) -> Written:
        """The new units with what lies below them; then the unit ends, where it does."""
        unit, parts = units[self.unit_id], list[Part]()
        for new in self.new:
            children = self._children(new)
            made = make(new, unit)
            parts += [(made.pk, PartKind.MADE), *((child.pk, PartKind.CHILD) for child in children)]
            Unit.objects.filter(pk__in=[child.pk for child in children]).update(parent=made)
        derive_paths()
        if self.ends:
            end_units([unit], on=self.effective_on, last_day=self.effective_on - ONE_DAY, reason=self.reason)
        names: Sequence[dict[str, str]] = [{"en": new.name_en, "zh-hans": new.name_zh} for new in self.new]
        return Written({}, {"made": list(names)}, parts)
