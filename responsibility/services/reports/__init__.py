"""The verbs of reporting: open a period, save, attach, hand in, return, accept."""

from responsibility.services.reports.files import CLEAN_FILES, REPORT_FILES, attach, detach, files_of, keep_handed_in
from responsibility.services.reports.periods import open_period, owe, owe_running, pass_on, take_turn
from responsibility.services.reports.review import CORRECTION_DAYS, accept, return_report
from responsibility.services.reports.writing import save_part, submit

__all__ = [
    "CLEAN_FILES",
    "CORRECTION_DAYS",
    "REPORT_FILES",
    "accept",
    "attach",
    "detach",
    "files_of",
    "keep_handed_in",
    "open_period",
    "owe",
    "owe_running",
    "pass_on",
    "return_report",
    "save_part",
    "submit",
    "take_turn",
]
