"""The verbs of proposals: propose, withdraw, decide, carry out in the catalogue, record the result."""

from systems.services.proposals.carrying_out import carry_out_in_catalogue, record_result
from systems.services.proposals.deciding import adopt, decline, withdraw
from systems.services.proposals.making import ProposalText, propose

__all__ = ["ProposalText", "adopt", "carry_out_in_catalogue", "decline", "propose", "record_result", "withdraw"]
