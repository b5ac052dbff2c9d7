"""Deciding a proposal: adopted with who carries it out, or declined with the reason; or withdrawn before."""

from datetime import date

from django.db import transaction

from portal.accounts.models import User
from portal.obligations import services as obligations
from portal.obligations.policies import require
from portal.organisation.models import Unit
from portal.workdays import clock
from systems import policies_programme as policies
from systems import signals
from systems.errors_programme import CarrierMissing, DecisionReasonMissing, OwnProposal, ProposalDecided
from systems.models.experience import Proposal, ProposalState
from systems.services import telling
from systems.services.guards import require_unit
from systems.services.proposals.making import names, say, seen

DUTY = "proposal"


@transaction.atomic
def adopt(by: User, proposal_id: int, *, expected_version: int, text: str, unit: Unit, due_on: date) -> Proposal:
    """Adopt a proposal: a unit carries it out by a day, as a duty of its own. Upper floors are told by a signal.

    Raises OwnProposal, DecisionReasonMissing, CarrierMissing, ProposalDecided, UnitEnded, NotAllowed, Conflict.
    """
    proposal = _to_decide(by, proposal_id, text)
    require_unit(unit)
    if due_on < clock.today():
        raise CarrierMissing
    title = names(proposal)
    duty = obligations.open_duty(
        DUTY,
        unit.pk,
        due_on,
        label_en=f"Adopted proposal: {title['en']}"[:200],
        label_zh=f"落实已采纳建议：{title['zh-hans']}"[:200],
        year=due_on.year,
    )
    _decide(by, proposal, ProposalState.ADOPTED, expected_version, text, carried_out_by=unit, obligation=duty)
    telling.units("proposal_to_carry_out", [(unit, proposal)], title=title, due_on=due_on.isoformat())
    signals.proposal_adopted.send(Proposal, proposal=proposal)
    return proposal


@transaction.atomic
def decline(by: User, proposal_id: int, *, expected_version: int, text: str) -> Proposal:
    """Decline a proposal with the reason. Raises OwnProposal, DecisionReasonMissing, ProposalDecided, NotAllowed, Conflict."""
    proposal = _to_decide(by, proposal_id, text)
    _decide(by, proposal, ProposalState.DECLINED, expected_version, text)
    return proposal


@transaction.atomic
def withdraw(by: User, proposal_id: int, *, expected_version: int, text: str) -> Proposal:
    """Take the own proposal back before it is decided. Raises ProposalDecided, DecisionReasonMissing, NotAllowed, Conflict."""
    proposal = seen(by, proposal_id)
    require(policies.may_withdraw_proposal(by, proposal))
    _require_undecided(proposal, text)
    proposal.move_to(ProposalState.WITHDRAWN, expected_version=expected_version, closed_on=clock.today())
    say(by, proposal, text)
    return proposal


def _to_decide(by: User, proposal_id: int, text: str) -> Proposal:
    proposal = seen(by, proposal_id)
    if proposal.proposed_by_id == by.pk:
        raise OwnProposal
    require(policies.may_decide_proposal(by, proposal))
    _require_undecided(proposal, text)
    return proposal


def _require_undecided(proposal: Proposal, text: str) -> None:
    if proposal.state != ProposalState.SUBMITTED:
        raise ProposalDecided
    if not text.strip():
        raise DecisionReasonMissing


def _decide(by: User, proposal: Proposal, state: ProposalState, version: int, text: str, **fields: object) -> None:
    decided = {"decided_by": by, "decided_at": clock.now()}
    if state == ProposalState.DECLINED:
        decided["closed_on"] = clock.today()
    proposal.move_to(state, expected_version=version, **decided, **fields)
    say(by, proposal, text)
    words = {"title": names(proposal), "reason": text.strip()}
    telling.people(f"proposal_{state}", [proposal.proposed_by], proposal, unit=proposal.unit, **words)
