"""Writing an investigation: what is to be found out, and the questions."""

from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.policies import require
from portal.workdays import clock
from systems.errors_programme import InvestigationOpened, OptionsMissing
from systems.models.investigations import Investigation, InvestigationState, Question, QuestionKind
from systems.policies_programme import may_keep_investigations
from systems.services.numbering import next_serial


class InvestigationPlan(NamedTuple):
    """What an investigation is about."""

    title_zh: str
    aim: str
    due_on: date
    title_en: str = ""


class QuestionText(NamedTuple):
    """A question; `options` are pairs (Chinese, English)."""

    kind: QuestionKind
    text_zh: str
    text_en: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_required: bool = True
    position: int = 999


@transaction.atomic
def draft(by: User, plan: InvestigationPlan) -> Investigation:
    """Begin an investigation. Raises NotAllowed."""
    require(may_keep_investigations(by))
    year = clock.today().year
    made = Investigation.objects.create(
        year=year, serial=next_serial(Investigation, year), made_by=by, made_at=clock.now(), **plan._asdict()
    )
    audit.record(by, "investigation.drafted", made)
    return made


@transaction.atomic
def change(by: User, investigation_id: int, plan: InvestigationPlan, *, expected_version: int) -> Investigation:
    """Change what it is about, while it is a draft. Raises InvestigationOpened, NotAllowed, Conflict."""
    made = writable(by, investigation_id)
    made.save_fields(expected_version=expected_version, **plan._asdict())
    audit.record(by, "investigation.changed", made)
    return made


@transaction.atomic
def add_question(by: User, investigation_id: int, text: QuestionText) -> Question:
    """Put a question in at its number. Raises OptionsMissing, InvestigationOpened, NotAllowed."""
    made = writable(by, investigation_id)
    place = min(max(text.position, 1), made.questions.count() + 1)
    made.questions.filter(position__gte=place).update(position=F("position") + 1)
    question = Question.objects.create(investigation=made, **_values(text) | {"position": place})
    audit.record(by, "investigation.question_added", made, data={"number": place})
    return question


@transaction.atomic
def edit_question(by: User, investigation_id: int, question_id: int, text: QuestionText) -> Question:
    """Change a question, and where it stands. Raises OptionsMissing, InvestigationOpened, NotAllowed."""
    made = writable(by, investigation_id)
    question = made.questions.get(pk=question_id)
    place = min(max(text.position, 1), made.questions.count())
    others = made.questions.exclude(pk=question.pk)
    if place < question.position:
        others.filter(position__range=(place, question.position - 1)).update(position=F("position") + 1)
    elif place > question.position:
        others.filter(position__range=(question.position + 1, place)).update(position=F("position") - 1)
    values = _values(text) | {"position": place}
    for name, value in values.items():
        setattr(question, name, value)
    question.save(update_fields=list(values))
    audit.record(by, "investigation.question_changed", made, data={"number": place})
    return question


@transaction.atomic
def remove_question(by: User, investigation_id: int, question_id: int) -> Investigation:
    """Take a question out; those after it move up. Raises InvestigationOpened, NotAllowed."""
    made = writable(by, investigation_id)
    question = made.questions.get(pk=question_id)
    place = question.position
    question.delete()
    made.questions.filter(position__gt=place).update(position=F("position") - 1)
    audit.record(by, "investigation.question_removed", made, data={"number": place})
    return made


def _values(text: QuestionText) -> dict[str, Any]:
    chosen = text.kind in (QuestionKind.ONE, QuestionKind.MANY)
    if chosen and len(text.options) < 2:
        raise OptionsMissing
    options = [{"zh-hans": zh, "en": en or zh} for zh, en in text.options] if chosen else []
    return text._asdict() | {"options": options}


def kept(by: User, investigation_id: int) -> Investigation:
    """The investigation, locked, for who keeps investigations. Raises NotAllowed; must be called inside a transaction."""
    require(may_keep_investigations(by))
    return Investigation.objects.locked(investigation_id)


def writable(by: User, investigation_id: int) -> Investigation:
    """The same, while it is a draft. Raises InvestigationOpened, NotAllowed."""
    made = kept(by, investigation_id)
    if made.state != InvestigationState.DRAFT:
        raise InvestigationOpened
    return made
