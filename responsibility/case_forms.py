"""Forms of accountability cases: what the person concerned says, what is proposed and decided."""

from typing import Any

from django import forms
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web.forms import VersionForm
from portal.web.i18n import with_note
from responsibility.models import Measure
from responsibility.report_parts import MAX_LENGTH


class ExplainForm(VersionForm):
    """The explanation of the person concerned."""

    text = forms.CharField(
        label=_("Your explanation"), widget=forms.Textarea(attrs={"rows": 8}), max_length=MAX_LENGTH,
        help_text=_("What happened, and what you have done about it. It is read before anything is decided."),
    )  # fmt: skip


class ObjectForm(VersionForm):
    """The objection of the person concerned."""

    text = forms.CharField(
        label=_("Your objection"), widget=forms.Textarea(attrs={"rows": 8}), max_length=MAX_LENGTH,
        help_text=_("What is wrong with the decision, and why. Whoever answers did not decide."),
    )  # fmt: skip


class MeasureForm(VersionForm):
    """A measure, or none, with the reason. Measures stand mildest first, each with who decides it."""

    measure = forms.ChoiceField(label=_("Measure"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000,
        help_text=_("The person will read it. Say what counted."),
    )  # fmt: skip

    NONE = "none"

    def __init__(
        self, *args: Any, measures: list[Measure], proposed: str = "", none: bool = True, further: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """`proposed`: code of the measure that was proposed. `none`: whether "no measure" is a choice here; `further`:
        whether a measure is in force that would stand."""
        super().__init__(*args, **kwargs)
        self.measures = {measure.code: measure for measure in measures}
        choices = [(m.code, _choice(m.name, m.get_decider_display(), m.code == proposed)) for m in measures]
        if none:
            word = _t("No further measure") if further else _t("No measure")
            hint = _t("what was decided before stands") if further else ""
            choices.append((self.NONE, _choice(word, hint, proposed == self.NONE)))
        self.fields["measure"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Measure | None:
        """The measure, or None."""
        return self.measures.get(self.cleaned_data["measure"])


class _Hinted(str):
    """A choice with a hint: on a page under it, in small type; in plain text behind it, in brackets."""

    name: str
    hint: str

    def __new__(cls, name: str, hint: str) -> "_Hinted":
        made = super().__new__(cls, with_note(name, hint) if hint else name)
        made.name, made.hint = name, hint
        return made

    def __html__(self) -> str:
        return format_html("{} <small>{}</small>", self.name, self.hint) if self.hint else conditional_escape(self.name)


def _choice(name: str, hint: str, proposed: bool) -> _Hinted:
    """A measure with who decides it and whether it was proposed."""
    hints = [str(hint)] if hint else []
    if proposed:
        hints.append(_t("proposed"))
    return _Hinted(str(name), " · ".join(hints))


class DecisionForm(MeasureForm):
    """A decision also names its basis."""

    basis = forms.CharField(label=_("Basis"), required=False, max_length=300)


class ReferForm(MeasureForm):
    """What the body above made of a case: the portal records it, it does not judge."""

    basis = forms.CharField(
        label=_("Its paper"), required=False, max_length=300, help_text=_("Number and day of the paper that says so.")
    )

    OTHER = "other"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure, reason = self.fields["measure"], self.fields["reason"]
        names = [(measure.code, measure.name) for measure in self.measures.values()]
        measure.label = _("Outcome")
        measure.choices = [  # type: ignore[attr-defined]
            *names, (self.NONE, _("No measure")), (self.OTHER, _("Something else, told in the reason")),
        ]  # fmt: skip
        reason.help_text = _("As the body above gave it. The person will read it.")
