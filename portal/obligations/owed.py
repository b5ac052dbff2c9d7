"""What a person owes: the duties of the units in which the person is leader or liaison, the most urgent first."""

from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations import registry
from portal.obligations.measures import rank_expression
from portal.obligations.models import Obligation, ObligationQuerySet
from portal.obligations.presentation import StateView, state_of
from portal.web.i18n import titled
from portal.workdays.rules import Calendar

OWES = (Role.TOP_LEADER, Role.LIAISON)


def paths(user: User) -> list[str]:
    """Where a person is leader or liaison."""
    return sorted({assignment.path for assignment in user.standing.scopes(*OWES)})


def duties(user: User) -> ObligationQuerySet:
    """All duties of these units, whatever their state."""
    return Obligation.objects.filter(unit__path__in=paths(user))


def open_duties(user: User, today: date) -> ObligationQuerySet:
    """Those still owed: what is overdue first, what stands still last."""
    return duties(user).open().annotate(rank=rank_expression(today)).order_by("rank", "due_on", "pk")


def count_open(user: User) -> int:
    """How many are still owed."""
    return duties(user).open().count()


def count_overdue(user: User, today: date) -> int:
    """How many of them are overdue; what stands still is not."""
    return duties(user).overdue(today).filter(suspended_since=None, vacant_since=None).count()


class Next(NamedTuple):
    """The duty that comes next: how it stands, what is to be done, and where."""

    state: StateView
    title: str | Promise
    url: str


def next_of(user: User, today: date, calendar: Calendar) -> Next | None:
    """The most urgent duty of a person, named by a receipt; None where nothing is owed."""
    duty = open_duties(user, today).select_related("unit", "tenure").first()
    if duty is None:
        return None
    kind = registry.get(duty.kind)
    return Next(state_of(duty, today, calendar), titled(kind.verb, duty.label), kind.url(duty))
