"""The nouns of this room."""

from cases.models.cases import (
    CaseState,
    Charge,
    CrimeCase,
    LeaderAtTheTime,
    Major,
    Outcome,
    Stage,
    Suspect,
)
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
from cases.models.exposures import Exposure, ExposureState, Release
from cases.models.offences import Offence, OffenceVersion
from cases.models.proceedings import (
    CaseSuspension,
    LimitExtension,
    Milestone,
    QualityCheck,
    StageLimit,
)
from cases.models.punishments import (
    ColumnMapping,
    FaultyRow,
    Punishment,
    PunishmentUpload,
    SearchEntry,
)
from cases.models.recommendations import (
    Recommendation,
    RecommendationState,
    RecommendationWord,
    WordKind,
)
from cases.models.screening import HitState, RuleKind, ScreeningHit, ScreeningRule

__all__ = [
    "CaseSettings",
    "CaseState",
    "CaseSuspension",
    "Charge",
    "Clue",
    "ClueFile",
    "ClueOfficer",
    "ClueState",
    "ClueText",
    "ColumnMapping",
    "CrimeCase",
    "Exposure",
    "ExposureState",
    "FaultyRow",
    "Grade",
    "HitState",
    "LeaderAtTheTime",
    "LimitExtension",
    "Major",
    "Milestone",
    "Offence",
    "OffenceVersion",
    "Opening",
    "Outcome",
    "Punishment",
    "PunishmentUpload",
    "QualityCheck",
    "Recommendation",
    "RecommendationState",
    "RecommendationWord",
    "Release",
    "Result",
    "RuleKind",
    "ScreeningHit",
    "ScreeningRule",
    "SearchEntry",
    "Source",
    "Stage",
    "StageLimit",
    "Suspect",
    "TextKind",
    "WordKind",
]
