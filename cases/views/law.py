"""The texts of the law that cases are judged and counted by: amounts of offences, limits between stages."""

from itertools import groupby
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import policies
from cases.models import Offence, Stage, StageLimit
from cases.models.cases import MONEY
from cases.models.offences import Category
from cases.services import law
from cases.views.base import RoomMixin
from portal.accounts.models import User
from portal.web.fields import DayField
from portal.web.views import TemplateView, Text, VerbView

ROOM = "cases:cases"


class Law(RoomMixin, TemplateView):
    """Offences by chapter with every text of their amounts, and the limits of the proceeding."""

    template_name = "cases/law.html"
    title = _("Offences and limits")
    lede = _("The text in force on the day of the act decides. A new text is added; the old ones stay.")
    room = ROOM

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The list of cases."""
        return [(_("Duty-crime cases"), reverse("cases:cases"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the texts."""
        order = [category.value for category in Category]
        offences = sorted(
            Offence.objects.prefetch_related("versions"), key=lambda o: (order.index(o.category), o.order)
        )
        limits = StageLimit.objects.order_by("in_force_from", "pk")
        return super().get_context_data(
            chapters=[(Category(code).label, list(rows)) for code, rows in groupby(offences, lambda o: o.category)],
            limits=[(limit, Stage(limit.from_stage).label, Stage(limit.to_stage).label) for limit in limits],
            may_keep=policies.may_keep_rules(self.request.user),
            **kwargs,
        )


class TextForm(forms.Form):
    """A text of an offence's amounts."""

    in_force_from = DayField(label=_("In force from"), since=1979)
    relatively_large = forms.DecimalField(label=_("Relatively large (yuan)"), min_value=0, required=False, **MONEY)
    huge = forms.DecimalField(label=_("Huge (yuan)"), min_value=0, required=False, **MONEY)
    especially_huge = forms.DecimalField(
        label=_("Especially huge (yuan)"),
        min_value=0,
        required=False,
        help_text=_("Leave an amount empty where the text counts none."),
        **MONEY,
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The law or interpretation, with its number.")
    )


class LawVerb(RoomMixin, VerbView):
    """A verb of who keeps the site's rules."""

    room = ROOM

    @staticmethod
    def policy(user: User, _object: Any) -> bool:
        """The site's coordinator."""
        return policies.may_keep_rules(user)

    def get_back_url(self) -> str:
        """The texts."""
        return reverse("cases:law")

    def get_result_url(self, result: Any) -> str:
        """The texts."""
        return reverse("cases:law")


class AddText(LawVerb):
    """Enter a new text of an offence's amounts."""

    title = _("Enter a new text")
    form_class = TextForm
    purpose = "add-offence-text"
    submit_label = _("Enter it")

    def get_object(self) -> Offence:
        """By its code."""
        return Offence.objects.get(code=self.kwargs["code"])

    def get_lede(self) -> Text:
        """Which offence."""
        return f"{self.object.article} · {self.object.name}"

    def get_initial(self) -> dict[str, Any]:
        """The amounts of the last text."""
        last = self.object.versions.order_by("-in_force_from").first()
        names = ("relatively_large", "huge", "especially_huge")
        return {name: getattr(last, name) for name in names} if last is not None else {}

    def perform(self, form: TextForm) -> Any:
        """Enter it."""
        return law.add_text(self.request.user, self.object.pk, **form.cleaned_data)


class LimitForm(forms.Form):
    """A text of a limit."""

    in_force_from = DayField(label=_("In force from"), since=1979)
    months = forms.IntegerField(label=_("Months"), min_value=0, max_value=60)
    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=366)
    article = forms.CharField(label=_("Article"), max_length=80)


class AddLimitText(LawVerb):
    """Enter a new text of a limit."""

    title = _("Enter a new text")
    form_class = LimitForm
    purpose = "add-limit-text"
    submit_label = _("Enter it")

    def get_object(self) -> StageLimit:
        """The text that it follows."""
        return StageLimit.objects.get(pk=self.kwargs["pk"])

    def get_lede(self) -> Text:
        """Between which stages."""
        return f"{Stage(self.object.from_stage).label} – {Stage(self.object.to_stage).label}"

    def get_initial(self) -> dict[str, Any]:
        """As it was."""
        return {name: getattr(self.object, name) for name in ("months", "days", "article")}

    def perform(self, form: LimitForm) -> Any:
        """Enter it."""
        return law.add_limit_text(self.request.user, self.object.pk, **form.cleaned_data)
