"""What becomes of letters when units change: unsigned ones of a unit that is no more, or under another leading group, end."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from portal.accounts.models import User
from portal.organisation.change_models import ChangeKind, UnitChange
from portal.organisation.models import Unit
from portal.organisation.touched import ENDS
from portal.workdays import clock
from responsibility.models import Letter
from responsibility.services import letters, reports

# The group of `touched` for letters of units that go on under another leading group.
OTHER_GROUP = "letters-other-group"


def lock(sender: object, ended: Sequence[int], moved: Sequence[int], **kwargs: Any) -> None:
    """Take the turns and lock the letters that may end, before anything is written to the log."""
    letters.take_turn(clock.today().year)
    reports.take_turn()
    concerned = Letter.objects.waiting().filter(Q(unit__in=ended) | Q(unit__in=_below(moved)))
    list(concerned.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


@transaction.atomic
def follow(
    sender: object, change: UnitChange, ended: Sequence[int], moved: Sequence[int], by: User | None, **kwargs: Any
) -> dict[str, int]:
    """End what nobody signs any more; called in the transaction of the change, when the tree is as it will be."""
    gone = Letter.objects.waiting().filter(unit__in=ended)
    letters.end_unsigned(gone, reason=change.reason, by=by)
    # Of a merger the leading group itself may be no more; where a unit moved, it is somebody's decision.
    if change.kind == ChangeKind.MOVE and change.decision(OTHER_GROUP) != ENDS:
        return {}
    units = {unit.pk: unit for unit in _below(moved).with_responsible_group()}
    waiting = Letter.objects.waiting().filter(unit__in=units)
    other = [letter.pk for letter in waiting if letter.group_id != units[letter.unit_id].responsible_group_id]
    return {OTHER_GROUP: letters.end_unsigned(Letter.objects.filter(pk__in=other), reason=change.reason, by=by)}


def _below(moved: Sequence[int]) -> Any:
    """Units and all below them that are in force."""
    roots = Unit.objects.filter(pk__in=moved).values_list("path", flat=True)
    condition = Q(pk__in=())
    for path in roots:
        condition |= Q(path__descendants=str(path))
    found: QuerySet[Unit] = Unit.objects.active().filter(condition)
    return found
