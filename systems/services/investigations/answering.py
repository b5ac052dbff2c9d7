"""A unit's answers: kept while they are written, handed in once."""

from collections.abc import Mapping

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import services as obligations
from portal.obligations.policies import require
from portal.web.i18n import listed
from portal.workdays import clock
from systems.errors_programme import AnswersMissing, AnswerUnfit, InvestigationNotOpen, NotToAnswer
from systems.investigation_rules import Asked, Given, fits, missing
from systems.models.investigations import Answer, InvestigationState, Question, Questionnaire, QuestionnaireState
from systems.policies_programme import may_answer


@transaction.atomic
def save(by: User, questionnaire_id: int, given: Mapping[int, Given], *, expected_version: int) -> Questionnaire:
    """Keep what is answered so far, by the numbers of the questions; gaps are allowed.

    Raises AnswerUnfit, NotToAnswer, InvestigationNotOpen, NotAllowed, Conflict.
    """
    one = _to_answer(by, questionnaire_id)
    one.save_fields(expected_version=expected_version)
    _write(one, given)
    return one


@transaction.atomic
def hand_in(by: User, questionnaire_id: int, given: Mapping[int, Given], *, expected_version: int) -> Questionnaire:
    """Hand the answers in; the unit's duty is discharged. Late answers are taken while the investigation is open.

    Raises AnswersMissing, and what `save` raises.
    """
    one = save(by, questionnaire_id, given, expected_version=expected_version)
    gaps = missing([_asked(question) for question in one.investigation.questions.all()], given)
    if gaps:
        raise AnswersMissing(numbers=listed(gaps))
    one.move_to(QuestionnaireState.ANSWERED, expected_version=one.version, answered_by=by, answered_at=clock.now())
    if one.obligation_id is not None:
        obligations.discharge(one.obligation_id)
    audit.record(by, "questionnaire.answered", one, path=str(one.unit.path))
    return one


def _to_answer(by: User, questionnaire_id: int) -> Questionnaire:
    Questionnaire.objects.visible_to(by).get(pk=questionnaire_id)
    one = Questionnaire.objects.select_related("investigation", "unit").locked(questionnaire_id)
    require(may_answer(by, one))
    if one.investigation.state != InvestigationState.OPEN:
        raise InvestigationNotOpen
    if one.state != QuestionnaireState.OWED:
        raise NotToAnswer
    return one


def _asked(question: Question) -> Asked:
    return Asked(question.position, question.kind, len(question.choices), question.is_required)


def _write(one: Questionnaire, given: Mapping[int, Given]) -> None:
    """Write the answers anew. Raises AnswerUnfit."""
    rows = []
    for question in one.investigation.questions.all():
        answer = given.get(question.position, Given())
        if not fits(_asked(question), answer):
            raise AnswerUnfit(number=question.position)
        rows += _rows(one, question, answer)
    one.answers.all().delete()
    Answer.objects.bulk_create(rows)


def _rows(one: Questionnaire, question: Question, answer: Given) -> list[Answer]:
    if answer.options:
        return [Answer(questionnaire=one, question=question, option=place) for place in answer.options]
    if answer.is_empty:
        return []
    return [Answer(questionnaire=one, question=question, number=answer.number, text=answer.text.strip())]


def given_of(one: Questionnaire) -> dict[int, Given]:
    """What is answered so far, by the numbers of the questions."""
    found: dict[int, Given] = {}
    for answer in one.answers.select_related("question").order_by("question__position", "option"):
        place = answer.question.position
        if answer.option is not None:
            found[place] = Given((*found.get(place, Given()).options, answer.option))
        else:
            found[place] = Given((), answer.number, answer.text)
    return found
