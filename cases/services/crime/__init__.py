"""The verbs of duty-crime cases."""

from cases.services.crime.filing import Accused, Deed, add_charge, add_suspect, also_found_by, edit_case, file_case
from cases.services.crime.going import check_quality, conclude, correct_milestone, extend_limit, reach, resume, suspend
from cases.services.crime.joining import join_cases, split_case
from cases.services.crime.major import decide_major

__all__ = [
    "Accused",
    "Deed",
    "add_charge",
    "add_suspect",
    "also_found_by",
    "check_quality",
    "conclude",
    "correct_milestone",
    "decide_major",
    "edit_case",
    "extend_limit",
    "file_case",
    "join_cases",
    "reach",
    "resume",
    "split_case",
    "suspend",
]
