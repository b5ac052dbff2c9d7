"""Opening a clue: for a stated purpose, by its officers alone, each time kept; and what is kept of who was refused."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from cases import policies
from cases.errors import OpeningOver, PurposeMissing
from cases.models import Clue, Opening
from cases.services.clues import texts
from cases.services.clues.telling import tell_officers
from portal.accounts.models import User
from portal.audit import services as audit
from portal.workdays import clock

# An opening lasts so long; after that the purpose is asked for again.
LASTS = timedelta(minutes=15)


@transaction.atomic
def open_clue(by: User, clue_id: Any, *, purpose: str) -> Opening:
    """Open a clue for a purpose. Raises PurposeMissing, NotAllowed."""
    clue = Clue.objects.visible_to(by).get(pk=clue_id)
    policies.require(policies.is_officer(by, clue))
    if not purpose.strip():
        raise PurposeMissing
    made = Opening.objects.create(clue=clue, user=by, purpose=purpose.strip(), granted=True, at=clock.now())
    audit.record(by, "clue.opened", clue, path=str(clue.office.path), data={"purpose": made.purpose})
    return made


@transaction.atomic
def refuse_opening(by: User, clue_id: Any) -> None:
    """Keep that somebody who may not tried to open a clue, and tell its officers."""
    clue = Clue.objects.visible_to(by).get(pk=clue_id)
    Opening.objects.create(clue=clue, user=by, granted=False, at=clock.now())
    audit.record(by, "clue.opening_refused", clue, path=str(clue.office.path))
    tell_officers(clue, "clue_opening_refused", name=by.name)


def read(by: User, opening_id: int) -> tuple[Clue, list[texts.Said]]:
    """What an opened clue says, to who opened it, while the opening lasts. Raises OpeningOver, NotAllowed."""
    opening = Opening.objects.select_related("clue__office").get(pk=opening_id, user=by, granted=True)
    if clock.now() - opening.at > LASTS:
        raise OpeningOver
    policies.require(policies.is_officer(by, opening.clue))
    return opening.clue, texts.said(opening.clue)


def read_file(by: User, opening_id: int, file_id: int) -> tuple[str, str, bytes]:
    """Name, type and content of a file of an opened clue. Raises OpeningOver, NotAllowed."""
    clue, _said = read(by, opening_id)
    file = clue.files.get(pk=file_id)
    key = texts.key_of(clue)
    return texts.file_name(file, key), file.content_type, texts.file_content(file, key)
