"""What upper floors may want to know of this room, sent inside the transaction that causes it.

`proposal_adopted(proposal: Proposal)`: the leading group has adopted a proposal. A change of the assessment standard is for
the floor that assesses to carry out.
"""

from django.dispatch import Signal

proposal_adopted = Signal()
