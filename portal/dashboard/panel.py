"""The panel of a cell: whose duty it is, what has happened to it, what comes next, what else stands in the cell."""

from datetime import date
from typing import Any

from django.db.models import Q

from portal.accounts.models import User
from portal.dashboard.matrix import FOLDED
from portal.obligations import registry
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.obligations.presentation import ladder_of, state_of
from portal.obligations.views.duties import coming_of, duty_of
from portal.workdays.rules import Calendar
from responsibility.models import AccountabilityCase


def panel_of(user: User, given: str, today: date, calendar: Calendar) -> dict[str, Any] | None:
    """The panel of the cell that an address names by the id of its duty; None without one that the person may see."""
    if not (given.isascii() and given.isdecimal() and len(given) < 16):
        return None
    try:
        duty = duty_of(user, int(given))
    except Obligation.DoesNotExist:
        return None
    case = AccountabilityCase.objects.visible_to(user).filter(obligation=duty).first()
    coming = coming_of(duty, calendar) if duty.state == State.OPEN else []
    return {
        "duty": duty,
        "state": state_of(duty, today, calendar),
        "past": duty.due_on < today,
        "rungs": ladder_of(list(duty.steps.select_related("rung")), coming),
        "case": case,
        "object_url": registry.get(duty.kind).url(duty),
        "beside": [(other, state_of(other, today, calendar)) for other in _beside(duty)],
    }


def _beside(duty: Obligation) -> list[Obligation]:
    """The other duties of the same cell: a predecessor's or successor's, a report's correction or the report itself."""
    base = duty.label_en.partition(":")[0] if duty.kind in FOLDED else duty.label_en
    kinds = {FOLDED.get(duty.kind, duty.kind)}
    kinds |= {kind for kind, home in FOLDED.items() if home in kinds}
    labels = Q(label_en=base) | Q(label_en__startswith=f"{base}:")
    others = Obligation.objects.of_year(duty.year).filter(labels, unit=duty.unit_id, kind__in=kinds)
    return list(others.exclude(pk=duty.pk).exclude(state=State.CANCELLED).order_by("pk"))
