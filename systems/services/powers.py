"""The verbs of the list of powers: enter, change, give up, say what watches over a power, look through the list."""

from typing import NamedTuple

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import services as obligations
from portal.obligations.policies import require
from portal.organisation.models import Post, Unit
from portal.workdays import clock
from systems import policies
from systems.errors import (
    HolderSupervises,
    MeasureEnded,
    MeasureWithoutWords,
    NotOfUnit,
    PowerEnded,
    ReviewedAlready,
    SupervisorMissing,
    TwoSupervisors,
)
from systems.models import MeasureKind, Power, PowerMeasure, PowerReview, PowerRisk, UnitSystem
from systems.services import blanks
from systems.services.guards import require_reason, require_unit


class PowerDraft(NamedTuple):
    """A power as it is entered; likelihood and impact from 1 to 5. `risks` are the points at which it may be abused."""

    area: str
    matter: str
    holder: Post
    legal_basis: str
    likelihood: int
    impact: int
    risks: tuple[str, ...] = ()


def _log(by: User | None, verb: str, power: Power, **data: object) -> None:
    audit.record(by, f"power.{verb}", power, path=str(power.unit.path), data=data)


@transaction.atomic
def enter(by: User, unit: Unit, draft: PowerDraft) -> Power:
    """Enter a power of the unit; until something watches over it, it is a blank area. Raises NotOfUnit, UnitEnded, NotAllowed."""
    require(policies.may_write(by, unit))
    require_unit(unit)
    _require_holder(unit, draft.holder)
    values = draft._asdict()
    risks = values.pop("risks")
    power = Power.objects.create(unit=unit, reviewed_on=clock.today(), **values)
    _write_risks(power, risks)
    _log(by, "entered", power)
    blanks.refresh([unit.pk])
    return power


def _require_holder(unit: Unit, holder: Post) -> None:
    if holder.unit_id != unit.pk:
        raise NotOfUnit(unit=unit.name)


def _write_risks(power: Power, risks: tuple[str, ...]) -> None:
    power.risks.all().delete()
    PowerRisk.objects.bulk_create(PowerRisk(power=power, text=text) for text in dict.fromkeys(risks) if text)


def found(by: User, power_id: int) -> Power:
    """The power, locked, if `by` may see it and keeps the unit's list. Raises DoesNotExist, NotAllowed, PowerEnded, UnitEnded."""
    Power.objects.visible_to(by).get(pk=power_id)
    power = Power.objects.locked(power_id)
    require(policies.may_write(by, power.unit))
    require_unit(power.unit)
    if power.ended_on is not None:
        raise PowerEnded
    return power


@transaction.atomic
def change(by: User, power_id: int, *, expected_version: int, draft: PowerDraft) -> Power:
    """Write a power anew, and its risk looked at again. Raises NotOfUnit, PowerEnded, UnitEnded, NotAllowed, Conflict."""
    power = found(by, power_id)
    _require_holder(power.unit, draft.holder)
    values = draft._asdict()
    risks = values.pop("risks")
    power.save_fields(expected_version=expected_version, reviewed_on=clock.today(), **values)
    _write_risks(power, risks)
    _log(by, "changed", power)
    blanks.refresh([power.unit_id])
    return power


@transaction.atomic
def give_up(by: User, power_id: int, *, expected_version: int, reason: str) -> Power:
    """Say that the unit no longer has the power. Raises ReasonMissing, PowerEnded, UnitEnded, NotAllowed, Conflict."""
    power = found(by, power_id)
    said = require_reason(reason)
    power.save_fields(expected_version=expected_version, ended_on=clock.today(), end_reason=said)
    _log(by, "given_up", power, reason=said)
    blanks.refresh([power.unit_id])
    return power


@transaction.atomic
def supervise(
    by: User,
    power_id: int,
    *,
    kind: MeasureKind,
    text: str = "",
    system: UnitSystem | None = None,
    supervisor: Post | None = None,
    supervising_unit: Unit | None = None,
) -> PowerMeasure:
    """Say what watches over a power, and who sees to it.

    Raises HolderSupervises, SupervisorMissing, TwoSupervisors, MeasureWithoutWords, NotOfUnit, PowerEnded, UnitEnded, NotAllowed.
    """
    power = found(by, power_id)
    if (system is None) == (kind == MeasureKind.SYSTEM) or (system is None and not text.strip()):
        raise MeasureWithoutWords
    if system is not None and system.unit_id != power.unit_id:
        raise NotOfUnit(unit=power.unit.name)
    _require_supervisor(power, supervisor, supervising_unit)
    measure = PowerMeasure.objects.create(
        power=power,
        kind=kind,
        system=system,
        text=text.strip(),
        supervisor=supervisor,
        supervising_unit=supervising_unit,
        since=clock.today(),
    )
    _log(by, "supervised", power, measure=str(measure))
    blanks.refresh([power.unit_id])
    return measure


def _require_supervisor(power: Power, supervisor: Post | None, unit: Unit | None) -> None:
    if supervisor is None and unit is None:
        raise SupervisorMissing
    if supervisor is not None and unit is not None:
        raise TwoSupervisors
    if supervisor is not None and supervisor.unit_id != power.unit_id:
        raise NotOfUnit(unit=power.unit.name)
    if supervisor is not None and supervisor.pk == power.holder_id:
        raise HolderSupervises(post=supervisor.title)


@transaction.atomic
def end_measure(by: User, power_id: int, measure_id: int, *, reason: str) -> PowerMeasure:
    """Say that a measure is applied no more. Raises MeasureEnded, ReasonMissing, PowerEnded, UnitEnded, NotAllowed."""
    power = found(by, power_id)
    said = require_reason(reason)
    measure = power.measures.select_for_update(of=("self",)).get(pk=measure_id)
    if measure.ended_on is not None:
        raise MeasureEnded
    measure.ended_on = clock.today()
    measure.save(update_fields=["ended_on"])
    _log(by, "measure_ended", power, measure=str(measure), reason=said)
    blanks.refresh([power.unit_id])
    return measure


@transaction.atomic
def review(by: User, review_id: int, *, remarks: str) -> PowerReview:
    """Record that the unit looked through its powers this year. Raises ReviewedAlready, ReasonMissing, UnitEnded, NotAllowed."""
    owed = PowerReview.objects.select_for_update(of=("self",)).select_related("unit").get(pk=review_id)
    require(policies.may_decide(by, owed.unit))
    require_unit(owed.unit)
    if owed.reviewed_on is not None:
        raise ReviewedAlready
    owed.remarks, owed.reviewed_on, owed.reviewed_by = require_reason(remarks), clock.today(), by
    owed.save(update_fields=["remarks", "reviewed_on", "reviewed_by"])
    Power.objects.live().filter(unit=owed.unit).update(reviewed_on=clock.today())
    audit.record(by, "power.list_reviewed", owed, path=str(owed.unit.path), data={"year": owed.year})
    obligations.discharge(owed.obligation_id)
    return owed
