"""What the answers to an investigation come to: a fixed number of queries, however many units answered."""

from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Avg, Count, Max, Min, QuerySet

from systems.models.investigations import Answer, Investigation, Question, QuestionKind, Questionnaire

# So many answers in words are shown under a question.
QUOTED = 6


class Share(NamedTuple):
    """An option with how many chose it, of how many who handed in."""

    label: str
    chosen: int
    of: int

    @property
    def percent(self) -> int:
        """Its share of those who handed in."""
        return 100 * self.chosen // self.of if self.of else 0


class Result(NamedTuple):
    """A question with what was answered."""

    question: Question
    answered: int
    shares: list[Share]
    lowest: Decimal | None = None
    mean: Decimal | None = None
    highest: Decimal | None = None
    words: tuple[Any, ...] = ()


def results(investigation: Investigation, seen: "QuerySet[Questionnaire]") -> list[Result]:
    """Each question with its answers, over the questionnaires that were handed in and that the reader sees."""
    handed_in = seen.answered().filter(investigation=investigation)  # type: ignore[attr-defined]
    of = handed_in.count()
    answers = Answer.objects.filter(questionnaire__in=handed_in)
    chosen = _chosen(answers)
    numbers = {row.pop("question_id"): row for row in _numbers(answers)}
    told = dict(answers.order_by().values_list("question_id").annotate(n=Count("questionnaire", distinct=True)))
    words = _words(answers)
    return [
        Result(
            question,
            told.get(question.pk, 0),
            [Share(label, chosen.get((question.pk, place), 0), of) for place, label in enumerate(question.choices)],
            **numbers.get(question.pk, {}),
            words=tuple(words.get(question.pk, ())),
        )
        for question in investigation.questions.all()
    ]


def _chosen(answers: "QuerySet[Answer]") -> dict[tuple[int, int], int]:
    rows = answers.filter(option__isnull=False).order_by().values_list("question_id", "option").annotate(n=Count("pk"))
    return {(question, option): count for question, option, count in rows}


def _numbers(answers: "QuerySet[Answer]") -> Any:
    rows = answers.filter(number__isnull=False).order_by().values("question_id")
    return rows.annotate(lowest=Min("number"), mean=Avg("number"), highest=Max("number"))


def _words(answers: "QuerySet[Answer]") -> dict[int, list[tuple[str, str]]]:
    """The newest answers in words of each question, with the unit that gave them."""
    rows = answers.filter(question__kind=QuestionKind.TEXT).exclude(text="").select_related("questionnaire__unit")
    found: dict[int, list[tuple[str, str]]] = {}
    for answer in rows.order_by("question_id", "-questionnaire__answered_at")[:400]:
        mine = found.setdefault(answer.question_id, [])
        if len(mine) < QUOTED:
            mine.append((answer.questionnaire.unit.name, answer.text))
    return found


def table(investigation: Investigation, seen: "QuerySet[Questionnaire]") -> list[list[Any]]:
    """All answers as rows, one for each unit that handed in; the questions head the columns."""
    questions = list(investigation.questions.all())
    labels = {question.pk: question.choices for question in questions}
    rows: dict[int, dict[int, list[Any]]] = {}
    handed_in = seen.answered().filter(investigation=investigation).select_related("unit")  # type: ignore[attr-defined]
    for answer in Answer.objects.filter(questionnaire__in=handed_in).order_by("question_id", "option"):
        value = labels[answer.question_id][answer.option] if answer.option is not None else answer.number
        mine = rows.setdefault(answer.questionnaire_id, {}).setdefault(answer.question_id, [])
        mine.append(answer.text if value is None else value)
    return [
        [one.unit.code, one.unit.name, *(_cell(rows.get(one.pk, {}).get(q.pk, [])) for q in questions)]
        for one in handed_in.order_by("unit__path")
    ]


def _cell(values: list[Any]) -> Any:
    if len(values) == 1:
        return float(values[0]) if isinstance(values[0], Decimal) else values[0]
    return "; ".join(str(value) for value in values)
