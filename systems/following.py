"""What becomes of systems, inspections and rectifications when units change."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from portal.accounts.models import User
from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.organisation.change_models import UnitChange
from portal.organisation.models import Unit
from portal.workdays import clock
from systems.models import BlankArea, Finding, Inspection, JointDuty, Rectification, RectificationState
from systems.models.rectification import OWED
from systems.services import inspections, joint, rectification
from systems.services.findings import DUTY as RECTIFICATION
from systems.services.findings import label_of
from systems.services.numbering import next_serial


def lock(sender: object, ended: Sequence[int], moved: Sequence[int], **kwargs: Any) -> None:
    """Lock the inspections and rectifications that will end, before anything is written to the log."""
    list(Inspection.objects.live().filter(unit__in=ended).order_by("pk").select_for_update(of=("self",)))
    owed = Rectification.objects.filter(finding__unit__in=ended, state__in=OWED)
    list(owed.order_by("pk").select_for_update(of=("self",)))


@transaction.atomic
def follow(
    sender: object, change: UnitChange, ended: Sequence[int], moved: Sequence[int], by: User | None, **kwargs: Any
) -> dict[str, int]:
    """Cancel inspections of ended units, end their rectifications, close their blank areas; the log keeps each.

    Their duties have ended or were passed on by the engine before.
    """
    if not ended:
        return {}
    count = inspections.cancel_of_ended(ended, by)
    owed = Rectification.objects.filter(finding__unit__in=ended, state__in=(*OWED, RectificationState.EXCEPTED))
    for one in owed.order_by("pk"):
        one.move_to(RectificationState.ENDED, expected_version=one.version)
        rectification.say(one, by, RectificationState.ENDED, change.reason)
    BlankArea.objects.open().filter(unit__in=ended).update(closed_on=clock.today())
    for duty in JointDuty.objects.filter(done_on__isnull=True, shares__unit__in=ended).distinct():
        joint.settle(duty)
    return {"inspections": count}


def pass_on(duties: Sequence[Obligation], heir: Unit, by: User | None) -> int:
    """Let the unit that goes on put right what was found in the one that ended: a finding of its own, with the day kept."""
    opened = 0
    concerned = Q(obligation__in=duties) | Q(correction__in=duties)
    # What was sent back is owed by its correction, not by the first duty.
    by_duty = {
        pk: one
        for one in Rectification.objects.filter(concerned).select_related("finding__unit", "finding__category")
        for pk in (one.obligation_id, one.correction_id)
    }
    for duty in duties:
        old = by_duty.get(duty.pk)
        if old is None:
            continue
        en, zh = label_of(old.finding)
        day = max(duty.due_on, clock.today())
        owed = obligations.open_duty(RECTIFICATION, heir.pk, day, label_en=en, label_zh=zh, year=day.year)
        finding = Finding.objects.create(
            year=clock.today().year,
            serial=next_serial(Finding, clock.today().year),
            unit=heir,
            category=old.finding.category,
            gravity=old.finding.gravity,
            text=old.finding.text,
            recurs=old.finding,
            found_on=clock.today(),
            found_by=old.finding.found_by,
        )
        Rectification.objects.create(finding=finding, obligation=owed)
        opened += 1
    return opened
