"""Who may know what of the network.

The network is a directory. Everybody who has signed in may browse the units in force, and sees of each its leading group
with the head, its top leader, its liaison and how to reach its office. A person's own phone and e-mail, the other posts and
who holds them, and the card of a person are for those who hold a role over the unit: in the unit itself, or over a part of
the tree above it. It is the same condition as of the units' files (`Unit.objects.visible_to`).
"""

from typing import TYPE_CHECKING

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.models import PostKind, Unit

if TYPE_CHECKING:
    from portal.network.models import Correction

# The posts of which everybody knows who holds them.
DIRECTORY = (PostKind.TOP_LEADER, PostKind.LIAISON)
PROPOSERS = (Role.TOP_LEADER, Role.LIAISON)


def in_scope(user: User, path: str) -> bool:
    """Whether the reader holds a role at a place of the tree: then phones, mail and all posts of the unit are shown."""
    return any(assignment.reaches(path) for assignment in user.standing.assignments)


def may_see_unit(user: User, unit: Unit) -> bool:
    """Units in force are for everybody; one that was dissolved is for those who may open its file."""
    return unit.dissolved_on is None or in_scope(user, str(unit.path))


def may_see_post(user: User, path: str, kind: str) -> bool:
    """Who leads a unit and who its liaison is are for everybody, the other posts for those in scope."""
    return kind in DIRECTORY or in_scope(user, path)


def may_open_file(user: User, unit: Unit) -> bool:
    """The unit's file is for those in scope."""
    return in_scope(user, str(unit.path))


def may_propose(user: User, unit: Unit) -> bool:
    """The unit's top leader and its liaison propose corrections."""
    return unit.dissolved_on is None and user.standing.over(str(unit.path), *PROPOSERS)


def may_decide(user: User, path: str) -> bool:
    """The coordinator over the unit accepts and declines them."""
    return user.standing.over(path, Role.COORDINATOR)


def may_withdraw(user: User, correction: "Correction") -> bool:
    """Whoever proposed a correction may take it back."""
    return correction.proposed_by_id == user.pk
