"""The nouns of this room."""

from cases.models.clues import (
    CaseSettings,
    Clue,
    ClueFile,
    ClueOfficer,
    ClueState,
    ClueText,
    Grade,
    Opening,
    Result,
    Source,
    TextKind,
)
from cases.models.offences import Offence, OffenceVersion
from cases.models.punishments import (
    ColumnMapping,
    FaultyRow,
    Punishment,
    PunishmentUpload,
    SearchEntry,
)
from cases.models.screening import HitState, RuleKind, ScreeningHit, ScreeningRule

__all__ = [
    "CaseSettings",
    "Clue",
    "ClueFile",
    "ClueOfficer",
    "ClueState",
    "ClueText",
    "ColumnMapping",
    "FaultyRow",
    "Grade",
    "HitState",
    "Offence",
    "OffenceVersion",
    "Opening",
    "Punishment",
    "PunishmentUpload",
    "Result",
    "RuleKind",
    "ScreeningHit",
    "ScreeningRule",
    "SearchEntry",
    "Source",
    "TextKind",
]
