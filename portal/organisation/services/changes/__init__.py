"""Changes of units: rename, move, merge, split, dissolve; decided, planned, performed on their day, withdrawn."""

from portal.organisation.services.changes.base import Change
from portal.organisation.services.changes.deciding import check, decide, perform_due, withdraw
from portal.organisation.services.changes.dissolve import Dissolve
from portal.organisation.services.changes.ending import grants_over
from portal.organisation.services.changes.making import NewUnit
from portal.organisation.services.changes.merge import Merge
from portal.organisation.services.changes.move import Move
from portal.organisation.services.changes.rename import Rename
from portal.organisation.services.changes.split import Split

__all__ = [
    "Change",
    "Dissolve",
    "Merge",
    "Move",
    "NewUnit",
    "Rename",
    "Split",
    "check",
    "decide",
    "grants_over",
    "perform_due",
    "withdraw",
]
