"""Writing a plan that has no errors: what is new, what has changed, what stays."""

from collections.abc import Iterable, Mapping

from portal.organisation.importing.checks import post_identity
from portal.organisation.importing.plan import Plan, PostKey, TenurePlan, UnitPlan
from portal.organisation.importing.seats import Seating
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Post, PostKind, Tenure, Unit
from portal.organisation.pinyin import keys
from portal.organisation.signals import office_changed
from portal.organisation.tree import derive_paths, draw_ids
from portal.web.i18n import both
from portal.web.imports import Summary

BATCH = 1000
# How many new units the receipt leads to by name.
NAMED = 20


class Writer:
    """Compares a plan with the portal and writes the difference."""

    def __init__(self, plan: Plan, seating: Seating) -> None:
        self.plan = plan
        self.seating = seating
        self.summary = Summary()
        self.units = {unit.code: unit for unit in Unit.objects.filter(code__in=self._codes())}
        self.persons = {p.employee_no: p for p in Person.objects.filter(employee_no__in=plan.persons)}
        posts = Post.objects.filter(unit__code__in=plan.units).select_related("unit")
        self.posts = {post_identity(PostKey(p.unit.code, p.kind, p.title_en, p.title_zh)): p for p in posts}

    def _codes(self) -> set[str]:
        return set(self.plan.units) | {unit.parent for unit in self.plan.units.values()}

    def compare(self) -> Summary:
        """What writing would do; nothing is written."""
        self._units(write=False)
        self._groups(write=False)
        self._persons(write=False)
        self._tenures(write=False)
        self._seats(write=False)
        return self.summary

    def write(self) -> Summary:
        """Write; must be called inside a transaction."""
        self._units(write=True)
        self._groups(write=True)
        self._persons(write=True)
        self._tenures(write=True)
        self._seats(write=True)
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
            self._change(changed)

    def _differs(self, plan: UnitPlan, unit: Unit) -> bool:
        parent = self.units.get(plan.parent)
        if (parent.pk if parent else None) != unit.parent_id:
            return True
        return any(getattr(unit, name) != value for name, value in plan.changes(self.plan).items())

    def _create(self, plans: list[UnitPlan]) -> None:
        """Parents before children; ids are drawn first, because a path is made of them."""
        ids = draw_ids(Unit, len(plans))
        waiting = dict(zip((plan.code for plan in plans), ids, strict=True))
        left, made = list(plans), []
        while left:
            ready = [plan for plan in left if not plan.parent or plan.parent in self.units]
            for plan in ready:
                self.units[plan.code] = unit = self._unit(plan, waiting[plan.code])
                made.append(unit)
            left = [plan for plan in left if plan.code not in self.units]
        Unit.objects.bulk_create(made, batch_size=BATCH)
        self.summary.made = [{"url": unit.get_absolute_url(), "name": both(unit)} for unit in made[:NAMED]]

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

    def _change(self, plans: list[UnitPlan]) -> None:
        """Values and parents first; then every path follows from the parents, so that units may change places."""
        moved = False
        for plan in plans:
            unit, parent = self.units[plan.code], self.units.get(plan.parent)
            for name, value in plan.changes(self.plan).items():
                setattr(unit, name, value)
            unit.sort_key, unit.initials = keys(unit.name_zh, unit.name_en)
            moved = moved or unit.parent_id != (parent.pk if parent else None)
            unit.parent = parent
        fields = ["name_en", "name_zh", "type", "sector", "level", "sort_key", "initials", "parent"]
        Unit.objects.bulk_update((self.units[plan.code] for plan in plans), fields, batch_size=BATCH)
        if moved:
            derive_paths()

    # --- Groups and persons --------------------------------------------------------------------------------------------

    def _groups(self, *, write: bool) -> None:
        groups = {
            g.unit.code: g for g in LeadingGroup.objects.filter(unit__code__in=self.plan.groups).select_related("unit")
        }
        new = {code: names for code, names in self.plan.groups.items() if code not in groups}
        changed = [g for g in groups.values() if (g.name_en, g.name_zh) != self._names(g)]
        self._count("groups", len(new), len(changed), len(self.plan.groups))
        if write:
            LeadingGroup.objects.bulk_create(
                LeadingGroup(unit=self.units[code], name_en=en, name_zh=zh) for code, (en, zh) in new.items()
            )
            for group in changed:
                group.name_en, group.name_zh = self._names(group)
                group.save(update_fields=["name_en", "name_zh"])

    def _names(self, group: LeadingGroup) -> tuple[str, str]:
        """The names of a group that is there already; a language that the sheet has no column for stays."""
        name_en, name_zh = self.plan.groups[group.unit.code]
        keep_en, keep_zh = (not self.plan.says(column) for column in ("group_name_en", "group_name_zh"))
        return (group.name_en if keep_en else name_en, group.name_zh if keep_zh else name_zh)

    def _persons(self, *, write: bool) -> None:
        new, changed = [], []
        for plan in self.plan.persons.values():
            person = self.persons.get(plan.employee_no)
            if person is None:
                new.append(Person(**plan._asdict()))
            elif plan.differs_from(person, self.plan):
                for name, value in plan.changes(self.plan).items():
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
        keys_needed = {post_identity(t.post): t.post for t in self.plan.tenures}
        new_posts = {identity: key for identity, key in keys_needed.items() if identity not in self.posts}
        retitled = self._retitled(keys_needed)
        self._count("posts", len(new_posts), len(retitled), len(keys_needed))
        if write:
            Post.objects.bulk_update(retitled, ["title_en", "title_zh"], batch_size=BATCH)
            self._create_posts(new_posts)
        stored = Tenure.objects.filter(post__unit__code__in=self.plan.units).select_related("post__unit", "person")
        known = {(_identity_of(t), t.person.employee_no, t.starts_on): t for t in stored}
        new, changed = [], []
        for plan in self.plan.tenures:
            tenure = known.get((post_identity(plan.post), plan.employee_no, plan.starts_on))
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

    def _retitled(self, needed: Mapping[tuple[str, ...], PostKey]) -> list[Post]:
        """Posts of top leader that the sheet calls otherwise: there is one in a unit, so the title is what changed."""
        found = []
        for identity, key in needed.items():
            post = self.posts.get(identity)
            if post is None or key.kind != PostKind.TOP_LEADER:
                continue
            title_en = key.title_en if self.plan.says("post_title_en") else post.title_en
            taken = post_identity(PostKey(key.unit, PostKind.OTHER, title_en, key.title_zh)) in self.posts
            if (title_en, key.title_zh) != (post.title_en, post.title_zh) and not taken:
                post.title_en, post.title_zh = title_en, key.title_zh
                found.append(post)
        return found

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
            post=self.posts[post_identity(plan.post)],
            person=self.persons[plan.employee_no],
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
        )

    def _tell(self, new: Iterable[TenurePlan], changed: Iterable[Tenure]) -> None:
        touched = {self.units[plan.post.unit].pk for plan in new if plan.post.kind == PostKind.TOP_LEADER}
        touched |= {tenure.post.unit_id for tenure in changed if tenure.post.kind == PostKind.TOP_LEADER}
        if touched:
            office_changed.send(Post, unit_ids=sorted(touched))

    # --- Seats in leading groups ---------------------------------------------------------------------------------------

    def _seats(self, *, write: bool) -> None:
        seating = self.seating
        for what, is_head in (("heads", True), ("members", False)):
            self._count(what, sum(seat.is_head == is_head for seat in seating.create), 0, 0)
        touched = GroupMembership.objects.in_bulk([*seating.end, *seating.drop])
        for membership in touched.values():
            self._count("heads" if membership.is_head else "members", 0, 1, 0)
        self.summary.unchanged += seating.unchanged
        if write:
            self._seat(touched)

    def _seat(self, touched: dict[int, GroupMembership]) -> None:
        """Ends first: a predecessor makes room before the successor comes."""
        # The history of changes keeps what never took effect.
        GroupMembership.objects.filter(pk__in=self.seating.drop).delete()
        ended = [touched[pk] for pk in self.seating.end if pk not in self.seating.drop]
        for membership in ended:
            membership.ends_on = self.seating.end[membership.pk]
        GroupMembership.objects.bulk_update(ended, ["ends_on"], batch_size=BATCH)
        units = {seat.unit for seat in self.seating.create}
        groups = {g.unit.code: g for g in LeadingGroup.objects.filter(unit__code__in=units).select_related("unit")}
        GroupMembership.objects.bulk_create(
            (
                GroupMembership(
                    group=groups[seat.unit],
                    person=self.persons[seat.employee_no],
                    is_head=seat.is_head,
                    starts_on=seat.starts_on,
                    ends_on=seat.ends_on,
                )
                for seat in self.seating.create
            ),
            batch_size=BATCH,
        )

    def _count(self, what: str, new: int, changed: int, total: int) -> None:
        if new:
            self.summary.new[what] += new
        if changed:
            self.summary.changed[what] += changed
        self.summary.unchanged += max(0, total - new - changed)


def _identity_of(tenure: Tenure) -> tuple[str, ...]:
    post = tenure.post
    return post_identity(PostKey(post.unit.code, post.kind, post.title_en, post.title_zh))
