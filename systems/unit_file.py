"""Systems, powers, inspections and findings in a unit's file."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.organisation.sections import Event, Section, Sheet
from portal.web.i18n import titled
from portal.workdays import clock
from systems import coverage, power_words
from systems.coverage import ICONS, ORDER, WORDS
from systems.models import Finding, Inspection, InspectionState, Power, SystemVersion, UnitSystem, VersionState
from systems.register_rules import Cell
from systems.views.base import reads, seen_unit

SHOWN = 6
# Versions that were in force at some time.
WERE_IN_FORCE = (VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.REPEALED)


def _findings(unit: Unit, user: User, year: int | None) -> Any:
    found = Finding.objects.visible_to(user).filter(unit=unit).select_related("rectification", "category")
    return found if year is None else found.filter(year=year)


def _context(unit: Unit, user: User, year: int | None) -> dict[str, Any]:
    """How many required systems are in which state, powers, and the newest findings."""
    today = clock.today()
    there = coverage.of_units([unit.pk], today)
    counted = Counter(coverage.cell(there, unit.pk, unit.type_id, c).cell for c in coverage.categories(today.year))
    powers = Power.objects.live().filter(unit=unit).with_cover()
    return {
        "cells": [
            (state, ICONS[state], WORDS[state], counted[state])
            for state in ORDER
            if counted[state] and state != Cell.NOT_REQUIRED
        ],
        "powers": powers.count(),
        "bare": powers.filter(is_covered=False).count(),
        "findings": _findings(unit, user, year)[:SHOWN],
        "unit": unit,
    }


def _sheets(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    """Systems, powers, findings."""
    systems = UnitSystem.objects.visible_to(user).filter(unit=unit).order_by("category__order", "pk")
    rows: list[tuple[Any, ...]] = [
        (s.name, str(s.get_state_display()), s.in_force_from, s.review_due_on, s.repealed_on) for s in systems
    ]
    headings = (_("System"), _("State"), _("In force from"), _("Review due"), _("Repealed on"))
    yield Sheet(_("Systems"), headings, rows)
    powers = Power.objects.live().filter(unit=unit).with_cover().select_related("holder")
    held: list[tuple[Any, ...]] = [
        (
            p.matter,
            str(p.get_area_display()),
            p.holder.title,
            p.legal_basis,
            power_words.risk(p),
            _t("yes") if p.is_covered else _t("no"),
        )
        for p in powers
    ]
    heads = (_("Power"), _("Field"), _("Held by"), _("Legal basis"), _("Risk"), _("Watched over"))
    yield Sheet(_("Powers"), heads, held)
    found: list[tuple[Any, ...]] = [
        (
            str(f),
            str(f.get_gravity_display()),
            f.category.name if f.category else "",
            f.text,
            f.found_on,
            str(f.rectification.get_state_display()),
        )
        for f in _findings(unit, user, year)
    ]
    words = (_("No."), _("Gravity"), _("System"), _("What was found"), _("Found on"), _("Rectification"))
    yield Sheet(_("Findings"), words, found)


def _events(unit: Unit, user: User) -> Iterator[Event]:
    """Versions that came into force, inspections, findings."""
    versions = SystemVersion.objects.visible_to(user).filter(system__unit=unit, state__in=WERE_IN_FORCE)
    for version in versions.select_related("system"):
        if version.in_force_from is not None:
            title = titled(_t("System in force"), version.system.name)
            yield Event(version.in_force_from, title, "", version.get_absolute_url(), "shield-check")
    done = Inspection.objects.visible_to(user).filter(unit=unit, state=InspectionState.COMPLETED)
    for inspection in done:
        if inspection.completed_on is not None:
            yield Event(
                inspection.completed_on,
                titled(_t("Inspection completed"), inspection),
                inspection.summary[:200],
                inspection.get_absolute_url(),
                "eye-check",
            )
    for finding in _findings(unit, user, None):
        title = titled(finding.get_gravity_display(), finding)
        yield Event(finding.found_on, title, finding.text[:200], finding.get_absolute_url(), "flag")


def _may_see(user: User, unit: Unit) -> bool:
    if not reads(user):
        return False
    try:
        seen_unit(user, unit.code)
    except Unit.DoesNotExist:
        return False
    return True


def _years(unit: Unit, user: User) -> Iterable[int]:
    years: Iterable[int] = _findings(unit, user, None).order_by().values_list("year", flat=True).distinct()
    return years


SECTION = Section(
    "systems", _("Systems"), "systems/unit_section.html", _context, _may_see, 40, _sheets, _events, _years
)
