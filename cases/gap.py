"""What became of a gap that cases went through: in each unit from the case to the system, its inspection and its closing."""

from dataclasses import dataclass, field
from datetime import date

from cases.models import CrimeCase, Milestone, Recommendation, Stage
from portal.accounts.models import User
from portal.organisation.models import Unit
from systems.models import (
    BlankArea,
    Finding,
    Inspection,
    RectificationState,
    RequiredSystem,
    SystemVersion,
    UnitSystem,
    VersionState,
)


@dataclass
class Chain:
    """A unit and what is known of the gap there; `since` is the day of its first case or recommendation."""

    unit: Unit
    since: date | None = None
    cases: list[CrimeCase] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)
    system: UnitSystem | None = None
    version: SystemVersion | None = None
    blank: BlankArea | None = None
    inspection: Inspection | None = None
    finding: Finding | None = None

    @property
    def is_renewed(self) -> bool:
        """Whether the text in force is a new or revised one since the case came up."""
        version = self.version
        return bool(version and version.in_force_from and self.since and version.in_force_from >= self.since)

    @property
    def is_closed(self) -> bool:
        """Whether the gap is closed: a system in force, whatever was found put right and verified, and somebody looked at it."""
        if self.version is None or self.blank is not None:
            return False
        if self.finding is not None:
            return bool(self.finding.rectification.state == RectificationState.VERIFIED)
        return self.inspection is not None


def chains(user: User, system: RequiredSystem) -> list[Chain]:
    """The units in which a gap led to a case, or which were asked to close it: those with cases first.

    A fixed number of queries, however many units; nothing that the person may not see.
    """
    found: dict[int, Chain] = {}
    filed = Milestone.objects.filter(stage=Stage.FILED, case__loophole=system)
    days = dict(filed.values_list("case_id", "reached_on"))
    for case in CrimeCase.objects.visible_to(user).filter(loophole=system).select_related("unit").order_by("pk"):
        chain = found.setdefault(case.unit_id, Chain(case.unit))
        chain.cases.append(case)
        _since(chain, days.get(case.pk))
    asked = Recommendation.objects.visible_to(user).filter(loophole=system).select_related("unit").order_by("pk")
    for recommendation in asked:
        chain = found.setdefault(recommendation.unit_id, Chain(recommendation.unit))
        chain.recommendations.append(recommendation)
        _since(chain, recommendation.drafted_at.date())
    _add_systems(user, found, system)
    _add_blanks(user, found, system)
    _add_looks(user, found, system)
    return sorted(found.values(), key=lambda chain: (not chain.cases, chain.is_closed, chain.unit.sort_key))


def _since(chain: Chain, day: date | None) -> None:
    if day is not None and (chain.since is None or day < chain.since):
        chain.since = day


def _add_systems(user: User, found: dict[int, Chain], system: RequiredSystem) -> None:
    """The unit's system, and its version in force."""
    systems = UnitSystem.objects.visible_to(user).live().filter(category=system, unit__in=found)
    for row in systems:
        found[row.unit_id].system = row
    versions = SystemVersion.objects.filter(system__in=systems.in_force(), state=VersionState.IN_FORCE)
    for version in versions.select_related("system"):
        found[version.system.unit_id].version = version


def _add_blanks(user: User, found: dict[int, Chain], system: RequiredSystem) -> None:
    blanks = BlankArea.objects.visible_to(user).open().filter(category=system, unit__in=found)
    for blank in blanks.select_related("obligation"):
        found[blank.unit_id].blank = blank


def _add_looks(user: User, found: dict[int, Chain], system: RequiredSystem) -> None:
    """The last inspection of it, and the last finding about it, since the gap came up."""
    inspections = Inspection.objects.visible_to(user).filter(categories=system, unit__in=found)
    for inspection in inspections.filter(completed_on__isnull=False).order_by("completed_on", "pk"):
        chain = found[inspection.unit_id]
        if chain.since is None or (inspection.completed_on and inspection.completed_on >= chain.since):
            chain.inspection = inspection
    findings = Finding.objects.visible_to(user).filter(category=system, unit__in=found)
    for finding in findings.select_related("rectification").order_by("found_on", "pk"):
        chain = found[finding.unit_id]
        if chain.since is None or finding.found_on >= chain.since:
            chain.finding = finding
