"""The nouns of this room."""

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
    "ColumnMapping",
    "FaultyRow",
    "HitState",
    "Offence",
    "OffenceVersion",
    "Punishment",
    "PunishmentUpload",
    "RuleKind",
    "ScreeningHit",
    "ScreeningRule",
    "SearchEntry",
]
