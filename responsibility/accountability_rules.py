"""Fairness in an accountability case: pure decisions on plain values. Days are working days unless said otherwise.

Source: the programme's rules of escalation: nobody decides in his own case; the explanation is heard before the
decision; a decision can be objected to once within ten days.
"""

from datetime import date

# The person may explain within this many working days of the opening.
EXPLAIN_DAYS = 5
# A decision can be objected to once within this many working days.
OBJECT_DAYS = 10


def has_been_heard(explained: bool, explain_until: date, today: date) -> bool:
    """Whether a decision is allowed: the person explained, or let the time for it pass."""
    return explained or today > explain_until


def deciding_group(own_head: bool, group_id: int | None, upper_group_id: int | None) -> int | None:
    """The leading group that decides: the responsible one; one level up where its head is the person concerned.

    None where nobody in this tree may decide: the case is then referred to the body above it.
    """
    return upper_group_id if own_head else group_id
