"""Forms of duty-crime cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.clue_forms import TEXT_MAX
from cases.models import Clue, CrimeCase, Offence, Outcome, Source, Stage
from cases.models.cases import MONEY
from cases.models.proceedings import POINTS
from portal.organisation.forms import UnitPickForm
from portal.organisation.models import Rank, Unit
from portal.web.fields import DayField
from portal.web.picking import Candidate
from systems.models import Power, RequiredSystem

FIRST = 1980


class ConcernedForm(UnitPickForm):
    """A form that names the unit concerned; one that has ended is found by its code."""

    unit = forms.CharField(label=_("Unit"), max_length=200, help_text=_("Name, pinyin or code."))

    def candidates(self, words: str) -> list[Candidate]:
        """A code wins, whatever became of the unit."""
        ended = Unit.objects.visible_to(self.by).filter(code=words).first()
        return [Candidate(ended.code, str(ended), ended)] if ended is not None else super().candidates(words)


def long_text(label: Any, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """A field for several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=TEXT_MAX, **kwargs)


def _money(label: Any, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, required=False, **MONEY, **kwargs)


def system_choice() -> forms.ModelChoiceField:  # type: ignore[type-arg]
    """A choice of the system that failed."""
    return forms.ModelChoiceField(
        RequiredSystem.objects.all(), label=_("System that failed"), required=False, empty_label=_("not known yet")
    )


class ChargeForm(forms.Form):
    """An offence, when the act was, and its amount."""

    offence = forms.ModelChoiceField(Offence.objects.all(), label=_("Offence"), empty_label=_("Choose"))
    act_from = DayField(label=_("Act from"), since=FIRST)
    act_until = DayField(
        label=_("Act until"), since=FIRST, help_text=_("This day decides which text of the law applies.")
    )
    amount = _money(_("Amount (yuan)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offence"].label_from_instance = lambda o: f"{o.article} · {o.name}"  # type: ignore[attr-defined]


class SuspectForm(forms.Form):
    """A person concerned, with post and rank at the time of the act."""

    name = forms.CharField(label=_("Person concerned"), max_length=100)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "—"), ("m", _("male")), ("f", _("female"))], required=False)
    birth_year = forms.IntegerField(label=_("Born in"), min_value=1900, max_value=2100, required=False)
    political_status = forms.CharField(label=_("Political status"), max_length=60, required=False)
    post = forms.CharField(label=_("Post at the time"), max_length=200)
    rank = forms.ModelChoiceField(Rank.objects.all(), label=_("Rank at the time"), empty_label=_("Choose"))
    is_accomplice = forms.BooleanField(label=_("Accomplice"), required=False)


class FileForm(ConcernedForm, SuspectForm, ChargeForm):
    """A case as it is filed, with its first person and its first charge."""

    number = forms.CharField(label=_("Case number"), max_length=60)
    title = forms.CharField(label=_("Case"), max_length=200)
    filed_on = DayField(label=_("Filed on"), since=FIRST)
    source = forms.ChoiceField(label=_("Source of the clue"), choices=Source.choices)
    clue = forms.ModelChoiceField(
        Clue.objects.none(), label=_("Clue"), required=False, empty_label=_("none"), help_text=_("One closed as filed.")
    )
    means = long_text(_("How it was done"))
    loophole = system_choice()
    power = forms.CharField(label=_("Power that was abused"), max_length=200, required=False)

    field_order = (
        *("number", "title", "unit", "filed_on", "source", "clue", "name", "sex", "birth_year", "political_status"),
        *("post", "rank", "offence", "act_from", "act_until", "amount", "means", "loophole", "power"),
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        del self.fields["is_accomplice"]
        free = Clue.objects.visible_to(by).filter(result="filed", case__isnull=True)
        self.fields["clue"].queryset = free  # type: ignore[attr-defined]


class EditForm(forms.Form):
    """What is known of a case."""

    title = forms.CharField(label=_("Case"), max_length=200)
    means = long_text(_("How it was done"))
    loophole = system_choice()
    power = forms.CharField(label=_("Power that was abused"), max_length=200, required=False)
    listed_power = forms.ModelChoiceField(
        Power.objects.none(),
        label=_("The same on the unit's list of powers"),
        required=False,
        empty_label=_("not on the list"),
    )
    recovered = forms.DecimalField(label=_("Recovered (yuan)"), min_value=0, **MONEY)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["listed_power"]
        field.queryset = Power.objects.filter(unit=unit)
        field.label_from_instance = lambda power: power.matter


class ReachForm(forms.Form):
    """A stage and its day."""

    stage = forms.ChoiceField(label=_("Stage reached"))
    on = DayField(label=_("On"), since=FIRST)
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)

    def __init__(self, *args: Any, reached: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = [choice for choice in Stage.choices if choice[0] not in reached]
        self.fields["stage"].choices = left  # type: ignore[attr-defined]


class CorrectForm(forms.Form):
    """The right day of a milestone, and why it was wrong."""

    on = DayField(label=_("On"), since=FIRST)
    reason = long_text(_("Reason"), 3)


class ExtendForm(forms.Form):
    """By which article a limit is made longer."""

    article = forms.ChoiceField(label=_("Article"), widget=forms.RadioSelect)
    reason = long_text(_("Reason"), 3)

    def __init__(self, *args: Any, ways: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["article"].choices = ways  # type: ignore[attr-defined]


class SuspendForm(forms.Form):
    """Since when a proceeding stands still, and why."""

    on = DayField(label=_("Since"), since=FIRST)
    reason = long_text(_("Reason"), 3)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ResumeForm(forms.Form):
    """From when on it goes on."""

    on = DayField(label=_("From"), since=FIRST)
    version = forms.IntegerField(widget=forms.HiddenInput)


class CheckForm(forms.Form):
    """The five points; a fault needs a remark."""

    remark = long_text(_("Remark"), 4, required=False, help_text=_("Needed where a point does not hold."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("yes", _("yes")), ("no", _("no"))]
        for name, label in POINTS:
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        self.order_fields([name for name, _label in POINTS])

    def points(self) -> dict[str, bool]:
        """Which hold."""
        return {name: self.cleaned_data[name] == "yes" for name, _label in POINTS}


class ConcludeForm(forms.Form):
    """The outcome of a case."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    on = DayField(label=_("On"), since=FIRST)
    months = forms.IntegerField(label=_("Imprisonment (months)"), min_value=0, max_value=1200, required=False)
    probation = forms.BooleanField(label=_("Probation"), required=False)
    fine = _money(_("Fine (yuan)"))
    confiscated = _money(_("Confiscated (yuan)"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class JoinForm(forms.Form):
    """With which case one is joined."""

    into = forms.ModelChoiceField(CrimeCase.objects.none(), label=_("Joined with"), empty_label=None)
    reason = long_text(_("Reason"), 3)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class SplitForm(forms.Form):
    """Who goes into a case of their own."""

    number = forms.CharField(label=_("Number of the new case"), max_length=60)
    title = forms.CharField(label=_("Case"), max_length=200)
    suspects = forms.MultipleChoiceField(label=_("Who goes"), widget=forms.CheckboxSelectMultiple)
    reason = long_text(_("Reason"), 3)

    def __init__(self, *args: Any, persons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suspects"].choices = persons  # type: ignore[attr-defined]
