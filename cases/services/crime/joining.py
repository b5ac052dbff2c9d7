"""Joining cases and splitting one: what is known goes along, nothing is lost."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from django.db import transaction

from cases.errors import JoinWithItself, NothingToSplit, NumberTaken, ReasonMissing
from cases.models import CaseState, Charge, CrimeCase, Milestone, Suspect
from cases.services.crime.base import count_anew, locked, log
from cases.services.crime.major import look_whether_major
from portal.accounts.models import User
from portal.workdays import clock

T = TypeVar("T", Suspect, Charge, Milestone)


@transaction.atomic
def join_cases(by: User, case_id: int, into_id: int, *, expected_version: int, reason: str) -> CrimeCase:
    """Join a case with another, which takes over its persons and charges. Raises JoinWithItself, CaseNotOpen, Conflict."""
    if case_id == into_id:
        raise JoinWithItself
    if not reason.strip():
        raise ReasonMissing
    # In a fixed order, so that two who join the same cases do not wait for each other.
    found = {pk: locked(by, pk) for pk in sorted((case_id, into_id))}
    case, into = found[case_id], found[into_id]
    known = set(into.suspects.values_list("name", "post"))
    Suspect.objects.bulk_create(
        _copy(each, into) for each in case.suspects.all() if (each.name, each.post) not in known
    )
    _add_charges(case, into)
    case.move_to(CaseState.JOINED, expected_version=expected_version, joined_into=into)
    log(by, "joined", case, into=into.number, reason=reason.strip())
    count_anew(case, by, reason=f"joined with {into.number}")
    look_whether_major(into, by)
    return into


def _add_charges(case: CrimeCase, into: CrimeCase) -> None:
    """Charges under the same text of the law become one: amounts are added up (Criminal Law, art. 383), the acts span both."""
    known = {charge.law_id: charge for charge in into.charges.all()}
    for charge in case.charges.all():
        same = known.get(charge.law_id)
        if same is None:
            _copy(charge, into).save()
            continue
        amounts = [each.amount for each in (same, charge) if each.amount is not None]
        same.amount = sum(amounts, start=Decimal(0)) if amounts else None
        same.act_from = min(same.act_from, charge.act_from)
        same.act_until = max(same.act_until, charge.act_until)
        same.save(update_fields=["amount", "act_from", "act_until"])


@transaction.atomic
def split_case(by: User, case_id: int, *, number: str, title: str, suspects: Sequence[int], reason: str) -> CrimeCase:
    """Handle some persons of a case in one of its own, with the same charges and milestones.

    Raises NothingToSplit unless somebody goes and somebody stays, NumberTaken, ReasonMissing, CaseNotOpen, NotAllowed.
    """
    case = locked(by, case_id)
    going = case.suspects.filter(pk__in=suspects)
    if not 0 < going.count() < case.suspects.count():
        raise NothingToSplit
    if not reason.strip():
        raise ReasonMissing
    if CrimeCase.objects.filter(number=number).exists():
        raise NumberTaken(number=number)
    part = CrimeCase.objects.create(
        number=number,
        title=title,
        unit=case.unit,
        office=case.office,
        officer=by,
        source=case.source,
        means=case.means,
        loophole=case.loophole,
        power=case.power,
        listed_power=case.listed_power,
        split_from=case,
        opened_at=clock.now(),
    )
    Charge.objects.bulk_create(_copy(each, part) for each in case.charges.all())
    Milestone.objects.bulk_create(_copy(each, part) for each in case.milestones.all())
    going.update(case=part)
    log(by, "split", case, into=number, reason=reason.strip())
    log(by, "filed", part, number=number)
    look_whether_major(part, by)
    count_anew(part, by, reason="split")
    return part


def _copy(row: T, case: CrimeCase) -> T:
    """A row of another case as one of this, not stored yet."""
    row.pk, row.case = None, case
    return row
