"""The verbs of the engine: open, discharge, end, extend, suspend, resume, exempt."""

from portal.obligations.services.calendar import enter_notice, set_day
from portal.obligations.services.decisions import ask_extension, decide_extension, resume, suspend, waive
from portal.obligations.services.duties import DutyDraft, cancel, discharge, open_duty, open_many
from portal.obligations.services.ladders import RungDraft, new_ladder
from portal.obligations.services.schedule import Refreshed, recount, refresh, refresh_units

__all__ = [
    "DutyDraft",
    "Refreshed",
    "RungDraft",
    "ask_extension",
    "cancel",
    "decide_extension",
    "discharge",
    "enter_notice",
    "new_ladder",
    "open_duty",
    "open_many",
    "recount",
    "refresh",
    "refresh_units",
    "resume",
    "set_day",
    "suspend",
    "waive",
]
