"""Units: dissolve one."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError, QuerySet
from django.db.models.functions import Greatest

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation import policies
from portal.organisation.errors import DissolvedLater, ReasonMissing, UnitsBelow
from portal.organisation.models import FIRST_DAY, GroupMembership, Tenure, Unit
from portal.organisation.services.guards import require_days, require_in_force
from portal.organisation.signals import office_changed, unit_dissolved
from portal.organisation.tree import take_turns
from portal.web.errors import NotAllowed
from portal.web.i18n import listed
from portal.workdays import clock

NAMED = 3


@transaction.atomic
def dissolve(by: User, unit_id: int, *, dissolved_on: date, reason: str) -> Unit:
    """Dissolve a unit: its open duties end with the reason, its tenures and its group's sittings on that day.

    Raises UnitDissolved, UnitsBelow (naming them), DissolvedLater, ReasonMissing, DayOutOfReach, NotAllowed.
    """
    # An import may be putting a unit below this one.
    take_turns()
    unit = Unit.objects.select_related("parent").select_for_update(of=("self",)).get(pk=unit_id)
    if not policies.may_dissolve(by, unit):
        raise NotAllowed
    require_in_force(unit)
    require_days(max(dissolved_on, FIRST_DAY), None)
    if not reason.strip():
        raise ReasonMissing
    if dissolved_on > clock.today():
        raise DissolvedLater
    below = list(unit.children.active()[: NAMED + 1])
    if below:
        more = ["…"] if len(below) > NAMED else []
        raise UnitsBelow(units=listed([child.name for child in below[:NAMED]] + more))
    unit.dissolved_on, unit.dissolution_reason = dissolved_on, reason.strip()
    unit.save(update_fields=["dissolved_on", "dissolution_reason"])
    _end(Tenure.objects.filter(post__unit=unit), dissolved_on)
    _end(GroupMembership.objects.filter(group__unit=unit), dissolved_on)
    office_changed.send(Unit, unit_ids=[unit.pk])
    # Last: duties that end write the log, and whoever writes the log goes last everywhere.
    unit_dissolved.send(Unit, unit_id=unit.pk, reason=unit.dissolution_reason, by=by)
    data = {"dissolved_on": dissolved_on, "reason": unit.dissolution_reason}
    audit.record(by, "unit.dissolved", unit, path=str(unit.path), data=data)
    return unit


def _end(offices: "QuerySet[Any]", on: date) -> None:
    """Offices in force end. One still to begin never does, unless a duty names it already: then it lasts its first day."""
    today = clock.today()
    running = offices.filter(ends_on__isnull=True) | offices.filter(ends_on__gt=on)
    for office in running.filter(starts_on__gt=today):
        try:
            with transaction.atomic():
                office.delete()
        except ProtectedError:
            offices.filter(pk=office.pk).update(ends_on=office.starts_on)
    running.filter(starts_on__lte=today).update(ends_on=Greatest(F("starts_on"), on))
