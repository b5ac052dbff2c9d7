"""The verbs of letters: issue, sign for the group, sign for the unit, say what keeps one from it, replace, withdraw."""

from responsibility.services.letters.ending import end_unsigned, follow_new_holders, follow_office, withdraw
from responsibility.services.letters.issuing import (
    CHUNK,
    ISSUE_JOB,
    Preview,
    candidates,
    issue_chunk,
    preview,
    run_issue,
    start_issue,
    take_turn,
)
from responsibility.services.letters.refusing import state_obstacle
from responsibility.services.letters.signing import (
    Batch,
    Whole,
    batches_for,
    sign_for_group,
    sign_for_unit,
    waiting_for,
)

__all__ = [
    "CHUNK",
    "ISSUE_JOB",
    "Batch",
    "Preview",
    "Whole",
    "batches_for",
    "candidates",
    "end_unsigned",
    "follow_new_holders",
    "follow_office",
    "issue_chunk",
    "preview",
    "run_issue",
    "sign_for_group",
    "sign_for_unit",
    "start_issue",
    "state_obstacle",
    "take_turn",
    "waiting_for",
    "withdraw",
]
