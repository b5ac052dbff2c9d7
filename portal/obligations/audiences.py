"""Who is told at a rung: found for a whole batch of duties in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import QuerySet

from portal.accounts.models import Grant
from portal.accounts.roles import Role
from portal.obligations.choices import Audience
from portal.obligations.rules import RungFact
from portal.organisation.models import GroupMembership, Tenure, Unit

if TYPE_CHECKING:
    from portal.obligations.clock import Found


class UnitFact(NamedTuple):
    """A unit as the messages name it."""

    id: int
    code: str
    name_en: str
    name_zh: str
    path: str
    group_id: int | None


class Audiences:
    """The people to tell about the duties of a batch. `prepare` reads them, `users` answers without a query."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.units: dict[int, UnitFact] = {}
        self._leaders: dict[int, set[int]] = {}
        self._liaisons: dict[int, set[int]] = {}
        self._by_tenure: dict[int, int] = {}
        self._heads: dict[int, set[int]] = {}
        self._upper: dict[int, int | None] = {}
        self._coordinators: list[tuple[int, str]] | None = None

    def prepare(self, found: Sequence["Found"], taken: Sequence[tuple["Found", RungFact]]) -> None:
        """Read what the steps about to be taken need."""
        unit_ids = {f.row.unit_id for f, _rung in taken} | {
            f.row.unit_id for f in found if f.verdict.vacant_since is not None
        }
        missing = unit_ids - self.units.keys()
        if missing:
            self._read_units(missing)
            self._leaders |= _users(Tenure.objects.top_leaders().on(self.on), missing)
            self._liaisons |= _users(Tenure.objects.liaisons().on(self.on), missing)
            self._read_heads()
        tenures = {f.verdict.tenure_id for f, _rung in taken if f.verdict.tenure_id} - self._by_tenure.keys()
        if tenures:
            users = Tenure.objects.filter(pk__in=tenures, person__user__isnull=False)
            self._by_tenure |= dict(users.values_list("pk", "person__user_id"))

    def users(self, audience: Audience, unit_id: int, tenure_id: int | None) -> set[int]:
        """Ids of the users to tell; empty where nobody in the audience has an account."""
        match audience:
            case Audience.TOP_LEADER:
                answers = {self._by_tenure[tenure_id]} if tenure_id in self._by_tenure else set()
                return self._leaders.get(unit_id, set()) | answers
            case Audience.LIAISON:
                return self._liaisons.get(unit_id, set())
            case Audience.COORDINATOR:
                return self._coordinators_over(self.units[unit_id].path)
            case Audience.GROUP_HEAD:
                return self._heads.get(self.units[unit_id].group_id or 0, set())
            case Audience.UPPER_HEAD:
                return self._heads_above(self.units[unit_id].group_id)

    def _read_units(self, unit_ids: set[int]) -> None:
        rows = (
            Unit.objects.filter(pk__in=unit_ids)
            .with_responsible_group()
            .values_list("pk", "code", "name_en", "name_zh", "path", "responsible_group_id")
        )
        for pk, code, name_en, name_zh, path, group_id in rows:
            self.units[pk] = UnitFact(pk, code, name_en, name_zh, str(path), group_id)

    def _read_heads(self) -> None:
        """The heads of every leading group in office; groups are few, so all are read at once."""
        if self._heads:
            return
        heads: dict[int, set[int]] = defaultdict(set)
        members = GroupMembership.objects.heads().on(self.on).filter(person__user__isnull=False)
        for group_id, user_id in members.values_list("group_id", "person__user_id"):
            heads[group_id].add(user_id)
        self._heads = dict(heads)
        groups = Unit.objects.filter(leading_group__isnull=False).with_responsible_group()
        self._upper = dict(groups.values_list("leading_group__id", "responsible_group_id"))

    def _heads_above(self, group_id: int | None) -> set[int]:
        """The heads one level up; at the top of the tree, those of the group itself."""
        upper = self._upper.get(group_id) if group_id else None
        return self._heads.get(upper or group_id or 0, set())

    def _coordinators_over(self, path: str) -> set[int]:
        if self._coordinators is None:
            grants = Grant.objects.filter(role=Role.COORDINATOR, revoked_at__isnull=True, user__is_active=True)
            self._coordinators = [(user_id, str(over)) for user_id, over in grants.values_list("user_id", "path")]
        return {user_id for user_id, over in self._coordinators if f"{path}.".startswith(f"{over}.")}


def _users(tenures: "QuerySet[Tenure]", unit_ids: Iterable[int]) -> dict[int, set[int]]:
    users: dict[int, set[int]] = defaultdict(set)
    held = tenures.filter(post__unit_id__in=list(unit_ids), person__user__isnull=False)
    for unit_id, user_id in held.values_list("post__unit_id", "person__user_id"):
        users[unit_id].add(user_id)
    return users
