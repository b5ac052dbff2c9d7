"""The pages of screening: what the rules found, a hit, the rules themselves."""

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import policies
from cases.models import HitState, ScreeningHit, ScreeningRule
from cases.punishments import screening as engine
from cases.punishments import wording
from cases.services import screening
from cases.views.base import RoomMixin
from portal.organisation.models import Unit
from portal.web.forms import ReasonForm
from portal.web.models import Job
from portal.web.views import ListPage, ObjectPage, Text, VerbView

ROOM = "cases:screening"


def _agencies(request: Any) -> Any:
    hits = ScreeningHit.objects.visible_to(request.user)
    return Unit.objects.filter(pk__in=hits.values("punishment__agency"))


class HitFilter(django_filters.FilterSet):
    """Hits by rule, agency and what became of them."""

    rule = django_filters.ModelChoiceFilter(queryset=ScreeningRule.objects.all(), label=_("Rule"), empty_label=_("All"))
    agency = django_filters.ModelChoiceFilter(
        field_name="punishment__agency", queryset=_agencies, label=_("Agency"), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(choices=HitState.choices, label=_("State"), empty_label=_("All"))

    class Meta:
        model = ScreeningHit
        fields = ()


class HitTable(django_tables2.Table):
    """Hits, the newest first."""

    decision = django_tables2.Column(accessor="punishment", verbose_name=_("Decision"), order_by="punishment__number")
    party = django_tables2.Column(accessor="punishment__party", verbose_name=_("Party"), orderable=False)
    agency = django_tables2.Column(accessor="punishment__agency__name", verbose_name=_("Agency"), orderable=False)
    seen = django_tables2.Column(empty_values=(), verbose_name=_("What the rule saw"), orderable=False)
    amount = django_tables2.Column(accessor="punishment__amount", verbose_name=_("Amount involved"))
    state = django_tables2.Column(verbose_name=_("State"), orderable=False)

    class Meta:
        model = ScreeningHit
        fields = ("decision", "party", "agency", "seen", "amount", "state")

    def render_decision(self, value: Any, record: ScreeningHit) -> str:
        """Leads to the hit."""
        return format_html('<a href="{}" lang="zh-Hans">{}</a>', record.get_absolute_url(), value.number)

    def value_decision(self, value: Any) -> str:
        """The number, in a file."""
        return str(value.number)

    def render_seen(self, record: ScreeningHit) -> str:
        """The sentence."""
        return engine.explain(record)

    def render_amount(self, value: Any) -> str:
        """In words."""
        return wording.yuan(value)

    def value_amount(self, value: Any) -> Any:
        """A number, in a file."""
        return float(value) if value is not None else None


class HitList(RoomMixin, ListPage):
    """What the rules found."""

    title = _("Screening")
    model = ScreeningHit
    table_class, filterset_class = HitTable, HitFilter
    template_name = "cases/hits.html"
    export_name = "screening"
    room = ROOM
    empty = _("No rule has found anything yet. Import decisions, then screen them.")

    def get_queryset(self) -> Any:
        """With what a row shows."""
        return super().get_queryset().select_related("rule", "punishment__agency")

    def get_lede(self) -> Text:
        """How many wait."""
        count = ScreeningHit.objects.visible_to(self.request.user).open().count()
        return ngettext("%(count)s hit waits for a person.", "%(count)s hits wait for a person.", count) % {
            "count": f"{count:,}"
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the verbs, and how many open hits each rule has."""
        open_hits = Q(hits__state=HitState.OPEN, hits__in=ScreeningHit.objects.visible_to(self.request.user))
        rules = ScreeningRule.objects.annotate(waiting=Count("hits", filter=open_hits))
        actions = []
        if policies.may_work(self.request.user):
            url = reverse("cases:screen")
            actions = [{"url": url, "label": _("Screen all decisions"), "icon": "search", "primary": True}]
        actions.append({"url": reverse("cases:rules"), "label": _("Rules"), "icon": "settings", "primary": False})
        return super().get_context_data(rules=rules, actions=actions, **kwargs)


class ScreenAll(RoomMixin, VerbView):
    """Ask every rule of all decisions."""

    title = _("Screen all decisions")
    form_class = forms.Form
    purpose = "screen-punishments"
    submit_label = _("Screen all decisions")
    room, back_url = ROOM, "/cases/screening/"

    @staticmethod
    def policy(user: Any, _object: object) -> bool:
        """Who works on cases."""
        return policies.may_work(user)

    def get_consequences(self) -> list[Text]:
        """Nothing is decided by a rule."""
        return [
            _t("Every rule in use is asked of all decisions, in the background."),
            _t("A decision that a rule has pointed at before is not pointed at again by that rule."),
            _t("A hit decides nothing: a person makes a clue of it, or dismisses it with a reason."),
        ]

    def perform(self, form: forms.Form) -> Job:
        """Begin."""
        return screening.screen_all(self.request.user, next_url=reverse("cases:screening"))

    def get_result_url(self, result: Job) -> str:
        """Its progress."""
        return reverse("web:job", args=(result.pk,))


class HitMixin(RoomMixin):
    """A page about a hit that the person may see."""

    room = ROOM
    object: ScreeningHit
    kwargs: dict[str, Any]

    def get_object(self) -> ScreeningHit:
        """With rule and decision."""
        seen = ScreeningHit.objects.visible_to(self.request.user)
        return seen.select_related("rule", "punishment__agency", "decided_by").get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The list."""
        return [(_("Screening"), reverse("cases:screening"))]


class HitPage(HitMixin, ObjectPage):
    """A hit: what the rule saw, the decision, and what a person made of it."""

    template_name = "cases/hit.html"

    def get_title(self) -> Text:
        """The rule."""
        return self.object.rule.name

    def get_lede(self) -> Text:
        """What it saw."""
        return engine.explain(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what may be done."""
        hit = self.object
        may_decide = hit.state == HitState.OPEN and policies.may_work_at(
            self.request.user, str(hit.punishment.agency.path)
        )
        return super().get_context_data(hit=hit, decision=hit.punishment, may_decide=may_decide, **kwargs)


class Dismiss(HitMixin, VerbView):
    """Say why a hit means nothing."""

    title = _("Dismiss the hit")
    form_class = ReasonForm
    purpose = "dismiss-hit"
    submit_label = _("Dismiss the hit")

    @staticmethod
    def policy(user: Any, hit: ScreeningHit) -> bool:
        """Who works on cases where the agency is."""
        return policies.may_work_at(user, str(hit.punishment.agency.path))

    def get_lede(self) -> Text:
        """Which."""
        return engine.explain(self.object)

    def get_initial(self) -> dict[str, Any]:
        """The version shown."""
        return {"version": self.object.version}

    def perform(self, form: ReasonForm) -> ScreeningHit:
        """Dismiss it."""
        typed = form.cleaned_data
        return screening.dismiss(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )
