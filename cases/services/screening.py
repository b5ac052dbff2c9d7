"""The verbs of screening: ask the rules, dismiss a hit, change a rule."""

from typing import Any

from django.db import transaction

from cases import policies
from cases.errors import HitDecided, ReasonMissing
from cases.models import HitState, ScreeningHit, ScreeningRule
from cases.punishments import screening
from portal.accounts.models import User
from portal.audit import services as audit
from portal.web import jobs
from portal.web.errors import Conflict
from portal.web.models import Job
from portal.workdays import clock


@transaction.atomic
def screen_all(by: User, *, next_url: str) -> Job:
    """Begin to ask every rule of all decisions. Raises NotAllowed."""
    policies.require(policies.may_work(by))
    rules = ScreeningRule.objects.filter(is_active=True).count()
    return jobs.start(by, screening.JOB, {"next_url": next_url}, total=rules)


@transaction.atomic
def dismiss(by: User, hit_id: int, *, expected_version: int, reason: str) -> ScreeningHit:
    """Say why a hit means nothing. Raises HitDecided, ReasonMissing, NotAllowed, Conflict."""
    hit = ScreeningHit.objects.visible_to(by).locked(hit_id)
    policies.require(policies.may_work_at(by, str(hit.punishment.agency.path)))
    if hit.state != HitState.OPEN:
        raise HitDecided
    if not reason.strip():
        raise ReasonMissing
    hit.move_to(
        HitState.DISMISSED,
        expected_version=expected_version,
        reason=reason.strip(),
        decided_by=by,
        decided_at=clock.now(),
    )
    audit.record(by, "hit.dismissed", hit, path=str(hit.punishment.agency.path), data={"reason": hit.reason})
    return hit


@transaction.atomic
def change_rule(
    by: User, rule_id: int, *, expected_version: int, is_active: bool, figures: dict[str, Any]
) -> ScreeningRule:
    """Change the figures of a rule, or whether it is asked; hits that it has stay. Raises NotAllowed, Conflict."""
    policies.require(policies.may_keep_rules(by))
    rule = ScreeningRule.objects.select_for_update(no_key=True).get(pk=rule_id)
    if rule.version != expected_version:
        raise Conflict(rule, {"is_active": is_active, **figures})
    rule.figures, rule.is_active = {**rule.figures, **figures}, is_active
    rule.version += 1
    rule.save(update_fields=["figures", "is_active", "version"])
    audit.record(by, "screening_rule.changed", rule, data={"figures": rule.figures, "is_active": is_active})
    return rule
