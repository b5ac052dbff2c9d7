"""Proposals: the list, one with its steps, the verbs."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.web.views import ListPage, ObjectPage
from systems import policies_programme as policies
from systems.models.experience import Proposal, ProposalKind, ProposalState
from systems.models.research import ResearchReport

CRUMBS = ((_("Proposals"), "/proposals/"),)
ORDER = (ProposalState.SUBMITTED, ProposalState.ADOPTED, ProposalState.IN_EFFECT)


class ProposalFilter(django_filters.FilterSet):
    """By words, kind and state."""

    q = django_filters.CharFilter(label=_("Words"), method="words")
    kind = django_filters.ChoiceFilter(choices=ProposalKind.choices, label=_("Kind"))
    state = django_filters.ChoiceFilter(choices=ProposalState.choices, label=_("State"))

    def words(self, queryset: "QuerySet[Proposal]", name: str, value: str) -> "QuerySet[Proposal]":
        """In titles and text."""
        return queryset.filter(Q(title_zh__icontains=value) | Q(title_en__icontains=value) | Q(text__icontains=value))


class ProposalTable(django_tables2.Table):
    """Proposals, the newest first."""

    title = django_tables2.Column(verbose_name=_("Proposal"), accessor="title", linkify=True, order_by="title_zh")
    kind = django_tables2.Column(verbose_name=_("Kind"), accessor="get_kind_display", order_by="kind")
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    result = django_tables2.Column(verbose_name=_("What came of it"), orderable=False)


class ProposalsPage(ListPage):
    """The proposals that a person may see."""

    model = Proposal
    title = _("Proposals")
    table_class = ProposalTable
    filterset_class = ProposalFilter
    template_name = "systems/proposals.html"
    export_name = "proposals"
    empty = _("Nothing has been proposed. Leaders and liaisons propose what their work has taught them.")

    def allowed(self, user: User) -> bool:
        """Whoever sees content."""
        return policies.may_read(user)

    def get_queryset(self) -> "QuerySet[Proposal]":
        """With what each row shows."""
        return Proposal.objects.visible_to(self.request.user).select_related("unit")

    def get_lede(self) -> str:
        """How many wait."""
        count = Proposal.objects.visible_to(self.request.user).undecided().count()
        text = ngettext("%(count)s proposal waits to be decided.", "%(count)s proposals wait to be decided.", count)
        return text % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the way to a new one."""
        return super().get_context_data(may_propose=policies.may_propose(self.request.user), **kwargs)


class ProposalMixin:
    """Finds the proposal that the address names, among those that the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: Any

    def get_object(self) -> Proposal:
        """By year and number. Raises DoesNotExist."""
        seen = Proposal.objects.visible_to(self.request.user).select_related(
            "unit",
            "proposed_by",
            "system",
            "report",
            "carried_out_by",
            "obligation",
            "requirement__system",
            "regulations",
        )
        return seen.get(year=self.kwargs["year"], serial=self.kwargs["serial"])

    def get_crumbs(self) -> Any:
        """The list."""
        return CRUMBS


class ProposalPage(ProposalMixin, ObjectPage):
    """A proposal with what was decided and what came of it."""

    template_name = "systems/proposal.html"
    object: Proposal

    def get_title(self) -> str:
        """Its title."""
        return self.object.title

    def get_lede(self) -> str:
        """Where it stands."""
        words = {"kind": self.object.get_kind_display(), "state": self.object.get_state_display()}
        return _t("%(kind)s. %(state)s.") % words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the steps and the verbs."""
        one, user = self.object, self.request.user
        waits, adopted = one.state == ProposalState.SUBMITTED, one.state == ProposalState.ADOPTED
        carries = adopted and policies.may_carry_out(user, one)
        return super().get_context_data(
            proposal=one,
            steps=self._steps(),
            told=one.steps.select_related("author").order_by("-pk"),
            report=ResearchReport.objects.visible_to(user).filter(pk=one.report_id or 0).first(),
            may_decide=waits and policies.may_decide_proposal(user, one),
            may_withdraw=waits and policies.may_withdraw_proposal(user, one),
            may_write_catalogue=carries and one.kind == ProposalKind.SYSTEM,
            may_record=carries,
            **kwargs,
        )

    def _steps(self) -> list[dict[str, Any]]:
        """Made, decided, in effect."""
        state = self.object.state
        ended = state in (ProposalState.DECLINED, ProposalState.WITHDRAWN)
        decided = str(self.object.get_state_display()) if ended else _t("Decided")
        codes = {
            ProposalState.SUBMITTED: ("done", "now", "todo"),
            ProposalState.ADOPTED: ("done", "done", "now"),
            ProposalState.DECLINED: ("done", "done", "todo"),
            ProposalState.WITHDRAWN: ("done", "done", "todo"),
        }.get(ProposalState(state), ("done", "done", "done"))
        last = str(ProposalState.DROPPED.label) if state == ProposalState.DROPPED else _t("In effect")
        titles = (_t("Proposed"), decided, last)
        return [{"code": code, "title": title, "text": ""} for code, title in zip(codes, titles, strict=True)]
