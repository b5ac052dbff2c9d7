"""What ends with a unit: its tenures, its leading group's sittings, the roles granted over it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError, Q, QuerySet
from django.db.models.functions import Greatest

from portal.accounts.models import Grant, User
from portal.audit import services as audit
from portal.organisation.change_errors import BeforeTenure
from portal.organisation.models import Employment, GroupMembership, Tenure, Unit
from portal.web.dates import full_day
from portal.workdays import clock

ONE_DAY = timedelta(days=1)


def require_no_later_tenure(units: Sequence[Unit], last_day: date) -> None:
    """Nobody took office there after the last day. Raises BeforeTenure, naming who did."""
    later = Tenure.objects.filter(post__unit__in=units, starts_on__gt=last_day, starts_on__lte=clock.today())
    first = later.select_related("person", "post__unit").order_by("starts_on").first()
    if first is not None:
        raise BeforeTenure(holder=first.person.name, unit=first.post.unit.name, day=full_day(first.starts_on))


def end_units(units: Sequence[Unit], *, on: date, last_day: date, reason: str, heir: Unit | None = None) -> None:
    """Mark units as no more on a day; whoever is in office there sits until `last_day`, the staff goes on at the heir."""
    for unit in units:
        unit.dissolved_on, unit.dissolution_reason = on, reason
        unit.save(update_fields=["dissolved_on", "dissolution_reason"])
    _end(Tenure.objects.filter(post__unit__in=units), last_day)
    _end(GroupMembership.objects.filter(group__unit__in=units), last_day)
    _end_staff(units, last_day, heir)


def _end_staff(units: Sequence[Unit], last_day: date, heir: Unit | None) -> None:
    """Time at the units ends; with an heir it goes on there the day after, and what was to begin there begins at the heir."""
    staff = Employment.objects.filter(unit__in=units).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last_day))
    running = list(staff.filter(starts_on__lte=last_day))
    staff.filter(starts_on__lte=last_day).update(ends_on=last_day)
    if heir is None:
        staff.delete()
        return
    staff.update(unit=heir)
    Employment.objects.bulk_create(
        Employment(
            person_id=e.person_id,
            unit=heir,
            title_en=e.title_en,
            title_zh=e.title_zh,
            starts_on=last_day + ONE_DAY,
            ends_on=e.ends_on,
        )
        for e in running
    )


def _end(offices: "QuerySet[Any]", on: date) -> None:
    """Offices in force end. One still to begin never does, unless a duty names it already: then it lasts its first day."""
    today = clock.today()
    running = offices.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    for office in running.filter(starts_on__gt=today):
        try:
            with transaction.atomic():
                office.delete()
        except ProtectedError:
            offices.filter(pk=office.pk).update(ends_on=office.starts_on)
    running.filter(starts_on__lte=today).update(ends_on=Greatest(F("starts_on"), on))


def grants_over(units: Sequence[Unit]) -> "QuerySet[Grant]":
    """The roles granted over units themselves; those over units below them stay with these."""
    granted: QuerySet[Grant] = Grant.objects.in_force().filter(path__in=[str(unit.path) for unit in units])
    return granted


def revoke_grants(units: Sequence[Unit], *, by: User | None, reason: str) -> int:
    """End the roles granted over units that are no more; writes the log. Returns how many."""
    ending = list(grants_over(units).select_related("user").select_for_update(of=("self",)).order_by("pk"))
    Grant.objects.filter(pk__in=[grant.pk for grant in ending]).update(revoked_by=by, revoked_at=clock.now())
    audit.record_many(
        by,
        [
            audit.Draft("role.revoked", held.user, str(held.path), {"role": held.role, "reason": reason})
            for held in ending
        ],
    )
    return len(ending)
