"""What is wrong with a plan as a whole, against the portal as it stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.organisation.importing.plan import Plan, PostKey, TenurePlan
from portal.organisation.importing.seats import Seating
from portal.organisation.models import GroupMembership, Person, PostKind, Tenure, Unit
from portal.organisation.policies import EDITORS, may_edit_at
from portal.organisation.wording import period
from portal.web.dates import full_day
from portal.web.imports import RowError
from portal.workdays import clock


class Node(NamedTuple):
    """A unit as the portal has it."""

    parent: str
    path: str
    dissolved_on: date | None


Tree = Mapping[str, Node]


def tree_in_force() -> Tree:
    """Every unit by its code."""
    rows = Unit.objects.values_list("code", "parent__code", "path", "dissolved_on")
    return {code: Node(parent or "", str(path), dissolved) for code, parent, path, dissolved in rows}


# --- The tree ----------------------------------------------------------------------------------------------------------


def tree_errors(plan: Plan, tree: Tree) -> list[RowError]:
    """Units that are no more, parents that do not exist, and cycles."""
    parents = {code: node.parent for code, node in tree.items()}
    parents |= {unit.code: unit.parent for unit in plan.units.values()}
    errors = []
    for unit in plan.units.values():
        row = plan.row_of(unit.code)
        if (gone := tree.get(unit.code)) and gone.dissolved_on:
            errors.append(plan.wrong(row, "unit_code", _dissolved(gone.dissolved_on)))
        elif (gone := tree.get(unit.parent)) and gone.dissolved_on:
            errors.append(plan.wrong(row, "parent_code", _dissolved(gone.dissolved_on)))
        elif unit.parent and unit.parent not in parents:
            errors.append(plan.wrong(row, "parent_code", _unknown(unit.parent)))
        elif loop := _loop(unit.code, parents):
            reason = _("These units lie below each other in a circle: %(loop)s.") % {"loop": " → ".join(loop)}
            errors.append(plan.wrong(row, "parent_code", reason))
    return errors


def _dissolved(on: date) -> str:
    return _("This unit was dissolved on %(day)s.") % {"day": full_day(on)}


def _unknown(code: str) -> str:
    return _("There is no unit with the code %(code)s, neither here nor in the portal.") % {"code": code}


def _loop(code: str, parents: Mapping[str, str]) -> list[str]:
    seen = [code]
    while parent := parents.get(seen[-1], ""):
        seen.append(parent)
        if parent == code:
            return seen
        if len(seen) > len(parents):
            return []
    return []


# --- Posts and tenures -------------------------------------------------------------------------------------------------


def post_errors(plan: Plan) -> list[RowError]:
    """A unit with two different posts of top leader."""
    titles: dict[str, tuple[str, str]] = {}
    errors = []
    for tenure in plan.tenures:
        if tenure.post.kind == PostKind.TOP_LEADER:
            found = titles.setdefault(tenure.post.unit, (tenure.post.title_en, tenure.post.title_zh))
            if found != (tenure.post.title_en, tenure.post.title_zh):
                reason = _("The unit has another post of top leader, %(title)s. There is one in a unit.")
                errors.append(plan.wrong(tenure.row, "post_title_zh", reason % {"title": found[1]}))
    return errors


class Held(NamedTuple):
    """Days on which somebody holds a post; `row` is 0 for what the portal has already."""

    row: int
    who: str
    starts_on: date
    ends_on: date | None


def post_identity(key: PostKey) -> tuple[str, ...]:
    """What makes two rows speak of one post."""
    return (key.unit, key.kind) if key.kind == PostKind.TOP_LEADER else tuple(key)


def stored_tenures(plan: Plan) -> list[tuple[tuple[str, ...], Tenure]]:
    """The tenures of the units in the sheet, each with the identity of its post."""
    units = {tenure.post.unit for tenure in plan.tenures}
    rows = Tenure.objects.filter(post__unit__code__in=units).select_related("post__unit", "person")
    return [(post_identity(PostKey(t.post.unit.code, t.post.kind, t.post.title_en, t.post.title_zh)), t) for t in rows]


def overlap_errors(plan: Plan, stored: Iterable[tuple[tuple[str, ...], Tenure]]) -> list[RowError]:
    """Two holders of one post on the same day: named at the row that brings the second."""
    errors = []
    for spans in _holders(plan, stored).values():
        ordered = sorted(spans, key=lambda span: (span.starts_on, span.row))
        for index, later in enumerate(ordered):
            for earlier in ordered[:index]:
                if earlier.ends_on is None or earlier.ends_on >= later.starts_on:
                    row, other = (later, earlier) if later.row >= earlier.row else (earlier, later)
                    if row.row:
                        errors.append(plan.wrong(row.row, "since", _held(other)))
    return errors


def _holders(plan: Plan, stored: Iterable[tuple[tuple[str, ...], Tenure]]) -> dict[tuple[str, ...], list[Held]]:
    """Who holds each post named in the sheet: by the sheet, and by the portal where the sheet does not say."""
    held: dict[tuple[str, ...], list[Held]] = defaultdict(list)
    said: set[tuple[Any, ...]] = set()
    for tenure in plan.tenures:
        identity = post_identity(tenure.post)
        said.add((*identity, tenure.employee_no, tenure.starts_on))
        who = plan.persons[tenure.employee_no].name_zh
        held[identity].append(Held(tenure.row, who, tenure.starts_on, tenure.ends_on))
    for identity, row in stored:
        if identity in held and (*identity, row.person.employee_no, row.starts_on) not in said:
            held[identity].append(Held(0, row.person.name, row.starts_on, row.ends_on))
    return held


def _held(other: Held) -> str:
    sentence = _("%(holder)s holds the post %(period)s. Begin after that, or end that tenure first.")
    return sentence % {"holder": other.who, "period": period(other.starts_on, other.ends_on)}


# --- Leading groups ----------------------------------------------------------------------------------------------------


def group_errors(plan: Plan) -> list[RowError]:
    """Seats in a group that does not exist; a seat that is over asks for none."""
    existing = set(Unit.objects.active().filter(leading_group__isnull=False).values_list("code", flat=True))
    today = clock.today()
    return [
        plan.wrong(seat.row, seat.column, _("This unit has no leading group. Name the group in its column."))
        for seat in plan.seats
        if (seat.ends_on is None or seat.ends_on >= today) and seat.unit not in plan.groups.keys() | existing
    ]


def seat_errors(plan: Plan, seating: Seating) -> list[RowError]:
    """Seats that somebody else has, or has from a later day on."""
    errors = []
    for seat, other in seating.clashes:
        if other.row:
            reason = _("Another row makes somebody else the head of this group.")
        else:
            reason = _("%(holder)s heads the group %(period)s. Begin after that, or end that time first.")
            if not (seat.is_head and other.is_head):
                reason = _("%(holder)s sits in the group %(period)s. End that time first.")
            reason %= {"holder": other.name, "period": period(other.starts_on, other.ends_on)}
        errors.append(plan.wrong(seat.row, seat.column, reason))
    return errors


# --- Who imports -------------------------------------------------------------------------------------------------------


def scope_errors(plan: Plan, tree: Tree, by: User) -> list[RowError]:
    """Rows about what lies outside the part of the tree that `by` edits: the unit, where it goes, where it comes from."""
    errors = []
    for unit in plan.units.values():
        row, stands = plan.row_of(unit.code), tree.get(unit.code)
        if stands is not None and not may_edit_at(by, stands.path):
            errors.append(plan.wrong(row, "unit_code", _("This unit lies outside your part of the tree.")))
        elif stands is None or stands.parent != unit.parent:
            # Also what it is taken from: a unit must not be drawn out of somebody else's part.
            above = [unit.parent] if stands is None else [unit.parent, stands.parent]
            if not all(_reaches(by, code, plan, tree) for code in above):
                reason = _("The unit above lies outside your part of the tree.")
                errors.append(plan.wrong(row, "parent_code", reason))
    reason = _("This unit lies outside your part of the tree.")
    errors += [
        plan.wrong(seat.row, seat.column, reason)
        for seat in plan.seats
        if seat.unit not in plan.units and not _reaches(by, seat.unit, plan, tree)
    ]
    return errors


def _reaches(by: User, code: str, plan: Plan, tree: Tree) -> bool:
    """Whether a unit, known or new in the sheet, lies where `by` edits; the top of the tree does for nobody."""
    for _step in range(len(plan.units) + 1):
        if code in tree:
            return may_edit_at(by, tree[code].path)
        if code not in plan.units:
            return False
        code = plan.units[code].parent
    return False


def person_errors(plan: Plan, by: User) -> list[RowError]:
    """What would be changed of persons who hold office outside the part of the tree that `by` edits."""
    known = Person.objects.filter(employee_no__in=plan.persons)
    changed = {p.pk: p.employee_no for p in known if plan.persons[p.employee_no].differs_from(p, plan)}
    today = clock.today()
    outside: set[int] = set()
    for model, path in ((Tenure, "post__unit__path"), (GroupMembership, "group__unit__path")):
        running = model._default_manager.filter(person__in=changed).exclude(ends_on__lt=today)
        outside |= set(running.exclude(scopes.q(by, path, EDITORS)).values_list("person_id", flat=True))
    reason = _("This person holds office outside your part of the tree. Leave what the portal has about the person.")
    return [plan.wrong(plan.rows[f"employee_no:{changed[pk]}"], "employee_no", reason) for pk in sorted(outside)]


def own_errors(
    plan: Plan, seating: Seating, stored: Iterable[tuple[tuple[str, ...], Tenure]], by: User
) -> list[RowError]:
    """Nobody appoints himself: a tenure or a seat of one's own that is new, or lasts longer."""
    own = Person.objects.filter(user=by).values_list("employee_no", flat=True).first()
    if own is None:
        return []
    known = {(identity, t.starts_on): t.ends_on for identity, t in stored if t.person.employee_no == own}
    rows = [(t.row, "employee_no") for t in plan.tenures if t.employee_no == own and _is_more(t, known)]
    rows += [(seat.row, seat.column) for seat in seating.create if seat.employee_no == own]
    reason = _("Nobody appoints himself. Ask another coordinator to enter it.")
    return [plan.wrong(row, column, reason) for row, column in rows]


def _is_more(plan: TenurePlan, known: Mapping[tuple[tuple[str, ...], date], date | None]) -> bool:
    """Whether a tenure is new, or ends later than the portal has it."""
    key = (post_identity(plan.post), plan.starts_on)
    if key not in known:
        return True
    ends_on = known[key]
    return ends_on is not None and (plan.ends_on is None or plan.ends_on > ends_on)
