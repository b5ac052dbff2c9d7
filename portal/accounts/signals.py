"""What upper floors may want to tell people, sent inside the transaction that causes it."""

from django.dispatch import Signal

# A person signed in from a browser not seen before, and it was not the first one. Arguments: user, device (UserDevice).
new_device = Signal()

# A role was proposed. Arguments: proposal (GrantProposal), approvers (list of User) who may be the second person.
grant_proposed = Signal()

# A proposal was approved, declined or taken back. Argument: proposal (GrantProposal).
grant_decided = Signal()

# A second factor was added to an account or removed from it. Arguments: user, added (bool), factor (str, lazy).
second_factor_changed = Signal()
