"""Writing a plan that has no errors: what is new, what has changed, what stays."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection, models

from portal.organisation.importing.plan import Plan, PostKey, TenurePlan, UnitPlan
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Post, PostKind, Tenure, Unit
from portal.organisation.pinyin import keys
from portal.organisation.signals import office_changed
from portal.web.imports import Summary
from portal.workdays import clock

BATCH = 1000


class Writer:
    """Compares a plan with the portal and writes the difference."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.summary = Summary()
        self.units = {unit.code: unit for unit in Unit.objects.filter(code__in=self._codes())}
        self.persons = {p.employee_no: p for p in Person.objects.filter(employee_no__in=plan.persons)}
        posts = Post.objects.filter(unit__code__in=plan.units).select_related("unit")
        self.posts = {_identity(p.unit.code, p.kind, p.title_en, p.title_zh): p for p in posts}

    def _codes(self) -> set[str]:
        return set(self.plan.units) | {unit.parent for unit in self.plan.units.values()}

    def compare(self) -> Summary:
        """What writing would do; nothing is written."""
        self._units(write=False)
        self._groups(write=False)
        self._persons(write=False)
        self._tenures(write=False)
        return self.summary

    def write(self) -> Summary:
        """Write; must be called inside a transaction."""
        self._units(write=True)
        self._groups(write=True)
        self._persons(write=True)
        self._tenures(write=True)
        return self.summary

    # --- Units ---------------------------------------------------------------------------------------------------------

    def _units(self, *, write: bool) -> None:
        new = [unit for unit in self.plan.units.values() if unit.code not in self.units]
        changed = [
            unit
            for unit in self.plan.units.values()
            if unit.code in self.units and self._differs(unit, self.units[unit.code])
        ]
        self._count("units", len(new), len(changed), len(self.plan.units))
        if write:
            self._create(new)
            for unit in changed:
                self._change(unit)

    def _differs(self, plan: UnitPlan, unit: Unit) -> bool:
        parent = self.units.get(plan.parent)
        if (parent.pk if parent else None) != unit.parent_id:
            return True
        names = ("name_en", "name_zh", "type_id", "sector_id", "level")
        return any(getattr(plan, name) != getattr(unit, name) for name in names)

    def _create(self, plans: list[UnitPlan]) -> None:
        """Parents before children; ids are drawn first, because a path is made of them."""
        ids = _draw_ids(Unit, len(plans))
        waiting = dict(zip((plan.code for plan in plans), ids, strict=True))
        left, made = list(plans), []
        while left:
            ready = [plan for plan in left if not plan.parent or plan.parent in self.units]
            for plan in ready:
                self.units[plan.code] = unit = self._unit(plan, waiting[plan.code])
                made.append(unit)
            left = [plan for plan in left if plan.code not in self.units]
        Unit.objects.bulk_create(made, batch_size=BATCH)

    def _unit(self, plan: UnitPlan, pk: int) -> Unit:
        parent = self.units.get(plan.parent)
        sort_key, initials = keys(plan.name_zh, plan.name_en)
        return Unit(
            pk=pk,
            code=plan.code,
            name_en=plan.name_en,
            name_zh=plan.name_zh,
            type_id=plan.type_id,
            sector_id=plan.sector_id,
            level=plan.level,
            parent=parent,
            path=f"{parent.path}.{pk}" if parent else str(pk),
            sort_key=sort_key,
            initials=initials,
        )

    def _change(self, plan: UnitPlan) -> None:
        unit, parent = self.units[plan.code], self.units.get(plan.parent)
        unit.sort_key, unit.initials = keys(plan.name_zh, plan.name_en)
        for name in ("name_en", "name_zh", "type_id", "sector_id", "level"):
            setattr(unit, name, getattr(plan, name))
        unit.save(update_fields=["name_en", "name_zh", "type", "sector", "level", "sort_key", "initials"])
        if unit.parent_id != (parent.pk if parent else None):
            move(unit, parent)

    # --- Groups and persons --------------------------------------------------------------------------------------------

    def _groups(self, *, write: bool) -> None:
        groups = {
            g.unit.code: g for g in LeadingGroup.objects.filter(unit__code__in=self.plan.groups).select_related("unit")
        }
        new = {code: names for code, names in self.plan.groups.items() if code not in groups}
        changed = [g for code, g in groups.items() if (g.name_en, g.name_zh) != self.plan.groups[code]]
        self._count("groups", len(new), len(changed), len(self.plan.groups))
        if write:
            LeadingGroup.objects.bulk_create(
                LeadingGroup(unit=self.units[code], name_en=en, name_zh=zh) for code, (en, zh) in new.items()
            )
            for group in changed:
                group.name_en, group.name_zh = self.plan.groups[group.unit.code]
                group.save(update_fields=["name_en", "name_zh"])

    def _persons(self, *, write: bool) -> None:
        new, changed = [], []
        for plan in self.plan.persons.values():
            person = self.persons.get(plan.employee_no)
            values = plan._asdict()
            if person is None:
                new.append(Person(**values))
            elif any(getattr(person, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(person, name, value)
                changed.append(person)
        for person in (*new, *changed):
            person.sort_key, person.initials = keys(person.name_zh, person.name_en, person=True)
        self._count("persons", len(new), len(changed), len(self.plan.persons))
        if write:
            self.persons |= {p.employee_no: p for p in Person.objects.bulk_create(new, batch_size=BATCH)}
            fields = ["name_en", "name_zh", "phone", "email", "rank", "official_type", "sort_key", "initials"]
            Person.objects.bulk_update(changed, fields, batch_size=BATCH)

    # --- Posts and tenures ---------------------------------------------------------------------------------------------

    def _tenures(self, *, write: bool) -> None:
        keys_needed = {_identity(*t.post): t.post for t in self.plan.tenures}
        new_posts = {identity: key for identity, key in keys_needed.items() if identity not in self.posts}
        self._count("posts", len(new_posts), 0, len(keys_needed))
        if write:
            self._create_posts(new_posts)
        stored = Tenure.objects.filter(post__unit__code__in=self.plan.units).select_related("post__unit", "person")
        known = {(_identity_of(t), t.person.employee_no, t.starts_on): t for t in stored}
        new, changed = [], []
        for plan in self.plan.tenures:
            tenure = known.get((_identity(*plan.post), plan.employee_no, plan.starts_on))
            if tenure is None:
                new.append(plan)
            elif tenure.ends_on != plan.ends_on:
                tenure.ends_on = plan.ends_on
                changed.append(tenure)
        self._count("tenures", len(new), len(changed), len(self.plan.tenures))
        if write:
            # Ends first: a predecessor makes room before the successor comes.
            Tenure.objects.bulk_update(changed, ["ends_on"], batch_size=BATCH)
            Tenure.objects.bulk_create((self._tenure(plan) for plan in new), batch_size=BATCH)
            self._tell(new, changed)
        self._heads(write=write)

    def _create_posts(self, posts: dict[tuple[str, ...], PostKey]) -> None:
        made = Post.objects.bulk_create(
            (
                Post(unit=self.units[key.unit], kind=key.kind, title_en=key.title_en, title_zh=key.title_zh)
                for key in posts.values()
            ),
            batch_size=BATCH,
        )
        self.posts |= dict(zip(posts, made, strict=True))

    def _tenure(self, plan: TenurePlan) -> Tenure:
        return Tenure(
            post=self.posts[_identity(*plan.post)],
            person=self.persons[plan.employee_no],
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
        )

    def _tell(self, new: Iterable[TenurePlan], changed: Iterable[Tenure]) -> None:
        touched = {self.units[plan.post.unit].pk for plan in new if plan.post.kind == PostKind.TOP_LEADER}
        touched |= {tenure.post.unit_id for tenure in changed if tenure.post.kind == PostKind.TOP_LEADER}
        if touched:
            office_changed.send(Post, unit_ids=sorted(touched))

    def _heads(self, *, write: bool) -> None:
        today = clock.today()
        plans = [t for t in self.plan.tenures if t.heads_group and (t.ends_on is None or t.ends_on >= today)]
        if not plans:
            return
        groups = {g.unit.code: g for g in LeadingGroup.objects.select_related("unit")}
        in_office = {m.group_id: m for m in GroupMembership.objects.heads().on(today).select_related("person")}
        new = [p for p in plans if not self._heads_already(p, groups.get(p.post.unit), in_office)]
        self._count("heads", len(new), 0, len(plans))
        if write:
            for plan in new:
                _seat(groups[plan.post.unit], self.persons[plan.employee_no], plan, in_office)

    @staticmethod
    def _heads_already(plan: TenurePlan, group: LeadingGroup | None, in_office: dict[int, GroupMembership]) -> bool:
        head = in_office.get(group.pk) if group else None
        return head is not None and head.person.employee_no == plan.employee_no

    def _count(self, what: str, new: int, changed: int, total: int) -> None:
        if new:
            self.summary.new[what] += new
        if changed:
            self.summary.changed[what] += changed
        self.summary.unchanged += total - new - changed


def _seat(group: LeadingGroup, person: Person, plan: TenurePlan, in_office: dict[int, GroupMembership]) -> None:
    """Make a person the head; a predecessor's time ends the day before today."""
    predecessor = in_office.get(group.pk)
    starts_on = plan.starts_on
    if predecessor is not None:
        starts_on = max(plan.starts_on, clock.today())
        predecessor.ends_on = max(predecessor.starts_on, _day_before(starts_on))
        predecessor.save(update_fields=["ends_on"])
    GroupMembership.objects.create(group=group, person=person, is_head=True, starts_on=starts_on, ends_on=plan.ends_on)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _identity(unit: str, kind: str, title_en: str, title_zh: str) -> tuple[str, ...]:
    return (unit, kind) if kind == PostKind.TOP_LEADER else (unit, kind, title_en, title_zh)


def _identity_of(tenure: Tenure) -> tuple[str, ...]:
    post = tenure.post
    return _identity(post.unit.code, post.kind, post.title_en, post.title_zh)


def _draw_ids(model: type[models.Model], count: int) -> list[int]:
    if not count:
        return []
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def move(unit: Unit, parent: Unit | None) -> None:
    """Move a unit with everything below it; one statement, whatever the number of units."""
    old, new = str(unit.path), f"{parent.path}.{unit.pk}" if parent else str(unit.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organisation_unit SET parent_id = %s WHERE id = %s", [parent.pk if parent else None, unit.pk]
        )
        cursor.execute(
            """
            UPDATE organisation_unit
            SET path = CASE WHEN path = %(old)s::ltree THEN %(new)s::ltree
                            ELSE %(new)s::ltree || subpath(path, nlevel(%(old)s::ltree)) END
            WHERE path <@ %(old)s::ltree
            """,
            {"old": old, "new": new},
        )
        cursor.execute(
            """
            UPDATE accounts_grant
            SET path = CASE WHEN path = %(old)s::ltree THEN %(new)s::ltree
                            ELSE %(new)s::ltree || subpath(path, nlevel(%(old)s::ltree)) END
            WHERE path <@ %(old)s::ltree
            """,
            {"old": old, "new": new},
        )
    unit.refresh_from_db()
