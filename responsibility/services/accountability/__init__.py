"""The verbs of an accountability case: open, explain, propose, decide, object, answer, refer, raise, close."""

from responsibility.services.accountability.by_clock import (
    close_final,
    follow_clock,
    follow_steps,
    open_cases,
    raise_cases,
)
from responsibility.services.accountability.by_major_case import follow_major_case
from responsibility.services.accountability.counting import follow_calendar
from responsibility.services.accountability.deciding import decide, explain, propose
from responsibility.services.accountability.foreseeing import raisings
from responsibility.services.accountability.objecting import answer_objection, object_to
from responsibility.services.accountability.referring import refer

__all__ = [
    "answer_objection",
    "close_final",
    "decide",
    "explain",
    "follow_calendar",
    "follow_clock",
    "follow_major_case",
    "follow_steps",
    "object_to",
    "open_cases",
    "propose",
    "raise_cases",
    "raisings",
    "refer",
]
