"""What an adopted proposal comes to: a version of the catalogue, or what is recorded by hand."""

from typing import Any

from django.db import transaction

from portal.accounts.models import User
from portal.obligations import services as obligations
from portal.obligations.choices import State
from portal.obligations.policies import require
from portal.workdays import clock
from systems import policies_programme as policies
from systems.errors_programme import NotForCatalogue, OutcomeMissing, ProposalNotAdopted
from systems.models.experience import Proposal, ProposalKind, ProposalState
from systems.models.regulations import Regulations
from systems.services import catalogue, telling
from systems.services.catalogue import Demand
from systems.services.proposals.making import names, say, seen

DROPPED = "The proposal is not carried out. / 建议不再落实。"


@transaction.atomic
def carry_out_in_catalogue(
    by: User,
    proposal_id: int,
    *,
    expected_version: int,
    demand: Demand,
    code: str = "",
    level: str = "",
    name_en: str = "",
    name_zh: str = "",
    catalogue_number: int = 0,
) -> Proposal:
    """Write an adopted proposal into the catalogue: a new system, or a new version of the one that it names.

    Code, level and names are those of a new system; `catalogue_number` is the version of the existing one that was shown.
    Raises NotForCatalogue, ProposalNotAdopted, NotAllowed, Conflict, and what the verbs of the catalogue raise.
    """
    proposal = _adopted(by, proposal_id)
    if proposal.kind != ProposalKind.SYSTEM:
        raise NotForCatalogue
    if proposal.system is None:
        system = catalogue.add_system(by, code=code, level=level, name_en=name_en, name_zh=name_zh, demand=demand)
        made = system.requirements.latest("number")
    else:
        made = catalogue.new_version(by, proposal.system.pk, expected_number=catalogue_number, demand=demand)
    text = f"{made.system.name_en} / {made.system.name_zh}, v{made.number} ({made.year})"
    return _close(by, proposal, ProposalState.IN_EFFECT, expected_version, text, requirement=made)


@transaction.atomic
def record_result(
    by: User,
    proposal_id: int,
    *,
    expected_version: int,
    in_effect: bool,
    text: str,
    regulations: Regulations | None = None,
) -> Proposal:
    """Record what an adopted proposal came to, with the version of the Regulations that has it, if one does.

    Raises OutcomeMissing, ProposalNotAdopted, NotAllowed, Conflict.
    """
    proposal = _adopted(by, proposal_id)
    if not text.strip():
        raise OutcomeMissing
    state = ProposalState.IN_EFFECT if in_effect else ProposalState.DROPPED
    return _close(by, proposal, state, expected_version, text.strip(), regulations=regulations if in_effect else None)


def _adopted(by: User, proposal_id: int) -> Proposal:
    proposal = seen(by, proposal_id)
    require(policies.may_carry_out(by, proposal))
    if proposal.state != ProposalState.ADOPTED:
        raise ProposalNotAdopted
    return proposal


def _close(by: User, proposal: Proposal, state: ProposalState, version: int, text: str, **fields: Any) -> Proposal:
    proposal.move_to(state, expected_version=version, result=text, closed_on=clock.today(), **fields)
    duty = proposal.obligation
    if duty is not None and duty.state == State.OPEN:
        if state == ProposalState.IN_EFFECT:
            obligations.discharge(duty.pk)
        else:
            obligations.cancel(duty.pk, reason=DROPPED, by=by)
    say(by, proposal, text)
    words = {"title": names(proposal), "result": text}
    telling.people("proposal_result", [proposal.proposed_by], proposal, unit=proposal.unit, **words)
    return proposal
