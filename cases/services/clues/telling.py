"""Who hears of what happens to a clue. A notice never says what the clue says."""

from collections.abc import Iterable

from cases.models import Clue
from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.notices import services as notices


def officers_of(clue: Clue) -> list[User]:
    """Those who verify it."""
    return list(User.objects.filter(pk__in=clue.officers.values("user_id"), is_active=True))


def tell(clue: Clue, kind: str, to: Iterable[User], **data: str) -> None:
    """Queue a notice about a clue."""
    notices.queue(kind, to=to, about=clue, unit=clue.office, url=clue.get_absolute_url(), number=clue.number, **data)


def tell_officers(clue: Clue, kind: str, **data: str) -> None:
    """Tell those who verify it; while nobody is named, the coordinators over the office."""
    tell(clue, kind, officers_of(clue) or scopes.users_with(Role.COORDINATOR, str(clue.office.path)), **data)


def tell_received(clue: Clue) -> None:
    """The coordinators over the office name officers."""
    tell(clue, "clue_received", scopes.users_with(Role.COORDINATOR, str(clue.office.path)))
