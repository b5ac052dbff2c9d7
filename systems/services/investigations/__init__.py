"""The verbs of investigations and research reports."""

from systems.services.investigations.answering import hand_in, save
from systems.services.investigations.asking import address, close, follow_closed, open_
from systems.services.investigations.reporting import publish, write_report
from systems.services.investigations.writing import (
    InvestigationPlan,
    QuestionText,
    add_question,
    change,
    draft,
    edit_question,
    remove_question,
)

__all__ = [
    "InvestigationPlan",
    "QuestionText",
    "add_question",
    "address",
    "change",
    "close",
    "draft",
    "edit_question",
    "follow_closed",
    "hand_in",
    "open_",
    "publish",
    "remove_question",
    "save",
    "write_report",
]
