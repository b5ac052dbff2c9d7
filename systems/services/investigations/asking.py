"""Whom an investigation asks; opening and closing it."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import F

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import services as obligations
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.organisation.models import Unit
from portal.workdays import clock
from systems.errors_programme import DueInPast, InvestigationNotOpen, NobodyAsked, NoQuestions
from systems.models.investigations import Investigation, InvestigationState, Questionnaire, QuestionnaireState
from systems.services import telling
from systems.services.investigations.writing import kept, writable

DUTY = "questionnaire"
# Why a duty ended, as it stands in the log and on the duty's page.
CLOSED = "The investigation was closed. / 调查已结束。"


@transaction.atomic
def address(by: User, investigation_id: int, units: Collection[Unit]) -> Investigation:
    """Say which units are asked: exactly these, of those that still are. Raises NobodyAsked, InvestigationOpened, NotAllowed."""
    made = writable(by, investigation_id)
    wanted = {unit.pk for unit in units if unit.dissolved_on is None}
    if not wanted:
        raise NobodyAsked
    made.questionnaires.exclude(unit__in=wanted).delete()
    there = set(made.questionnaires.values_list("unit_id", flat=True))
    Questionnaire.objects.bulk_create(Questionnaire(investigation=made, unit_id=pk) for pk in sorted(wanted - there))
    audit.record(by, "investigation.addressed", made, data={"units": len(wanted)})
    return made


@transaction.atomic
def open_(by: User, investigation_id: int, *, expected_version: int) -> Investigation:
    """Open an investigation: every unit that is asked owes its answers by the day, and is told.

    Raises NoQuestions, NobodyAsked, DueInPast, InvestigationOpened, NotAllowed, Conflict.
    """
    made = writable(by, investigation_id)
    if not made.questions.exists():
        raise NoQuestions
    made.questionnaires.filter(unit__dissolved_on__isnull=False).delete()
    asked = list(made.questionnaires.select_related("unit", "investigation"))
    if not asked:
        raise NobodyAsked
    if made.due_on < clock.today():
        raise DueInPast
    made.move_to(InvestigationState.OPEN, expected_version=expected_version, opened_on=clock.today())
    _owe(made, asked)
    names = {"en": made.title_en or made.title_zh, "zh-hans": made.title_zh}
    pairs = [(one.unit, one) for one in asked]
    telling.units("questionnaire_sent", pairs, title=names, due_on=made.due_on.isoformat())
    audit.record(by, "investigation.opened", made, data={"units": len(asked)})
    return made


def _owe(made: Investigation, asked: Collection[Questionnaire]) -> None:
    en, zh = f"Questionnaire: {made.title_en or made.title_zh}", f"问卷：{made.title_zh}"
    drafts = [obligations.DutyDraft(one.unit_id, made.due_on, en[:200], zh[:200], made.due_on.year) for one in asked]
    for one, duty in zip(asked, obligations.open_many(DUTY, drafts), strict=True):
        one.obligation, one.state = duty, QuestionnaireState.OWED
    Questionnaire.objects.bulk_update(asked, ["obligation", "state"], batch_size=1000)


@transaction.atomic
def close(by: User, investigation_id: int, *, expected_version: int) -> Investigation:
    """Close an investigation: who has not answered owes nothing for it any more.

    Raises InvestigationNotOpen, NotAllowed, Conflict.
    """
    made = kept(by, investigation_id)
    if made.state != InvestigationState.OPEN:
        raise InvestigationNotOpen
    owed = made.questionnaires.filter(state=QuestionnaireState.OWED)
    duties = list(owed.filter(obligation__state=State.OPEN).values_list("obligation_id", flat=True))
    for duty_id in duties:
        obligations.cancel(duty_id, reason=CLOSED, by=by)
    owed.update(state=QuestionnaireState.ENDED, version=F("version") + 1)
    made.move_to(InvestigationState.CLOSED, expected_version=expected_version, closed_on=clock.today())
    audit.record(by, "investigation.closed", made, data={"unanswered": len(duties)})
    return made


def follow_closed(sender: Any, obligation: Obligation, **kwargs: Any) -> None:
    """A duty that was waived or cancelled asks nothing more: neither does its questionnaire."""
    if obligation.kind == DUTY and obligation.state in (State.WAIVED, State.CANCELLED):
        owed = Questionnaire.objects.filter(obligation=obligation, state=QuestionnaireState.OWED)
        owed.update(state=QuestionnaireState.ENDED, version=F("version") + 1)
