"""A unit gets another name; what was written under the old one stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.organisation.change_errors import SameName
from portal.organisation.change_models import ChangeKind, UnitChange
from portal.organisation.models import Unit
from portal.organisation.pinyin import keys
from portal.organisation.services.changes.base import Change, Written

NAMES = ("name_en", "name_zh", "sort_key", "initials")


@dataclass(frozen=True, kw_only=True)
class Rename(Change):
    """A new name in both languages. Raises SameName."""

    kind: ClassVar[ChangeKind] = ChangeKind.RENAME
    name_en: str
    name_zh: str

    @classmethod
    def own_values(cls, change: UnitChange) -> dict[str, Any]:
        """The names."""
        return {name: change.values[name] for name in ("name_en", "name_zh")}

    def values(self) -> dict[str, Any]:
        """`name_en`, `name_zh`."""
        return {"name_en": self.name_en, "name_zh": self.name_zh}

    def require_possible(self, units: Mapping[int, Unit]) -> None:
        """The name is another one. Raises SameName."""
        unit = units[self.unit_id]
        if (unit.name_en, unit.name_zh) == (self.name_en, self.name_zh):
            raise SameName

    def write(self, units: Mapping[int, Unit]) -> Written:
        """Write the name and what is searched and ordered by; `before` keeps both, so that old names are found."""
        unit = units[self.unit_id]
        before = {name: getattr(unit, name) for name in NAMES}
        unit.name_en, unit.name_zh = self.name_en, self.name_zh
        unit.sort_key, unit.initials = keys(self.name_zh, self.name_en)
        unit.save(update_fields=list(NAMES))
        return Written(before, {name: getattr(unit, name) for name in NAMES})
