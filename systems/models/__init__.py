"""Institutional systems: what must be there, what is there, whether it is lived."""

# Read for Django to know them; their own apps' code names them by module.
from systems.models import experience as experience
from systems.models import investigations as investigations
from systems.models import projects as projects
from systems.models import regulations as regulations
from systems.models import research as research
from systems.models.blanks import BlankArea
from systems.models.catalogue import CatalogueLevel, RequiredSystem, Requirement
from systems.models.inspections import (
    Answer,
    Finding,
    Gravity,
    Inspection,
    InspectionItem,
    InspectionRound,
    InspectionState,
    Selection,
)
from systems.models.joint import JointDuty, JointGroup, JointMember, JointRole, JointShare
from systems.models.powers import MeasureKind, Power, PowerArea, PowerMeasure, PowerReview, PowerRisk
from systems.models.rectification import OWED, Rectification, RectificationState, RectificationWord
from systems.models.register import (
    COMING,
    FORCE,
    WRITABLE,
    ReviewOutcome,
    SystemReview,
    SystemState,
    SystemVersion,
    UnitSystem,
    VersionState,
)

__all__ = [
    "COMING",
    "FORCE",
    "OWED",
    "WRITABLE",
    "Answer",
    "BlankArea",
    "CatalogueLevel",
    "Finding",
    "Gravity",
    "Inspection",
    "InspectionItem",
    "InspectionRound",
    "InspectionState",
    "JointDuty",
    "JointGroup",
    "JointMember",
    "JointRole",
    "JointShare",
    "MeasureKind",
    "Power",
    "PowerArea",
    "PowerMeasure",
    "PowerReview",
    "PowerRisk",
    "Rectification",
    "RectificationState",
    "RectificationWord",
    "RequiredSystem",
    "Requirement",
    "ReviewOutcome",
    "Selection",
    "SystemReview",
    "SystemState",
    "SystemVersion",
    "UnitSystem",
    "VersionState",
]
