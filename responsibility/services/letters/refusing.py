"""A top leader who cannot sign says why: the leading group's head and the coordinator are told, the letter waits on."""

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import ObstacleMissing
from responsibility.models import Letter, Obstacle
from responsibility.services.letters import telling
from responsibility.services.letters.signing import require_signable, signing_tenure


@transaction.atomic
def state_obstacle(by: User, letter_id: int, *, reason: str) -> Obstacle:
    """Keep why the leader cannot sign. The letter's state and the clock of its duty stay as they are.

    Raises ObstacleMissing, HeadNotSigned, SignedAlready, LetterClosed, NotYourLetter, NotAllowed.
    """
    seen = Letter.objects.visible_to(by).get(pk=letter_id)
    letter = Letter.objects.locked(seen.pk)
    policies.require(policies.is_top_leader(by, letter))
    require_signable(letter)
    tenure = signing_tenure(by, letter)
    reason = reason.strip()
    if not reason:
        raise ObstacleMissing
    obstacle = Obstacle.objects.create(letter=letter, tenure=tenure, reason=reason, stated_at=clock.now())
    audit.record(by, "letter.obstacle_stated", letter, path=str(letter.unit.path), data={"reason": reason})
    telling.obstacle(letter, obstacle, by)
    return obstacle
