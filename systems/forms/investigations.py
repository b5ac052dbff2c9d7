"""Forms of investigations: the plan, a question, a questionnaire drawn from its questions, a research report."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.fields import DayField
from systems.investigation_rules import NOTHING, Given
from systems.models.experience import PreventiveMeasure
from systems.models.investigations import Investigation, Question, QuestionKind
from systems.services.investigations import InvestigationPlan, QuestionText


class InvestigationForm(forms.Form):
    """What is to be found out."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    aim = forms.CharField(label=_("What is to be found out"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    due_on = DayField(label=_("To be answered by"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def plan(self) -> InvestigationPlan:
        """What was typed, as the service takes it."""
        return InvestigationPlan(**{name: self.cleaned_data[name] for name in InvestigationPlan._fields})


class QuestionForm(forms.Form):
    """A question."""

    position = forms.IntegerField(label=_("Number"), min_value=1, max_value=200)
    text_zh = forms.CharField(label=_("Question in Chinese"), max_length=400)
    text_en = forms.CharField(label=_("Question in English"), max_length=400, required=False)
    kind = forms.ChoiceField(label=_("Answered by"), widget=forms.RadioSelect, choices=QuestionKind.choices)
    options = forms.CharField(
        label=_("Options"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One in each line, in Chinese; the English words after a slash: 从不 / never."),
    )
    is_required = forms.BooleanField(label=_("It must be answered"), required=False)

    def clean_options(self) -> tuple[tuple[str, str], ...]:
        """Each line as a pair: Chinese, English."""
        lines = [line.strip() for line in str(self.cleaned_data["options"]).splitlines() if line.strip()]
        pairs = [line.partition("/")[::2] for line in lines]
        return tuple((zh.strip() or en.strip(), en.strip()) for zh, en in pairs)

    def question(self) -> QuestionText:
        """What was typed, as the service takes it."""
        typed = self.cleaned_data
        return QuestionText(
            **{name: typed[name] for name in QuestionText._fields} | {"kind": QuestionKind(typed["kind"])}
        )


def options_as_typed(question: Question) -> str:
    """The options of a question as the form takes them."""
    return "\n".join(f"{o['zh-hans']} / {o['en']}" if o["en"] != o["zh-hans"] else o["en"] for o in question.options)


class QuestionnaireForm(forms.Form):
    """A unit's answers, a field for each question. What must be answered is asked for when it is handed in."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        self.questions = questions
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[_name(question.position)] = _field(question)

    @property
    def is_handed_in(self) -> bool:
        """Whether the button was the one that hands in."""
        return "hand_in" in self.data

    def clean(self) -> dict[str, Any]:
        """Each gap is said at its question."""
        typed: dict[str, Any] = super().clean() or {}
        for question in self.questions if self.is_handed_in else ():
            name = _name(question.position)
            if question.is_required and name not in self.errors and not _answered(typed.get(name)):
                self.add_error(name, _t("This question must be answered before you hand in."))
        return typed

    def given(self) -> dict[int, Given]:
        """The answers as the service takes them, by the numbers of the questions."""
        return {q.position: _given(q, self.cleaned_data.get(_name(q.position))) for q in self.questions}


def _answered(value: Any) -> bool:
    return bool(value) or value == 0


def _name(position: int) -> str:
    return f"q{position}"


def _field(question: Question) -> forms.Field:
    label = f"{question.position}. {question.text}"
    choices = [(str(place), option) for place, option in enumerate(question.choices)]
    optional = "" if question.is_required else _t("May be left out.")
    words: dict[str, Any] = {"label": label, "required": False, "help_text": optional}
    match question.kind:
        case QuestionKind.MANY:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **words)
        case QuestionKind.ONE | QuestionKind.YES_NO:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)
        case QuestionKind.NUMBER:
            return forms.DecimalField(max_digits=14, decimal_places=2, **words)
    return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **words)


def _given(question: Question, value: Any) -> Given:
    if not _answered(value):
        return NOTHING
    match question.kind:
        case QuestionKind.MANY:
            return Given(tuple(int(place) for place in value))
        case QuestionKind.ONE | QuestionKind.YES_NO:
            return Given((int(value),))
        case QuestionKind.NUMBER:
            return Given((), value)
    return Given((), None, value)


def initial_of(questions: list[Question], given: Mapping[int, Given]) -> dict[str, Any]:
    """What is answered so far, as the form shows it."""
    found: dict[str, Any] = {}
    for question in questions:
        answer = given.get(question.position, NOTHING)
        places = [str(place) for place in answer.options]
        match question.kind:
            case QuestionKind.MANY:
                value: Any = places
            case QuestionKind.ONE | QuestionKind.YES_NO:
                value = places[0] if places else ""
            case QuestionKind.NUMBER:
                value = answer.number
            case _:
                value = answer.text
        found[_name(question.position)] = value
    return found


class ResearchForm(forms.Form):
    """A research report."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    summary = forms.CharField(
        label=_("In short"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was found, and what follows from it. Two to five sentences."),
    )
    text = forms.CharField(label=_("Text"), max_length=60000, widget=forms.Textarea(attrs={"rows": 18}))
    investigations = forms.ModelMultipleChoiceField(
        Investigation.objects.none(),
        label=_("Written from the investigations"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    measures = forms.ModelMultipleChoiceField(
        PreventiveMeasure.objects.none(),
        label=_("About the measures"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Investigation.objects.visible_to(by).exclude(state="draft")
        self.fields["investigations"].queryset = seen  # type: ignore[attr-defined]
        self.fields["measures"].queryset = PreventiveMeasure.objects.visible_to(by)  # type: ignore[attr-defined]
