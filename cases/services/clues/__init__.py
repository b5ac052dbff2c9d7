"""The verbs of clues: receive, name officers, open, take steps, ask the sender, close."""

from cases.services.clues.opening import open_clue, read, refuse_opening
from cases.services.clues.receiving import (
    Received,
    answer_question,
    by_receipt,
    from_hit,
    receive,
    receive_from_public,
    said_to_sender,
)
from cases.services.clues.rotating import rotate_keys
from cases.services.clues.working import add_step, ask_sender, close_clue, name_officers

__all__ = [
    "Received",
    "add_step",
    "answer_question",
    "ask_sender",
    "by_receipt",
    "close_clue",
    "from_hit",
    "name_officers",
    "open_clue",
    "read",
    "receive",
    "receive_from_public",
    "refuse_opening",
    "rotate_keys",
    "said_to_sender",
]
