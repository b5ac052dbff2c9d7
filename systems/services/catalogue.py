"""The verbs of the catalogue: add a system, make a new version of what it demands, repeal it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.policies import require
from portal.organisation.models import UnitType
from portal.web.errors import Conflict
from portal.web.i18n import listed
from portal.workdays import clock
from systems import policies
from systems.errors import AlreadyRepealed, CodeTaken, StillRequired, YearBeforePredecessor, YearPast
from systems.models import RequiredSystem, Requirement

# Who changes the catalogue takes turns: version numbers are consecutive.
LOCK = 7_301_012


class Demand(NamedTuple):
    """What a version of the catalogue demands of a system; see `Requirement` for units and forms."""

    year: int
    types: tuple[UnitType, ...]
    purpose_en: str
    purpose_zh: str
    model_text_en: str = ""
    model_text_zh: str = ""
    risk_points: tuple[Mapping[str, str], ...] = ()
    checklist: tuple[Mapping[str, str], ...] = ()
    review_months: int = 12
    adopt_by: date | None = None
    reason: str = ""


@transaction.atomic
def add_system(by: User | None, *, code: str, level: str, name_en: str, name_zh: str, demand: Demand) -> RequiredSystem:
    """Extend the catalogue by a system. Raises CodeTaken, YearPast, NotAllowed. `by` None: the portal itself."""
    _take_turn(by)
    if RequiredSystem.objects.filter(code=code).exists():
        raise CodeTaken(code=code)
    order = RequiredSystem.objects.order_by("-order").values_list("order", flat=True).first() or 0
    system = RequiredSystem.objects.create(code=code, level=level, name_en=name_en, name_zh=name_zh, order=order + 1)
    _write(by, system, 1, demand)
    audit.record(by, "catalogue.system_added", system, data={"year": demand.year})
    return system


@transaction.atomic
def new_version(by: User | None, system_id: int, *, expected_number: int, demand: Demand) -> Requirement:
    """Make the next version of what a system demands.

    Raises YearPast, YearBeforePredecessor, NotAllowed, Conflict where somebody made a version meanwhile.
    """
    _take_turn(by)
    system = RequiredSystem.objects.get(pk=system_id)
    last = _newest(system, expected_number)
    if demand.year < last.year:
        raise YearBeforePredecessor(year=last.year)
    made = _write(by, system, last.number + 1, demand)
    audit.record(by, "catalogue.version_made", system, data={"version": made.number, "year": made.year})
    return made


@transaction.atomic
def repeal(by: User, system_id: int, *, expected_number: int, year: int, reason: str) -> Requirement:
    """Take a system out of the catalogue from a year on. What units have stays theirs.

    Raises StillRequired while it is required of any type of unit, AlreadyRepealed, YearPast, YearBeforePredecessor, NotAllowed,
    Conflict.
    """
    _take_turn(by)
    system = RequiredSystem.objects.get(pk=system_id)
    last = _newest(system, expected_number)
    if last.is_repealed:
        raise AlreadyRepealed
    if last.types.exists():
        raise StillRequired(types=listed(kind.name for kind in last.types.all()))
    if year < last.year:
        raise YearBeforePredecessor(year=last.year)
    demand = Demand(year, (), last.purpose_en, last.purpose_zh, reason=reason, review_months=last.review_months)
    made = _write(by, system, last.number + 1, demand, is_repealed=True)
    audit.record(by, "catalogue.repealed", system, data={"year": year, "reason": reason})
    return made


def _take_turn(by: User | None) -> None:
    if by is not None:
        require(policies.may_keep_catalogue(by))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _newest(system: RequiredSystem, expected_number: int) -> Requirement:
    last = system.requirements.latest("number")
    if last.number != expected_number:
        raise Conflict(last)
    return last


def _write(by: User | None, system: RequiredSystem, number: int, demand: Demand, **fields: Any) -> Requirement:
    if demand.year < clock.today().year:
        raise YearPast
    values = demand._asdict()
    types: Iterable[UnitType] = values.pop("types")
    values |= {name: [dict(item) for item in values[name]] for name in ("risk_points", "checklist")}
    made = Requirement.objects.create(system=system, number=number, made_by=by, made_at=clock.now(), **values, **fields)
    made.types.set(types)
    return made
