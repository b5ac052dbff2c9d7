"""Blank areas: opened and closed as the register and the list of powers stand; each a duty of the unit."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction

from portal.obligations import services as obligations
from portal.obligations.choices import State
from portal.obligations.services import DutyDraft
from portal.web.i18n import both
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems.models import FORCE, BlankArea, Power, RequiredSystem, Requirement, UnitSystem

DUTY = "blank_area"
# So many working days a unit has to fill a blank area, unless the catalogue names a later day.
DAYS = 30
# Who opens and closes takes turns: what one sees must still hold when it writes.
LOCK = 7_301_013
_MISSING = """
    SELECT unit.id, requirement.system_id, requirement.adopt_by
    FROM systems_requirement requirement
    JOIN systems_requirement_types kind ON kind.requirement_id = requirement.id
    JOIN organisation_unit unit ON unit.type_id = kind.unittype_id
    WHERE requirement.id = ANY(%s) AND unit.dissolved_on IS NULL AND (%s::bigint[] IS NULL OR unit.id = ANY(%s))
    AND NOT EXISTS (
        SELECT FROM systems_unitsystem there
        WHERE there.unit_id = unit.id AND there.category_id = requirement.system_id
        AND there.state IN ('in_force', 'under_revision')
    )
"""


class _Blank(NamedTuple):
    """What is blank: a category or a power of a unit."""

    unit_id: int
    category_id: int | None
    power_id: int | None


@transaction.atomic
def refresh(unit_ids: Sequence[int] | None = None) -> tuple[int, int]:
    """Open the blank areas that there are and close those that are filled; returns how many of each.

    Of these units, or of all. A fixed number of queries, but for the duties that end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    there = _as_it_is(unit_ids)
    known = BlankArea.objects.open()
    if unit_ids is not None:
        known = known.filter(unit__in=unit_ids)
    gone, kept = [], set()
    for area in known.select_related("obligation"):
        blank = _Blank(area.unit_id, area.category_id, area.power_id)
        if blank in there:
            kept.add(blank)
        else:
            gone.append(area)
    fresh = [blank for blank in there if blank not in kept]
    _open(fresh, there)
    _close(gone)
    return len(fresh), len(gone)


def _as_it_is(unit_ids: Sequence[int] | None) -> dict[_Blank, date | None]:
    """Everything that is blank, with the day that the catalogue names, if any."""
    requirements = list(Requirement.objects.in_force(clock.today().year).values_list("pk", flat=True))
    chosen = list(unit_ids) if unit_ids is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [requirements, chosen, chosen])
        found: dict[_Blank, date | None] = {_Blank(unit, system, None): by for unit, system, by in cursor.fetchall()}
    powers = Power.objects.live().with_cover().filter(is_covered=False, unit__dissolved_on__isnull=True)
    if chosen is not None:
        powers = powers.filter(unit__in=chosen)
    return found | {_Blank(unit, None, pk): None for pk, unit in powers.values_list("pk", "unit_id")}


def _open(fresh: Sequence[_Blank], wanted_by: dict[_Blank, date | None]) -> None:
    if not fresh:
        return
    today = clock.today()
    usual = load_calendar().add(today, DAYS)
    categories = RequiredSystem.objects.in_bulk({b.category_id for b in fresh if b.category_id})
    powers = Power.objects.in_bulk({b.power_id for b in fresh if b.power_id})
    drafts = []
    for blank in fresh:
        names = both(categories[blank.category_id]) if blank.category_id else _twice(powers[blank.power_id or 0].matter)
        by = wanted_by[blank]
        counted = by is None or by <= usual
        drafts.append(
            DutyDraft(
                blank.unit_id,
                usual if counted or by is None else by,
                f"Blank area: {names['en']}"[:200],
                f"空白点：{names['zh-hans']}"[:200],
                today.year,
                today if counted else None,
                DAYS if counted else None,
            )
        )
    duties = obligations.open_many(DUTY, drafts)
    BlankArea.objects.bulk_create(
        (
            BlankArea(
                unit_id=blank.unit_id,
                category_id=blank.category_id,
                power_id=blank.power_id,
                opened_on=today,
                obligation=duty,
            )
            for blank, duty in zip(fresh, duties, strict=True)
        ),
        batch_size=1000,
    )


def _twice(text: str) -> dict[str, str]:
    """What a unit wrote in one language stands for both."""
    return {"en": text, "zh-hans": text}


def _close(gone: Sequence[BlankArea]) -> None:
    """Filled is done; what nobody asks for any more ends."""
    if not gone:
        return
    BlankArea.objects.filter(pk__in=[area.pk for area in gone]).update(closed_on=clock.today())
    filled = set(
        UnitSystem.objects.filter(
            unit__in={a.unit_id for a in gone},
            category__in={a.category_id for a in gone if a.category_id},
            state__in=FORCE,
        ).values_list("unit_id", "category_id")
    )
    live = set(
        Power.objects.live().filter(pk__in=[a.power_id for a in gone if a.power_id]).values_list("pk", flat=True)
    )
    for area in gone:
        if area.obligation.state != State.OPEN:
            continue
        if (area.unit_id, area.category_id) in filled or area.power_id in live:
            obligations.discharge(area.obligation_id)
        else:
            obligations.cancel(area.obligation_id, reason="Nobody requires it any more.", by=None)
