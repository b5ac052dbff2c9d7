"""The verbs of the annual assessment: the standard in versions, and each year's course from preview to publication."""

from responsibility.services.assessment.checking import answer, self_check
from responsibility.services.assessment.standards import (
    add_criterion,
    adopt,
    draft_standard,
    edit_criterion,
    remove_criterion,
    weight_of,
)
from responsibility.services.assessment.yearly import (
    compute,
    freeze,
    give_mark,
    open_assessment,
    preview,
    publish,
    recompute,
    start_self_check,
    units_of,
)

__all__ = [
    "add_criterion",
    "adopt",
    "answer",
    "compute",
    "draft_standard",
    "edit_criterion",
    "freeze",
    "give_mark",
    "open_assessment",
    "preview",
    "publish",
    "recompute",
    "remove_criterion",
    "self_check",
    "start_self_check",
    "units_of",
    "weight_of",
]
