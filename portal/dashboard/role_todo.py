"""To-do items of the second person: roles that wait for approval."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from portal.accounts import approvals
from portal.accounts.approval_views import described
from portal.accounts.models import User
from portal.accounts.places import names_of
from portal.accounts.roles import Role
from portal.dashboard.todo import SHOWN, TodoItem, Waiting
from portal.web.dates import moment
from portal.workdays.rules import Calendar

DECIDERS = (Role.SECURITY_ADMIN, Role.HEAD)


def roles(user: User, today: date, calendar: Calendar) -> Sequence[Waiting]:
    """Proposed roles for which this person is the second one, the oldest first."""
    if not user.standing.has(*DECIDERS):
        return ()
    waiting = list(approvals.decidable_by(user).select_related("user", "proposed_by").order_by("pk"))
    places = names_of(str(proposal.path) for proposal in waiting[:SHOWN]) if waiting else {}
    items = [
        TodoItem(
            None,
            described(proposal, places),
            _("Proposed by %(name)s, %(at)s.")
            % {"name": proposal.proposed_by.name, "at": moment(proposal.proposed_at)},
            proposal.get_absolute_url(),
            _("Decide"),
        )
        for proposal in waiting[:SHOWN]
    ]
    # A head of a leading group has no page of roles: the notices lead there.
    rest = "/roles/" if user.standing.has(Role.SECURITY_ADMIN) else "/inbox/"
    return (Waiting(len(waiting), items, _("roles to approve"), rest),)
