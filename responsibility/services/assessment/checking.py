"""The units' turn: each looks over its own score, agrees or objects once, and is answered."""

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notices import services as notices
from portal.workdays import clock
from responsibility import policies
from responsibility.assessment_errors import AnsweredAlready, CheckedAlready, NotInState, WindowPast
from responsibility.errors import ReasonMissing
from responsibility.models import Assessment, AssessmentState, Score, SelfCheck


@transaction.atomic
def self_check(by: User, score_id: int, *, agreed: bool, text: str) -> SelfCheck:
    """The unit's word on its score, by its top leader, once. Raises NotInState, WindowPast, CheckedAlready, ReasonMissing."""
    score = Score.objects.visible_to(by).select_related("unit").get(pk=score_id)
    assessment = Assessment.objects.locked(score.assessment_id)
    policies.require(policies.is_leader_of(by, score.unit))
    if assessment.state != AssessmentState.SELF_CHECK:
        raise NotInState
    if assessment.objections_until is None or clock.today() > assessment.objections_until:
        raise WindowPast
    if assessment.self_checks.filter(unit=score.unit).exists():
        raise CheckedAlready
    if not agreed and not text.strip():
        raise ReasonMissing
    made = SelfCheck.objects.create(
        assessment=assessment, unit=score.unit, agreed=agreed, text=text.strip(), made_by=by, made_at=clock.now()
    )
    action = "assessment.agreed" if agreed else "assessment.objected"
    audit.record(by, action, assessment, path=str(score.unit.path), data={"text": made.text, "total": str(score.total)})
    return made


@transaction.atomic
def answer(by: User, check_id: int, *, text: str) -> SelfCheck:
    """Answer an objection; what follows from it was marked or mended before. Never one's own unit's.

    Raises NotInState, AnsweredAlready, ReasonMissing, NotAllowed.
    """
    found = SelfCheck.objects.select_for_update(of=("self",)).select_related("unit", "made_by").get(pk=check_id)
    assessment = Assessment.objects.locked(found.assessment_id)
    policies.require(policies.may_edit_programme(by) and policies.may_mark(by, found.unit))
    if assessment.state != AssessmentState.SELF_CHECK:
        raise NotInState
    if found.agreed or found.answered_at is not None:
        raise AnsweredAlready
    if not text.strip():
        raise ReasonMissing
    found.answer, found.answered_by, found.answered_at = text.strip(), by, clock.now()
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    notices.queue(
        "assessment_answered",
        to=[found.made_by],
        about=assessment,
        unit=found.unit,
        url=f"{assessment.get_absolute_url()}{found.unit.code}/",
        year=assessment.year,
    )
    audit.record(by, "assessment.answered", assessment, path=str(found.unit.path), data={"answer": found.answer})
    return found
