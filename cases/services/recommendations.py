"""The verbs of recommendations: draft, sign, serve, reply, judge, visit, withdraw; and one to many units at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from cases import policies
from cases.clue_rules import add_months
from cases.errors import DaysInWrongOrder, NumberTaken, ReasonMissing, SignedByDrafter, StepNotOpen
from cases.models import CrimeCase, Judgement, Recommendation, RecommendationState, RecommendationWord, WordKind
from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import services as audit
from portal.notices import services as notices
from portal.obligations.choices import State
from portal.obligations.services import duties
from portal.organisation.models import Unit
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems.models import Finding, Gravity, RequiredSystem
from systems.services import findings

# What a reply that is not enough is mended within.
AGAIN_MONTHS = 1
# Working days in which the unit acknowledges.
RECEIPT_DAYS = 5


def _locked(by: User, pk: int, *states: str) -> Recommendation:
    found = Recommendation.objects.visible_to(by).locked(pk)
    if found.state not in states:
        raise StepNotOpen
    return found


def _log(by: User, action: str, found: Recommendation, **data: Any) -> None:
    audit.record(by, f"recommendation.{action}", found, path=str(found.unit.path), data=data or None)


def _say(found: Recommendation, by: User, kind: WordKind, text: str) -> None:
    if not text.strip():
        raise ReasonMissing
    RecommendationWord.objects.create(
        recommendation=found, kind=kind, text=text.strip(), author=by, written_at=clock.now()
    )


@transaction.atomic
def draft(
    by: User,
    *,
    number: str,
    unit: Unit,
    facts: str,
    basis: str,
    measures: str,
    case: CrimeCase | None = None,
    loophole: RequiredSystem | None = None,
    reply_months: int = 2,
) -> Recommendation:
    """Draft a recommendation to a unit. Raises NumberTaken, NotAllowed."""
    policies.require(policies.may_work_at(by, str(unit.path)))
    if Recommendation.objects.filter(number=number).exists():
        raise NumberTaken(number=number)
    made = Recommendation.objects.create(
        number=number,
        unit=unit,
        facts=facts,
        basis=basis,
        measures=measures,
        case=case,
        loophole=loophole or (case.loophole if case else None),
        reply_months=reply_months,
        drafted_by=by,
        drafted_at=clock.now(),
    )
    _log(by, "drafted", made)
    return made


@transaction.atomic
def draft_many(by: User, units: Sequence[Unit], *, number: str, **words: Any) -> list[Recommendation]:
    """Draft the same recommendation to several units in one act: one case, one prevention. Numbers get a place each."""
    return [draft(by, number=f"{number}-{place}", unit=unit, **words) for place, unit in enumerate(units, start=1)]


@transaction.atomic
def edit(by: User, pk: int, *, expected_version: int, facts: str, basis: str, measures: str) -> Recommendation:
    """Change a draft. Raises StepNotOpen, NotAllowed, Conflict."""
    found = _locked(by, pk, RecommendationState.DRAFT)
    policies.require(policies.may_work_at(by, str(found.unit.path)))
    found.save_fields(expected_version=expected_version, facts=facts, basis=basis, measures=measures)
    _log(by, "edited", found)
    return found


@transaction.atomic
def sign(by: User, pk: int, *, expected_version: int) -> Recommendation:
    """Sign a draft of somebody else's; the unit is told and acknowledges it. Raises SignedByDrafter, StepNotOpen, Conflict."""
    found = _locked(by, pk, RecommendationState.DRAFT)
    policies.require(policies.may_sign(by, found))
    if found.drafted_by_id == by.pk:
        raise SignedByDrafter
    found.move_to(RecommendationState.SIGNED, expected_version=expected_version, signed_by=by, signed_at=clock.now())
    _await_receipt(found)
    _log(by, "signed", found)
    _tell(found, "recommendation_sent", scopes.users_with(Role.TOP_LEADER, str(found.unit.path)))
    return found


def _await_receipt(found: Recommendation) -> None:
    """The acknowledgement as a duty of the unit: without it no reply would ever be owed."""
    today = clock.today()
    found.obligation = duties.open_duty(
        "recommendation_receipt",
        found.unit_id,
        load_calendar().add(today, RECEIPT_DAYS),
        label_en=f"Acknowledge {found.number}",
        label_zh=f"签收{found.number}",
        year=today.year,
        anchor_on=today,
        anchor_days=RECEIPT_DAYS,
    )
    found.save(update_fields=["obligation"])


@transaction.atomic
def acknowledge(by: User, pk: int, *, expected_version: int) -> Recommendation:
    """The unit acknowledges that it was served; the reply is owed from this day on. Raises StepNotOpen, NotAllowed, Conflict."""
    found = _locked(by, pk, RecommendationState.SIGNED)
    policies.require(policies.is_addressee(by, found))
    found.move_to(RecommendationState.SERVED, expected_version=expected_version, served_to=by, served_on=clock.today())
    _served(found)
    _log(by, "served", found)
    return found


@transaction.atomic
def serve_on_paper(by: User, pk: int, *, expected_version: int, on: date, how: str) -> Recommendation:
    """The office records that it was served outside the portal: on which day, to whom, on what evidence.

    Raises DaysInWrongOrder for a day before the signature or to come, StepNotOpen, ReasonMissing, NotAllowed, Conflict.
    """
    found = _locked(by, pk, RecommendationState.SIGNED)
    policies.require(policies.may_work_at(by, str(found.unit.path)) and not policies.is_addressee(by, found))
    assert found.signed_at is not None, "a signed one has its day"
    if not found.signed_at.astimezone(clock.zone()).date() <= on <= clock.today():
        raise DaysInWrongOrder
    _say(found, by, WordKind.SERVICE, how)
    found.move_to(RecommendationState.SERVED, expected_version=expected_version, served_on=on)
    _served(found)
    _log(by, "served", found, on_paper=True)
    _tell(found, "recommendation_served", scopes.users_with(Role.TOP_LEADER, str(found.unit.path)))
    return found


def _served(found: Recommendation) -> None:
    """The acknowledgement is no longer owed, the reply is, counted from the day of service."""
    assert found.served_on is not None, "it was served on a day"
    if found.obligation_id is not None:
        duties.discharge(found.obligation_id, on=found.served_on)
    _owe(found, add_months(found.served_on, found.reply_months))


def _owe(found: Recommendation, due_on: Any) -> None:
    """The reply as a duty of the unit."""
    found.obligation = duties.open_duty(
        "recommendation_reply",
        found.unit_id,
        due_on,
        label_en=f"Reply to {found.number}",
        label_zh=f"回复{found.number}",
        year=due_on.year,
    )
    found.save(update_fields=["obligation"])


@transaction.atomic
def reply(by: User, pk: int, *, expected_version: int, text: str) -> Recommendation:
    """The unit's leader replies what was done; the duty is done. Raises StepNotOpen, ReasonMissing, NotAllowed, Conflict."""
    found = _locked(by, pk, RecommendationState.SERVED, RecommendationState.RETURNED)
    policies.require(policies.may_reply(by, found))
    _say(found, by, WordKind.REPLY, text)
    found.move_to(RecommendationState.REPLIED, expected_version=expected_version)
    if found.obligation_id is not None:
        duties.discharge(found.obligation_id)
    _log(by, "replied", found)
    _tell(found, "recommendation_replied", [found.drafted_by])
    return found


@transaction.atomic
def judge(by: User, pk: int, *, expected_version: int, judgement: Judgement, text: str) -> Recommendation:
    """Judge the reply: accepted, with or without a rectification that is verified, or owed again within a month.

    Raises StepNotOpen, ReasonMissing, UnitEnded, NotAllowed, Conflict.
    """
    found = _locked(by, pk, RecommendationState.REPLIED)
    policies.require(policies.may_work_at(by, str(found.unit.path)) and not policies.is_addressee(by, found))
    _say(found, by, WordKind.JUDGEMENT, text)
    is_enough = judgement != Judgement.AGAIN
    if is_enough:
        finding = _follow_up(by, found) if judgement == Judgement.RECTIFY else None
        found.move_to(
            RecommendationState.ACCEPTED, expected_version=expected_version, accepted_on=clock.today(), finding=finding
        )
    else:
        found.move_to(RecommendationState.RETURNED, expected_version=expected_version)
        _owe(found, add_months(clock.today(), AGAIN_MONTHS))
    _log(by, "judged", found, judgement=str(judgement))
    kind = "recommendation_accepted" if is_enough else "recommendation_returned"
    _tell(found, kind, scopes.users_with(Role.TOP_LEADER, str(found.unit.path)))
    return found


def _follow_up(by: User, found: Recommendation) -> Finding:
    """What was promised becomes a rectification of the unit. A crime went through the gap: it is a serious one."""
    text = f"{found.number}\n{found.measures}"
    return findings.record(by, found.unit, gravity=Gravity.SERIOUS, text=text, category=found.loophole)


@transaction.atomic
def visit(by: User, pk: int, *, text: str) -> Recommendation:
    """Write down a follow-up visit. Raises StepNotOpen, ReasonMissing, NotAllowed."""
    found = _locked(by, pk, RecommendationState.REPLIED, RecommendationState.ACCEPTED)
    policies.require(policies.may_work_at(by, str(found.unit.path)))
    _say(found, by, WordKind.VISIT, text)
    _log(by, "visited", found)
    return found


@transaction.atomic
def withdraw(by: User, pk: int, *, expected_version: int, reason: str) -> Recommendation:
    """Withdraw a recommendation that was not replied to. Raises StepNotOpen, ReasonMissing, NotAllowed, Conflict."""
    states = RecommendationState
    found = _locked(by, pk, states.DRAFT, states.SIGNED, states.SERVED, states.RETURNED)
    policies.require(policies.may_work_at(by, str(found.unit.path)))
    _say(found, by, WordKind.WITHDRAWAL, reason)
    sent = found.state != states.DRAFT
    found.move_to(states.WITHDRAWN, expected_version=expected_version)
    if found.obligation is not None and found.obligation.state == State.OPEN:
        duties.cancel(found.obligation.pk, reason=reason, by=by)
    _log(by, "withdrawn", found, reason=reason)
    if sent:
        _tell(found, "recommendation_withdrawn", scopes.users_with(Role.TOP_LEADER, str(found.unit.path)))
    return found


def _tell(found: Recommendation, kind: str, to: Any) -> None:
    notices.queue(
        kind,
        to=to,
        about=found,
        unit=found.unit,
        url=found.get_absolute_url(),
        number=found.number,
        unit_name=found.unit.name,
    )
