"""The ladders in their versions, and making a new one."""

from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.obligations import policies, services
from portal.obligations.choices import Action, Audience
from portal.obligations.models import Ladder
from portal.obligations.presentation import audience_words, offset_sentence
from portal.web.views import PageMixin, TemplateView, VerbView


class LaddersPage(PageMixin, TemplateView):
    """The ladders in their versions."""

    template_name = "obligations/ladders.html"
    title = _("Ladders")
    lede = _("What follows when a duty is near, due and overdue. A duty keeps the version it was opened under.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the versions, each rung in words."""
        ladders = [
            (
                ladder,
                [(rung, offset_sentence(rung.offset), audience_words(rung.audience)) for rung in ladder.rungs.all()],
            )
            for ladder in Ladder.objects.prefetch_related("rungs")
        ]
        may_edit = policies.may_edit_ladders(self.request.user)
        return super().get_context_data(ladders=ladders, may_edit=may_edit, **kwargs)


def _own_text(label: Any, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label, initial=initial, required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


class LadderForm(forms.Form):
    """Offset, audience, points and own text of each rung; the actions and their order stay."""

    def __init__(self, *args: Any, ladder: Ladder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rungs = list(ladder.rungs.all())
        for rung in self.rungs:
            name, title = f"rung-{rung.position}", Action(rung.action).label
            self.fields[f"{name}-offset"] = forms.IntegerField(
                label=_t("%(position)s. %(action)s: working days from the due day")
                % {"position": rung.position, "action": title},
                initial=rung.offset,
                min_value=-60,
                max_value=120,
            )
            self.fields[f"{name}-audience"] = forms.MultipleChoiceField(
                label=_("Who is told"),
                choices=Audience.choices,
                initial=rung.audience,
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"{name}-points"] = forms.DecimalField(
                label=_("Deduction (points)"), initial=rung.points, min_value=0, max_value=99, decimal_places=1
            )
            self.fields[f"{name}-text_en"] = _own_text(_("Own text in the notice, in English (optional)"), rung.text_en)
            self.fields[f"{name}-text_zh"] = _own_text(_("Own text in the notice, in Chinese (optional)"), rung.text_zh)

    def clean(self) -> dict[str, Any]:
        """Rungs climb: none lies before the one below it."""
        typed: dict[str, Any] = super().clean() or {}
        offsets = [typed.get(f"rung-{rung.position}-offset") for rung in self.rungs]
        for index, (earlier, later) in enumerate(pairwise(offsets), start=1):
            if earlier is not None and later is not None and later < earlier:
                name = f"rung-{self.rungs[index].position}-offset"
                self.add_error(name, ValidationError(_("This rung lies before the one below it.")))
        return typed

    def drafts(self) -> list[services.RungDraft]:
        """The rungs as typed."""
        typed = self.cleaned_data
        return [
            services.RungDraft(
                typed[f"rung-{rung.position}-offset"],
                Action(rung.action),
                typed[f"rung-{rung.position}-audience"],
                typed[f"rung-{rung.position}-points"],
                typed[f"rung-{rung.position}-text_en"],
                typed[f"rung-{rung.position}-text_zh"],
            )
            for rung in self.rungs
        ]


class NewLadder(VerbView):
    """A new version of a ladder, from the newest one."""

    title = _("New version of the ladder")
    lede = _("Duties opened from today climb it; those already open keep theirs.")
    crumbs = ((_("Ladders"), "/ladders/"),)
    form_class = LadderForm
    purpose = "new-ladder"
    submit_label = _("Put the version in force")
    back_url = "/ladders/"

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """The coordinator."""
        return policies.may_edit_ladders(user)

    def _newest(self) -> Ladder:
        return Ladder.objects.filter(code=self.kwargs["code"]).latest("version")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The newest version."""
        return super().get_form_kwargs() | {"ladder": self._newest()}

    def perform(self, form: LadderForm) -> Ladder:
        """Put it in force."""
        return services.new_ladder(self.request.user, self.kwargs["code"], form.drafts())

    def get_result_url(self, result: Ladder) -> str:
        """The ladders."""
        return "/ladders/"
