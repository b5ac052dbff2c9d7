"""Issuing letters to thousands of units, beside one bare INSERT … SELECT of the very same rows.

Both run inside one transaction that is rolled back, so that every round begins with the same tables. No PDF is made at
issue; neither side counts one.
"""

from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter

from django.db import connection, transaction

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.services import grant
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Post, Sector, Tenure, Unit, UnitType
from portal.web.models import Job
from portal.workdays import clock
from responsibility.models import Letter, ProgrammeYear
from responsibility.services import letters

NAME, UNIT, BUDGET = "issue_letters", "ms per letter", 5.0
SIZE, ROUNDS = 6_000, 3
PER_GROUP = 300
DAY, YEAR, DUE = date(2026, 2, 25), 2026, date(2026, 3, 31)
# In the order in which the rows depend on each other.
TABLES = ("obligations_obligation", "responsibility_letter", "notices_notice", "audit_entry")
TYPES = ("township", "village", "party_gov_organ", "admin_enforcement", "state_enterprise")


class _Undo(Exception):
    """Ends a round and takes back what it wrote."""


def build(size: int) -> User:
    """A district of towns with a leading group each, and the villages below them; who coordinates it is returned."""
    kinds = {kind.code: kind.pk for kind in UnitType.objects.filter(code__in=TYPES)}
    sector = Sector.objects.order_by("pk").values_list("pk", flat=True)[0]
    first = 1 + (Unit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    units = [_unit(first, None, "", kinds["party_gov_organ"], sector)]
    for town in range(first + 1, first + 1 + size, PER_GROUP):
        units.append(_unit(town, first, str(first), kinds["township"], sector))
        below, path = range(town + 1, min(town + PER_GROUP, first + 1 + size)), f"{first}.{town}"
        units += [_unit(pk, town, path, kinds[TYPES[pk % len(TYPES)]], sector) for pk in below]
    Unit.objects.bulk_create(units, batch_size=2000)
    persons = Person.objects.bulk_create(
        Person(employee_no=f"bench-{u.pk}", name_en="Li Ming", name_zh="李明", sort_key="x", initials="x")
        for u in units
    )
    posts = Post.objects.bulk_create(
        Post(unit=unit, title_en="Director", title_zh="主任", kind="top_leader") for unit in units
    )
    Tenure.objects.bulk_create(
        Tenure(post=post, person=person, starts_on=date(2024, 1, 1))
        for post, person in zip(posts, persons, strict=True)
    )
    towns = [(unit, person) for unit, person in zip(units, persons, strict=True) if str(unit.path).count(".") < 2]
    _groups(towns)
    coordinator = User.objects.create_user("bench-coordinator", None)
    grant(None, user=coordinator, role=Role.COORDINATOR, path=str(first), reason="benchmark")
    ProgrammeYear.objects.get_or_create(year=YEAR, defaults={"signing_due_on": DUE})
    return coordinator


def _unit(pk: int, parent: int | None, above: str, kind: int, sector: int) -> Unit:
    path = f"{above}.{pk}" if above else str(pk)
    return Unit(
        pk=pk, code=f"bench-{pk}", name_en=f"Unit {pk}", name_zh=f"单位{pk}", type_id=kind, sector_id=sector,
        parent_id=parent, path=path, sort_key=f"danwei {pk}", initials="dw",
    )  # fmt: skip


def _groups(towns: list[tuple[Unit, Person]]) -> None:
    """A leading group at each town, headed by somebody with an account."""
    for unit, person in towns:
        person.user = User.objects.create_user(f"bench-{unit.pk}", None)
        person.save(update_fields=["user"])
        group = LeadingGroup.objects.create(unit=unit, name_en=f"Group {unit.pk}", name_zh=f"领导小组{unit.pk}")
        GroupMembership.objects.create(group=group, person=person, is_head=True, starts_on=date(2024, 1, 1))


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _issue(coordinator: User) -> None:
    """As the worker does it, chunk by chunk."""
    params = {"year": YEAR, "path": "", "types": [], "by": coordinator.pk}
    letters.run_issue(
        Job.objects.create(owner=coordinator, kind=letters.ISSUE_JOB, params=params, created_at=clock.now())
    )


def _marks() -> dict[str, int]:
    """The newest row of each table before a round."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            key = _key(table)
            cursor.execute(f"SELECT coalesce(max({key}), 0) FROM {table}")
            found[table] = int(cursor.fetchone()[0])
    return found


def _key(table: str) -> str:
    return "seq" if table == "audit_entry" else "id"


def _keep(marks: dict[str, int]) -> None:
    """Put the rows of a round aside, as they are."""
    with connection.cursor() as cursor:
        for table, last in marks.items():
            cursor.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table} WHERE {_key(table)} > {last}")
        # Copied compressed, a content would cost the floor nothing that a row written anew costs.
        cursor.execute("ALTER TABLE kept_responsibility_letter ALTER COLUMN content SET STORAGE EXTERNAL")
        cursor.execute("UPDATE kept_responsibility_letter SET content = content || '{}'")


def _bare() -> None:
    """The floor: the same rows, from the tables they were put aside in."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")


def measure(size: int = SIZE, rounds: int = ROUNDS) -> dict[str, object]:
    """The median of several rounds, in milliseconds for each letter, and how it stands to its floor."""
    figures, floors = [], []
    try:
        with transaction.atomic(), clock.frozen(DAY):
            coordinator = build(size)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("ANALYZE organisation_unit, organisation_tenure, organisation_post")
            for _round in range(rounds):
                figure, floor = _one_round(coordinator, size)
                figures.append(figure)
                floors.append(floor)
            raise _Undo
    except _Undo:
        pass
    figure, floor = 1000 * median(figures) / size, 1000 * median(floors) / size
    ratio = figure / floor
    return {
        "name": NAME, "figure": round(figure, 4), "floor": round(floor, 4), "unit": UNIT, "ratio": round(ratio, 2),
        "budget": BUDGET, "met": ratio <= BUDGET,
    }  # fmt: skip


def _one_round(coordinator: User, size: int) -> tuple[float, float]:
    """Seconds of the issue and of its floor; all is taken back."""
    marks, figure, floor = _marks(), 0.0, 0.0
    try:
        with transaction.atomic():
            figure = _timed(lambda: _issue(coordinator))
            issued = Letter.objects.for_year(YEAR).count()
            if issued < size:
                raise RuntimeError(f"{issued} letters instead of {size}")
            _keep(marks)
            _take_away(marks)
            floor = _timed(_bare)
            raise _Undo
    except _Undo:
        return figure, floor


def _take_away(marks: dict[str, int]) -> None:
    """Remove a round's rows past the triggers that keep them, so that they can be written again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table} WHERE {_key(table)} > {marks[table]}")
        cursor.execute("SET LOCAL session_replication_role = origin")
