"""The texts of the law as data: a new text of an offence's amounts or of a limit is a further row with its day in force."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.db import transaction

from cases import policies
from cases.errors import LimitEmpty, TextNotLater, TiersOutOfOrder
from cases.models import Offence, OffenceVersion, StageLimit
from portal.accounts.models import User
from portal.audit import services as audit


@transaction.atomic
def add_text(
    by: User,
    offence_id: int,
    *,
    in_force_from: date,
    source: str,
    relatively_large: Decimal | None = None,
    huge: Decimal | None = None,
    especially_huge: Decimal | None = None,
) -> OffenceVersion:
    """Enter a new text of an offence's amounts (yuan); the one before ends on the day before.

    Acts are judged by the text of their day (Criminal Law, art. 12), so cases that are charged keep theirs. Raises
    TextNotLater unless it follows every known text, TiersOutOfOrder, NotAllowed.
    """
    policies.require(policies.may_keep_rules(by))
    offence = Offence.objects.select_for_update(no_key=True).get(pk=offence_id)
    last = offence.versions.order_by("-in_force_from").first()
    if last is not None and in_force_from <= last.in_force_from:
        raise TextNotLater
    known = [tier for tier in (relatively_large, huge, especially_huge) if tier is not None]
    if any(upper <= lower for lower, upper in pairwise(known)):
        raise TiersOutOfOrder
    if last is not None and (last.in_force_until is None or last.in_force_until >= in_force_from):
        last.in_force_until = in_force_from - timedelta(days=1)
        last.save(update_fields=["in_force_until"])
    made = OffenceVersion.objects.create(
        offence=offence,
        in_force_from=in_force_from,
        source=source.strip(),
        relatively_large=relatively_large,
        huge=huge,
        especially_huge=especially_huge,
    )
    audit.record(by, "offence.text_added", made, data={"offence": offence.code, "from": in_force_from.isoformat()})
    return made


@transaction.atomic
def add_limit_text(by: User, limit_id: int, *, in_force_from: date, months: int, days: int, article: str) -> StageLimit:
    """Enter a new text of a limit between two stages; it counts for whatever is counted from its day on.

    What makes it longer is taken over. Raises TextNotLater, LimitEmpty, NotAllowed.
    """
    policies.require(policies.may_keep_rules(by))
    known = StageLimit.objects.select_for_update(no_key=True).get(pk=limit_id)
    same = StageLimit.objects.filter(from_stage=known.from_stage, to_stage=known.to_stage)
    last = same.order_by("-in_force_from")[0]
    if in_force_from <= last.in_force_from:
        raise TextNotLater
    if not months and not days:
        raise LimitEmpty
    made = StageLimit.objects.create(
        from_stage=known.from_stage,
        to_stage=known.to_stage,
        months=months,
        days=days,
        article=article.strip(),
        extensions=last.extensions,
        in_force_from=in_force_from,
    )
    audit.record(by, "stage_limit.text_added", made, data={"limit": str(made), "from": in_force_from.isoformat()})
    return made
