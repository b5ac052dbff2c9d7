"""Filing a case: where, by whom found, how it was done; its charges and the persons concerned."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from cases import policies
from cases.errors import ClueAlreadyFiled, DaysInWrongOrder, NoLawThen, NumberTaken, UnitNotThen
from cases.models import (
    CaseState,
    Charge,
    Clue,
    CrimeCase,
    FoundBy,
    Milestone,
    Offence,
    OffenceVersion,
    Source,
    Stage,
    Suspect,
)
from cases.services.crime.base import count_anew, locked, log
from cases.services.crime.major import look_whether_major
from portal.accounts.models import User
from portal.organisation.change_models import ChangeState, PartKind
from portal.organisation.models import Person, Rank, Unit
from portal.workdays import clock
from systems.models import Power, RequiredSystem


class Deed(NamedTuple):
    """An offence charged: when the act was, and the amount in yuan where there is one."""

    offence: Offence
    act_from: date
    act_until: date
    amount: Decimal | None = None


class Accused(NamedTuple):
    """Somebody concerned, with post and rank at the time of the act."""

    name: str
    post: str
    rank: Rank
    sex: str = ""
    birth_year: int | None = None
    political_status: str = ""
    person: Person | None = None
    is_accomplice: bool = False


@transaction.atomic
def file_case(
    by: User,
    *,
    number: str,
    title: str,
    unit: Unit,
    office: Unit,
    means: str,
    filed_on: date,
    source: str = Source.HANDLING,
    clue: Clue | None = None,
    loophole: RequiredSystem | None = None,
    power: str = "",
    deeds: Sequence[Deed] = (),
    accused: Sequence[Accused] = (),
) -> CrimeCase:
    """File a case. Raises NumberTaken, ClueAlreadyFiled, NoLawThen, UnitNotThen, DaysInWrongOrder, NotAllowed."""
    policies.require(policies.may_work_at(by, str(office.path)))
    _require_new(number, filed_on, clue)
    case = CrimeCase.objects.create(
        number=number,
        title=title,
        unit=unit,
        office=office,
        officer=by,
        source=clue.source if clue else source,
        clue=clue,
        means=means,
        loophole=loophole,
        power=power,
        opened_at=clock.now(),
    )
    _begin(case, filed_on, by)
    for deed in deeds:
        _charge(case, deed)
    Suspect.objects.bulk_create(Suspect(case=case, **each._asdict()) for each in accused)
    log(by, "filed", case, number=number)
    look_whether_major(case, by)
    count_anew(case, by, reason="filed")
    return case


def _require_new(number: str, filed_on: date, clue: Clue | None) -> None:
    if filed_on > clock.today():
        raise DaysInWrongOrder
    if CrimeCase.objects.filter(number=number).exists():
        raise NumberTaken(number=number)
    if clue is not None and CrimeCase.objects.filter(clue=clue).exists():
        raise ClueAlreadyFiled


def _begin(case: CrimeCase, filed_on: date, by: User) -> None:
    """The first milestones: the days of the clue, where there is one, and that of filing."""
    clue = case.clue
    if clue is not None:
        _milestone(case, Stage.CLUE, clue.received_on, by)
        if clue.closed_on is not None:
            _milestone(case, Stage.VERIFIED, clue.closed_on, by)
    _milestone(case, Stage.FILED, filed_on, by)


def _milestone(case: CrimeCase, stage: Stage, on: date, by: User) -> None:
    Milestone.objects.create(case=case, stage=stage, reached_on=on, entered_by=by, entered_at=clock.now())


def _charge(case: CrimeCase, deed: Deed) -> Charge:
    """Charge an offence by the law of the last day of the act; the unit must have been there then."""
    if deed.act_until < deed.act_from or deed.act_until > clock.today():
        raise DaysInWrongOrder
    law = OffenceVersion.objects.on(deed.act_until).filter(offence=deed.offence).order_by("-in_force_from").first()
    if law is None:
        raise NoLawThen(offence=deed.offence.name)
    if not _was_there(case.unit, deed.act_until):
        raise UnitNotThen(unit=case.unit.name)
    return Charge.objects.create(
        case=case, law=law, act_from=deed.act_from, act_until=deed.act_until, amount=deed.amount
    )


def _was_there(unit: Unit, on: date) -> bool:
    """Whether a unit existed on a day, as far as the portal knows: neither dissolved before nor made by a later split."""
    if unit.dissolved_on is not None and unit.dissolved_on <= on:
        return False
    made = unit.change_parts.filter(part=PartKind.MADE, change__state=ChangeState.PERFORMED)
    return not made.filter(change__effective_on__gt=on).exists()


@transaction.atomic
def add_charge(by: User, case_id: int, deed: Deed) -> CrimeCase:
    """Charge a further offence. Raises CaseNotOpen, NoLawThen, UnitNotThen, DaysInWrongOrder, NotAllowed."""
    case = locked(by, case_id)
    charge = _charge(case, deed)
    log(by, "charged", case, offence=charge.law.offence.code)
    look_whether_major(case, by)
    return case


@transaction.atomic
def add_suspect(by: User, case_id: int, accused: Accused) -> CrimeCase:
    """Add a person concerned. Raises CaseNotOpen, NotAllowed."""
    case = locked(by, case_id)
    Suspect.objects.create(case=case, **accused._asdict())
    log(by, "suspect_added", case)
    look_whether_major(case, by)
    return case


@transaction.atomic
def also_found_by(by: User, case_id: int, *, source: str) -> CrimeCase:
    """Enter that a further source came upon the same facts by itself; twice is once. Raises NotAllowed, CaseNotOpen."""
    case = locked(by, case_id, states=(CaseState.OPEN, CaseState.SUSPENDED, CaseState.CONCLUDED))
    if source != case.source:
        FoundBy.objects.get_or_create(case=case, source=source, defaults={"entered_by": by})
        log(by, "also_found", case, source=source)
    return case


@transaction.atomic
def edit_case(
    by: User,
    case_id: int,
    *,
    expected_version: int,
    title: str,
    means: str,
    loophole: RequiredSystem | None,
    power: str,
    recovered: Decimal,
    listed_power: Power | None = None,
) -> CrimeCase:
    """Correct what is known of the case. Raises CaseNotOpen, NotAllowed, Conflict."""
    case = locked(by, case_id)
    case.save_fields(
        expected_version=expected_version,
        title=title,
        means=means,
        loophole=loophole,
        power=power,
        listed_power=listed_power,
        recovered=recovered,
    )
    log(by, "edited", case)
    return case
