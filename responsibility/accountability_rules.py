"""Fairness in an accountability case: pure decisions on plain values. Days are working days unless said otherwise.

Source: the programme's rules of escalation: nobody decides in his own case; the explanation is heard before the
decision; a decision can be objected to once within ten days. Who decides in the end is `models.CaseQuerySet.with_deciders`.
"""

from datetime import date

# The person may explain within this many working days of the opening, and again of the raising of a decided case.
EXPLAIN_DAYS = 5
# A decision can be objected to once within this many working days.
OBJECT_DAYS = 10
# The mildest measure that a major case may have.
MILDEST_FOR_MAJOR = "admonishing_talk"


def has_been_heard(explained: bool, explain_until: date, today: date) -> bool:
    """Whether a decision is allowed: the person explained, or let the time for it pass."""
    return explained or today > explain_until


def state_before_decision(explained: bool, proposed: bool) -> str:
    """The state of a case that is to be decided (again), by what has been said since its last decision."""
    if proposed:
        return "proposed"
    return "explained" if explained else "opened"
