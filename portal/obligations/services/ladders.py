"""New versions of ladders; a version in force is never edited."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import policies
from portal.obligations.choices import Action
from portal.obligations.models import Ladder, Rung
from portal.workdays import clock


class RungDraft(NamedTuple):
    """A rung about to be written; `offset` in working days from the due day, the texts are the coordinator's own."""

    offset: int
    action: Action
    audience: Sequence[str]
    points: Decimal
    text_en: str = ""
    text_zh: str = ""


@transaction.atomic
def new_ladder(by: User, code: str, rungs: Sequence[RungDraft]) -> Ladder:
    """Put a new version of a ladder in force from today. Raises NotAllowed, Ladder.DoesNotExist."""
    policies.require(policies.may_edit_ladders(by))
    newest = Ladder.objects.select_for_update().filter(code=code).latest("version")
    ladder = Ladder.objects.create(
        code=code,
        version=newest.version + 1,
        name_en=newest.name_en,
        name_zh=newest.name_zh,
        in_force_from=clock.today(),
        created_by=by,
    )
    Rung.objects.bulk_create(
        Rung(
            ladder=ladder,
            position=position,
            offset=rung.offset,
            action=rung.action,
            audience=list(rung.audience),
            points=rung.points,
            text_en=rung.text_en.strip(),
            text_zh=rung.text_zh.strip(),
        )
        for position, rung in enumerate(rungs, start=1)
    )
    audit.record(by, "ladder.made", ladder, data={"version": ladder.version})
    return ladder
