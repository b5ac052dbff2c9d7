"""Units go on as one: an existing unit, or a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from portal.accounts.models import User
from portal.organisation import policies
from portal.organisation.change_errors import (
    ChildrenGoWithTheUnit,
    MergedAlone,
    MergedIntoItself,
    NoSuccessor,
    SuccessorBelow,
)
from portal.organisation.change_models import ChangeKind, PartKind, UnitChange
from portal.organisation.models import Unit
from portal.organisation.services.changes.base import Change, Part, Written, lies_below, require_below_another
from portal.organisation.services.changes.ending import end_units, require_no_later_tenure
from portal.organisation.services.changes.making import NewUnit, make, require_code_free
from portal.organisation.services.guards import require_in_force
from portal.organisation.touched import Heir, Moved, Scope
from portal.organisation.tree import derive_paths
from portal.web.errors import NotAllowed
from portal.web.i18n import both, is_chinese

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Merge(Change):
    """The unit and `other_ids` end; `successor_id`, or the unit that `new` makes beside the first, goes on.

    The units below the merged ones go below the successor, or below `children_to`. Raises NoSuccessor, MergedIntoItself,
    SuccessorBelow, ChildrenGoWithTheUnit, MergedAlone, CodeTaken, BeforeTenure, TopOfTree, UnitDissolved.
    """

    kind: ClassVar[ChangeKind] = ChangeKind.MERGE
    other_ids: tuple[int, ...] = ()
    successor_id: int | None = None
    new: NewUnit | None = None
    children_to: int | None = None

    @classmethod
    def own_values(cls, change: UnitChange) -> dict[str, Any]:
        """Who merges, and into what."""
        values = change.values
        return {
            "other_ids": tuple(values["others"]),
            "successor_id": values["successor"],
            "new": NewUnit.read(values["new"]) if values["new"] else None,
            "children_to": values["children_to"],
        }

    def values(self) -> dict[str, Any]:
        """`others`, `successor`, `new`, `children_to`: ids, and the new unit's values."""
        return {
            "others": list(self.other_ids),
            "successor": self.successor_id,
            "new": self.new.values() if self.new else None,
            "children_to": self.children_to,
        }

    def parts(self) -> Sequence[Part]:
        """Who merges as well, and who goes on."""
        others: list[Part] = [(pk, PartKind.MERGED) for pk in self.other_ids]
        return [*others, (self.successor_id, PartKind.SUCCESSOR)] if self.successor_id else others

    def unit_ids(self) -> set[int]:
        """Also where the units below go."""
        return super().unit_ids() | ({self.children_to} if self.children_to else set())

    def require_allowed(self, by: User, units: Mapping[int, Unit]) -> None:
        """Who coordinates the place of every unit that merges, and of those that get something. Raises NotAllowed."""
        places = [unit for pk, unit in units.items() if pk not in self.ended_ids()]
        if not all(policies.may_change(by, units[pk]) for pk in self.ended_ids()):
            raise NotAllowed
        if not all(policies.may_take_in(by, unit) for unit in places):
            raise NotAllowed

    def require_possible(self, units: Mapping[int, Unit]) -> None:
        """The successor is one, in force, and none of the merged or below them; nobody took office there later."""
        ended = [units[pk] for pk in self.ended_ids()]
        for unit in ended:
            require_below_another(unit)
        self._require_successor(units, ended)
        if self.children_to is not None:
            target = units[self.children_to]
            require_in_force(target)
            if any(lies_below(target.path, unit.path) for unit in ended):
                raise ChildrenGoWithTheUnit(unit=target.name)
        require_no_later_tenure(ended, self.effective_on - ONE_DAY)

    def _require_successor(self, units: Mapping[int, Unit], ended: Sequence[Unit]) -> None:
        if (self.successor_id is None) == (self.new is None):
            raise NoSuccessor
        if self.new is not None:
            if not self.other_ids:
                raise MergedAlone
            require_code_free(self.new, "new_code")
            # The new unit lies beside the first of them.
            above = units[self.unit_id].parent
        else:
            above = units[self.successor_id or 0]
            if above.pk in self.ended_ids():
                raise MergedIntoItself(unit=above.name)
            require_in_force(above)
        if above is not None and any(lies_below(above.path, unit.path) for unit in ended):
            raise SuccessorBelow(unit=above.name)

    def ended_ids(self) -> list[int]:
        """The unit and those that merge with it."""
        return [self.unit_id, *self.other_ids]

    def moved_ids(self) -> list[int]:
        """The units below the merged ones."""
        return [unit.pk for unit in self._children()]

    def _children(self) -> list[Unit]:
        ended = self.ended_ids()
        return list(Unit.objects.active().filter(parent__in=ended).exclude(pk__in=ended).order_by("path"))

    def scope(self, units: Mapping[int, Unit]) -> Scope:
        """The merged ones end, the successor inherits, what lies below gets another unit above it."""
        unit, successor = units[self.unit_id], units.get(self.successor_id or 0)
        target = units.get(self.children_to or 0) or successor or unit.parent or unit
        heir = Heir(successor.code, successor.name) if successor else _heir(self.new)
        moved = [Moved(child, str(target.path)) for child in self._children()]
        return Scope(self.kind, unit, self.effective_on, ended=self.ended_ids(), heirs=[heir], moved=moved)

    def write(self, units: Mapping[int, Unit]) -> Written:
        """The successor first, then what lies below, then the merged ones end."""
        unit, parts = units[self.unit_id], list[Part]()
        if self.new is not None:
            successor = make(self.new, unit)
            parts.append((successor.pk, PartKind.SUCCESSOR))
        else:
            successor = units[self.successor_id or 0]
        children = self._children()
        parts += [(child.pk, PartKind.CHILD) for child in children]
        if children:
            Unit.objects.filter(pk__in=[child.pk for child in children]).update(
                parent=units.get(self.children_to or 0, successor)
            )
            derive_paths()
        ended = [units[pk] for pk in self.ended_ids()]
        last_day = self.effective_on - ONE_DAY
        end_units(ended, on=self.effective_on, last_day=last_day, reason=self.reason, heir=successor)
        return Written({}, {"successor": both(successor)}, parts)


def _heir(new: NewUnit | None) -> Heir:
    assert new is not None, "a successor is an existing unit or a new one"
    return Heir(new.code, new.name_zh if is_chinese() else new.name_en)
