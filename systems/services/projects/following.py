"""What becomes of a check when its duty ends otherwise: the unit is exempt, or is no more."""

from typing import Any

from django.db.models import F

from portal.obligations.choices import State
from portal.obligations.models import Obligation
from systems.models.projects import ASKED, CheckState, MilestoneCheck
from systems.services.projects.planning import DUTY


def follow_closed(sender: Any, obligation: Obligation, **kwargs: Any) -> None:
    """A duty that was waived or cancelled asks nothing more: neither does its check."""
    if obligation.kind == DUTY and obligation.state in (State.WAIVED, State.CANCELLED):
        owed = MilestoneCheck.objects.filter(obligation=obligation) | MilestoneCheck.objects.filter(
            correction=obligation
        )
        owed.filter(state__in=ASKED).update(state=CheckState.ENDED, version=F("version") + 1)
