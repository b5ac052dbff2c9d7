"""Who may do what with cases; the same roles over the same paths as `visible_to`."""

from django.db.models import QuerySet

from cases.models import Clue, ClueOfficer, CrimeCase, Exposure, Recommendation
from cases.models.clues import SEES_CLUES
from cases.models.punishments import READERS
from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.policies import coordinates_all
from portal.organisation.models import Unit
from portal.web.errors import NotAllowed

# Who works on cases.
WORKERS = (Role.COORDINATOR, Role.CASE_OFFICER)


def require(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed


def may_read(user: User) -> bool:
    """Who coordinates, heads, works on or audits cases somewhere reads the database of punishments."""
    return user.standing.has(*READERS)


def may_work(user: User) -> bool:
    """Coordinators and case officers import, screen and decide."""
    return user.standing.has(*WORKERS)


def may_work_at(user: User, path: str) -> bool:
    """They do so in their part of the tree."""
    return user.standing.over(path, *WORKERS)


def agencies_of(user: User) -> "QuerySet[Unit]":
    """The agencies whose files a person may import."""
    found = Unit.objects.active().filter(scopes.q(user, "path", WORKERS))
    return found.filter(type__code="admin_enforcement")


def may_keep_rules(user: User) -> bool:
    """The site's coordinator keeps the screening rules: they are asked of everybody's decisions."""
    return coordinates_all(user)


def may_decide_major(user: User, case: CrimeCase) -> bool:
    """The coordinator over the office decides that a case is of wide influence."""
    return user.standing.over(str(case.office.path), Role.COORDINATOR)


# --- Clues --------------------------------------------------------------------------------------------------------------


def is_officer(user: User, clue: Clue) -> bool:
    """Whether the person is named on the clue; only then its texts can be opened."""
    return ClueOfficer.objects.filter(clue=clue, user_id=user.pk).exists()


def may_see_clues(user: User) -> bool:
    """Who oversees or works on cases somewhere, and who was named on a clue."""
    return user.standing.has(*SEES_CLUES) or ClueOfficer.objects.filter(user_id=user.pk).exists()


def may_name_officers(user: User, clue: Clue) -> bool:
    """Who works on cases over the office names who verifies a clue."""
    return may_work_at(user, str(clue.office.path))


def may_be_officer(user: User, clue: Clue) -> bool:
    """Officers are those who work on cases over the office, and do not lead the unit concerned."""
    own = clue.unit is not None and user.standing.over(str(clue.unit.path), Role.TOP_LEADER, Role.LIAISON)
    return user.is_active and may_work_at(user, str(clue.office.path)) and not own


def possible_officers(clue: Clue) -> list[User]:
    """Those who may be named."""
    path = str(clue.office.path)
    users = {user.pk: user for role in WORKERS for user in scopes.users_with(role, path)}
    return [user for user in users.values() if may_be_officer(user, clue)]


# --- Recommendations ----------------------------------------------------------------------------------------------------


def is_addressee(user: User, found: Recommendation) -> bool:
    """The leader and the liaison of the unit that a recommendation is sent to."""
    return user.standing.over(str(found.unit.path), Role.TOP_LEADER, Role.LIAISON)


def may_reply(user: User, found: Recommendation) -> bool:
    """The unit's leader replies."""
    return user.standing.over(str(found.unit.path), Role.TOP_LEADER)


def may_sign(user: User, found: Recommendation) -> bool:
    """The head of the leading group above the unit, or a coordinator over it; who leads the unit does not."""
    return user.standing.over(str(found.unit.path), Role.HEAD, Role.COORDINATOR) and not is_addressee(user, found)


def may_see_recommendations(user: User) -> bool:
    """Who oversees cases, and the leaders and liaisons of units."""
    return user.standing.has(*SEES_CLUES, Role.TOP_LEADER, Role.LIAISON)


# --- Exposure -----------------------------------------------------------------------------------------------------------


def release_role(user: User, found: Exposure) -> str | None:
    """In which office a person releases an exposure; None for who does not."""
    path = str(found.case.unit.path)
    if user.standing.over(path, Role.TOP_LEADER, Role.LIAISON):
        return None
    for role in (Role.HEAD, Role.COORDINATOR):
        if user.standing.over(path, role):
            return str(role)
    return None


def may_release(user: User, found: Exposure) -> bool:
    """Heads and coordinators over the unit, who do not lead it."""
    return release_role(user, found) is not None
