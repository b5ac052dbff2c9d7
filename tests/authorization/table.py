"""What a row of the authorization matrix says, and what the addresses of the rows are about."""

from collections.abc import Callable
from typing import Any, NamedTuple

from portal.notices.models import Notice, OutboundMessage
from portal.obligations.models import Obligation
from portal.web.models import ImportRun
from responsibility.models import AccountabilityCase, Letter, Report
from tests.world import ROLES, World

# Who reaches what: of those not named, 403 where the page is for another office, 404 where the object is not theirs.
OVERSEE = {"coordinator", "head", "auditor"}
# Those who see content over the district. The system administrator keeps master data and machinery and sees none.
DISTRICT = {"coordinator", "head", "auditor", "security_admin"}
BUREAU = {"leader", "liaison", "staff"}
ALL = set(ROLES)
SEES_B = DISTRICT | BUREAU
KEEPS_B = SEES_B | {"system_admin"}
SEES_CONTENT = ALL - {"system_admin"}
COORDINATOR, OPEN_TO_ALL = {"coordinator"}, {*ALL, "anonymous"}
NOBODY: set[str] = set()


class Case(NamedTuple):
    """What the addresses of the table are about."""

    world: World
    letter: Letter
    report: Report
    case: AccountabilityCase
    duty: Obligation
    notice: Notice
    message: OutboundMessage
    job_id: int
    run: ImportRun
    persons_run: ImportRun
    grant_id: int
    file_id: int
    clean_file_id: int


# Who holds the same office elsewhere in the tree: over the town, or in another bureau.
ELSEWHERE = {
    "town_coordinator": "coordinator",
    "town_head": "head",
    "town_auditor": "auditor",
    "town_security_admin": "security_admin",
    "town_system_admin": "system_admin",
    "village_leader": "leader",
    "other_staff": "staff",
}


class Row(NamedTuple):
    """Keyword arguments of an address, who may open it, and what the others get.

    `elsewhere` names who may open it of those who hold an office elsewhere; without it, nobody where the address is about
    something (`others` is 404), else whoever holds an office that may.
    """

    kwargs: Callable[[Case], dict[str, Any]]
    allowed: set[str]
    others: int = 403
    anonymous: int = 302
    ok: int = 200
    elsewhere: set[str] | None = None

    def admits(self, who: str) -> bool:
        """Whether the page opens for a role."""
        if who not in ELSEWHERE:
            return who in self.allowed
        if self.elsewhere is not None:
            return who in self.elsewhere
        return self.others != 404 and ELSEWHERE[who] in self.allowed

    def expected(self, who: str) -> set[int]:
        """The statuses that a role may meet: a thing of others is hidden, or refused where it is known to exist."""
        if self.admits(who):
            return {self.ok}
        return {self.anonymous} if who == "anonymous" else {self.others, 403}


def nothing(case: Case) -> dict[str, Any]:
    return {}
