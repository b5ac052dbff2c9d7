"""Programme, letters, reports and accountability."""

from responsibility.models.accountability import (
    UNDECIDED,
    AccountabilityCase,
    CaseEntry,
    CaseState,
    Cause,
    Decider,
    EntryKind,
    Measure,
)
from responsibility.models.letters import (
    LIVE,
    UNSIGNED,
    Letter,
    LetterState,
    Obstacle,
    Side,
    Signature,
)
from responsibility.models.programme import Programme, ProgrammeYear
from responsibility.models.reports import (
    EDITABLE,
    Part,
    PeriodKind,
    Remark,
    Report,
    ReportingPeriod,
    ReportState,
    Submission,
)
from responsibility.models.template import Clause, LetterTemplate, Section, Target

__all__ = [
    "EDITABLE",
    "LIVE",
    "UNDECIDED",
    "UNSIGNED",
    "AccountabilityCase",
    "CaseEntry",
    "CaseState",
    "Cause",
    "Clause",
    "Decider",
    "EntryKind",
    "Letter",
    "LetterState",
    "LetterTemplate",
    "Measure",
    "Obstacle",
    "Part",
    "PeriodKind",
    "Programme",
    "ProgrammeYear",
    "Remark",
    "Report",
    "ReportState",
    "ReportingPeriod",
    "Section",
    "Side",
    "Signature",
    "Submission",
    "Target",
]
