"""The pages of the screening rules: their figures, and changing them."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import policies
from cases.models import ScreeningRule
from cases.punishments import wording
from cases.services import screening
from cases.views.base import RoomMixin
from portal.web.views import TemplateView, Text, VerbView

ROOM = "cases:screening"


class Rules(RoomMixin, TemplateView):
    """The rules with their figures."""

    template_name = "cases/rules.html"
    title = _("Screening rules")
    lede = _("What the rules ask is data of this site: its figures can be changed, and each change is kept.")
    room = ROOM

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The list of hits."""
        return [(_("Screening"), reverse("cases:screening"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the rules."""
        rules = [(rule, figures_in_words(rule)) for rule in ScreeningRule.objects.all()]
        may_keep = policies.may_keep_rules(self.request.user)
        return super().get_context_data(rules=rules, may_keep=may_keep, **kwargs)


FIGURES: dict[str, Text] = {
    "times": _("Decisions"),
    "months": _("Within months"),
    "agencies": _("Agencies"),
    "share": _("Share of the amount"),
    "days": _("Days"),
}


def figures_in_words(rule: ScreeningRule) -> list[tuple[Text, str]]:
    """The figures of a rule, each with its name."""
    found = [(FIGURES[name], str(value)) for name, value in rule.figures.items() if name in FIGURES]
    for match in rule.figures.get("matches", ()):
        threshold = match.get("offence") or wording.amount(match["yuan"])
        found.append((match["law"], f"{match['pattern'].replace('|', '、')} · {threshold}"))
    return found


class RuleForm(forms.Form):
    """The figures of a rule, and whether it is asked. Those of a threshold are kept with the offences."""

    is_active = forms.BooleanField(label=_("The rule is asked"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule: ScreeningRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in rule.figures.items():
            if name == "share":
                self.fields[name] = forms.DecimalField(
                    label=str(FIGURES[name]), min_value=0, max_value=1, decimal_places=4, initial=value
                )
            elif name in FIGURES:
                self.fields[name] = forms.IntegerField(
                    label=str(FIGURES[name]), min_value=1, max_value=10_000, initial=value
                )

    def figures(self) -> dict[str, Any]:
        """As the rule keeps them."""
        return {
            name: str(value) if name == "share" else value
            for name, value in self.cleaned_data.items()
            if name in FIGURES
        }


class EditRule(RoomMixin, VerbView):
    """Change the figures of a rule."""

    form_class = RuleForm
    purpose = "edit-screening-rule"
    room = ROOM

    @staticmethod
    def policy(user: Any, _rule: Any) -> bool:
        """The site's coordinator."""
        return policies.may_keep_rules(user)

    def get_object(self) -> ScreeningRule:
        """By its code."""
        return ScreeningRule.objects.get(code=self.kwargs["code"])

    def get_title(self) -> Text:
        """The rule."""
        return str(self.object.name)

    def get_back_url(self) -> str:
        """The rules."""
        return reverse("cases:rules")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The rule, whose figures are the fields."""
        return super().get_form_kwargs() | {"rule": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As stored."""
        rule = self.object
        figures = {name: value for name, value in rule.figures.items() if name in FIGURES}
        return {"is_active": rule.is_active, "version": rule.version, **figures}

    def perform(self, form: RuleForm) -> ScreeningRule:
        """Keep them."""
        typed = form.cleaned_data
        return screening.change_rule(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            is_active=typed["is_active"],
            figures=form.figures(),
        )

    def get_result_url(self, result: ScreeningRule) -> str:
        """The rules."""
        return reverse("cases:rules")
