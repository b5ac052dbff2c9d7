"""Who is told at a rung: found for a whole batch of duties in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from portal.accounts.models import Grant
from portal.accounts.roles import Role
from portal.obligations import registry
from portal.obligations.choices import Audience
from portal.obligations.rules import RungFact
from portal.organisation.models import GroupMembership, LeadingGroup, PostKind, Tenure, Unit
from portal.web.lookups import array_of

if TYPE_CHECKING:
    from portal.obligations.clock import Found


class UnitFact(NamedTuple):
    """A unit as the messages name it."""

    id: int
    code: str
    names: dict[str, str]
    path: str
    group_id: int | None


class Audiences:
    """The people to tell about the duties of a batch. `prepare` reads them, `users` answers without a query."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.units: dict[int, UnitFact] = {}
        # Who does the work on a duty, where its kind says so; read anew for each batch.
        self.workers: dict[int, Collection[int]] = {}
        self._leaders: dict[int, set[int]] = defaultdict(set)
        self._liaisons: dict[int, set[int]] = defaultdict(set)
        self._by_tenure: dict[int, int | None] = {}
        self._heads: dict[int, set[int]] | None = None
        self._groups: dict[str, int] = {}
        self._upper: dict[int, int | None] = {}
        self._coordinators: list[tuple[int, str]] | None = None

    def prepare(self, found: Sequence["Found"], taken: Sequence[tuple["Found", RungFact]]) -> None:
        """Read what the steps about to be taken need."""
        unit_ids = {f.row.unit_id for f, _rung in taken} | {
            f.row.unit_id for f in found if f.verdict.vacant_since is not None
        }
        self.read(unit_ids)
        self._read_workers([f for f, _rung in taken])
        tenures = {f.verdict.tenure_id for f, _rung in taken if f.verdict.tenure_id} - self._by_tenure.keys()
        if tenures:
            # Of those who have left since; who is in office has been read with the office.
            self._by_tenure |= dict(
                Tenure.objects.filter(pk__any=array_of(tenures)).values_list("pk", "person__user_id")
            )

    def _read_workers(self, found: Sequence["Found"]) -> None:
        self.workers = {}
        for kind in registry.kinds():
            ids = {f.row.id for f in found if f.row.kind == kind.code} if kind.workers is not None else set()
            if kind.workers is not None and ids:
                self.workers |= kind.workers(ids)

    def read(self, unit_ids: set[int]) -> None:
        """Read the people of these units, where that has not been done; a run asks for all of its units at once."""
        missing = unit_ids - self.units.keys()
        if missing:
            self._read_heads()
            self._read_units(missing)
            self._read_offices(missing)

    def users(self, audience: Audience, unit_id: int, tenure_id: int | None) -> set[int]:
        """Ids of the users to tell; empty where nobody in the audience has an account."""
        match audience:
            case Audience.TOP_LEADER:
                answers = self._by_tenure.get(tenure_id) if tenure_id else None
                leaders = self._leaders.get(unit_id, set())
                return leaders | {answers} if answers else leaders
            case Audience.LIAISON:
                return self._liaisons.get(unit_id, set())
            case Audience.COORDINATOR:
                return self._coordinators_over(self.units[unit_id].path)
            case Audience.GROUP_HEAD:
                return self._heads_of(self.units[unit_id].group_id)
            case Audience.UPPER_HEAD:
                return self._heads_above(self.units[unit_id].group_id)

    def _read_units(self, unit_ids: set[int]) -> None:
        for pk, code, name_en, name_zh, path in Unit.objects.filter(pk__any=array_of(unit_ids)).values_list(
            "pk", "code", "name_en", "name_zh", "path"
        ):
            self.units[pk] = UnitFact(
                pk, code, {"en": name_en, "zh-hans": name_zh}, str(path), self._group_above(str(path))
            )

    def _read_offices(self, unit_ids: set[int]) -> None:
        """Who leads these units and who is their liaison, with and without an account."""
        kinds = (PostKind.TOP_LEADER, PostKind.LIAISON)
        held = Tenure.objects.on(self.on).filter(post__unit__any=array_of(unit_ids), post__kind__in=kinds)
        for tenure_id, unit_id, kind, user_id in held.values_list(
            "pk", "post__unit_id", "post__kind", "person__user_id"
        ):
            self._by_tenure[tenure_id] = user_id
            if user_id:
                (self._leaders if kind == PostKind.TOP_LEADER else self._liaisons)[unit_id].add(user_id)

    def _read_heads(self) -> None:
        """The heads of every leading group in office; groups are few, so all are read at once."""
        if self._heads is not None:
            return
        heads: dict[int, set[int]] = defaultdict(set)
        members = GroupMembership.objects.heads().on(self.on).filter(person__user__isnull=False)
        for group_id, user_id in members.values_list("group_id", "person__user_id"):
            heads[group_id].add(user_id)
        self._heads = dict(heads)
        self._groups = {str(path): pk for path, pk in LeadingGroup.objects.values_list("unit__path", "pk")}
        self._upper = {pk: self._group_above(path) for path, pk in self._groups.items()}

    def _group_above(self, path: str) -> int | None:
        """The leading group responsible for the unit at a path: the nearest above, never its own."""
        while path := path.rpartition(".")[0]:
            if path in self._groups:
                return self._groups[path]
        return None

    def _heads_above(self, group_id: int | None) -> set[int]:
        """The heads one level up; at the top of the tree, those of the group itself."""
        upper = self._upper.get(group_id) if group_id else None
        return self._heads_of(upper or group_id)

    def _heads_of(self, group_id: int | None) -> set[int]:
        return (self._heads or {}).get(group_id or 0, set())

    def _coordinators_over(self, path: str) -> set[int]:
        if self._coordinators is None:
            grants = Grant.objects.filter(role=Role.COORDINATOR, revoked_at__isnull=True, user__is_active=True)
            self._coordinators = [(user_id, str(over)) for user_id, over in grants.values_list("user_id", "path")]
        return {user_id for user_id, over in self._coordinators if f"{path}.".startswith(f"{over}.")}
