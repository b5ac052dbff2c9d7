"""What every change of units has: what is decided, what it refuses, what it writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, NamedTuple, Self

from portal.accounts.models import User
from portal.organisation import policies
from portal.organisation.change_errors import TopOfTree
from portal.organisation.change_models import ChangeKind, PartKind, UnitChange
from portal.organisation.models import Unit
from portal.organisation.touched import Scope
from portal.web.errors import NotAllowed

Part = tuple[int, PartKind]


class Written(NamedTuple):
    """The unit's own values as they were and became, and the units that were made or placed by the change."""

    before: dict[str, Any]
    after: dict[str, Any]
    parts: Sequence[Part] = ()


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of a unit: who may, whether it can be done, what it writes. One subclass for each kind.

    `decisions` says what becomes of what is touched, by the code of its group. The units that it names are locked before
    anything is asked for good; `units` holds them by id.
    """

    kind: ClassVar[ChangeKind]
    unit_id: int
    effective_on: date
    reason: str
    decisions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, change: UnitChange) -> Self:
        """The change as it was decided."""
        common: dict[str, Any] = {
            "unit_id": change.unit_id,
            "effective_on": change.effective_on,
            "reason": change.reason,
        }
        return cls(**common, decisions=change.decisions, **cls.own_values(change))

    @classmethod
    def own_values(cls, change: UnitChange) -> dict[str, Any]:
        """The fields of the subclass out of a row."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """The fields of the subclass as the row keeps them."""
        raise NotImplementedError

    def parts(self) -> Sequence[Part]:
        """The units known now that have a part in it."""
        return ()

    def require_allowed(self, by: User, units: Mapping[int, Unit]) -> None:
        """Who coordinates what lies above the unit. Raises NotAllowed."""
        if not policies.may_change(by, units[self.unit_id]):
            raise NotAllowed

    def require_possible(self, units: Mapping[int, Unit]) -> None:
        """That the change can be performed on the tree as it is. Raises what its docstring names."""

    def moved_ids(self) -> list[int]:
        """The units that get another one above them."""
        return []

    def scope(self, units: Mapping[int, Unit]) -> Scope:
        """What it would do to the tree."""
        return Scope(self.kind, units[self.unit_id], self.effective_on)

    def write(self, units: Mapping[int, Unit]) -> Written:
        """Write units, tenures and tree; the turn at the tree is taken, the units are locked."""
        raise NotImplementedError

    def unit_ids(self) -> set[int]:
        """Every unit that it names."""
        return {self.unit_id, *(pk for pk, _part in self.parts())}

    def concerned_ids(self) -> set[int]:
        """The units that change by it: of these nothing else may be planned, and no later change be known."""
        changing = {PartKind.MERGED, PartKind.SUCCESSOR}
        return {self.unit_id, *(pk for pk, part in self.parts() if part in changing)}

    def ended_ids(self) -> list[int]:
        """The units that are no more by it."""
        return []


def require_below_another(unit: Unit) -> None:
    """The top of the tree has no place in it to change. Raises TopOfTree."""
    if unit.parent_id is None:
        raise TopOfTree(unit=unit.name)


def lies_below(path: object, top: object) -> bool:
    """Whether a path is `top` or lies below it."""
    return f"{path}.".startswith(f"{top}.")
