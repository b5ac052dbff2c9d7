"""The pages of recommendations: the list, one of them, and what is done with it by both sides."""

from typing import Any

import django_filters
import django_tables2
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from cases import policies, recommendation_pdf
from cases.models import CrimeCase, Recommendation, RecommendationState
from cases.models.recommendations import OWED, SENT
from cases.views.base import RoomMixin
from cases.views.clues import due_text
from portal.documents.views import download
from portal.web.views import ListPage, ObjectPage, PageMixin, Text
from portal.workdays.calendar import load as load_calendar
from systems.models import Finding, RequiredSystem

ROOM = "cases:recommendations"


class RecommendationFilter(django_filters.FilterSet):
    """Recommendations by state and system."""

    state = django_filters.ChoiceFilter(choices=RecommendationState.choices, label=_("State"), empty_label=_("All"))
    loophole = django_filters.ModelChoiceFilter(
        queryset=RequiredSystem.objects.all(), label=_("System that failed"), empty_label=_("All")
    )

    class Meta:
        model = Recommendation
        fields = ()


class RecommendationTable(django_tables2.Table):
    """Recommendations, the newest first."""

    number = django_tables2.Column(verbose_name=_("Number"))
    unit = django_tables2.Column(accessor="unit__name", verbose_name=_("Unit"), orderable=False)
    loophole = django_tables2.Column(accessor="loophole__name", verbose_name=_("System that failed"), orderable=False)
    served_on = django_tables2.Column(verbose_name=_("Served"))
    due = django_tables2.Column(accessor="obligation", verbose_name=_("Reply"), order_by="obligation__due_on")
    state = django_tables2.Column(verbose_name=_("State"))

    class Meta:
        model = Recommendation
        fields = ("number", "unit", "loophole", "served_on", "due", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = load_calendar()

    def render_number(self, value: str, record: Recommendation) -> str:
        """Leads to it."""
        return format_html('<a href="{}" lang="zh-Hans">{}</a>', record.get_absolute_url(), value)

    def value_number(self, value: str) -> str:
        """The number, in a file."""
        return value

    def render_served_on(self, value: Any) -> str:
        """A day."""
        return f"{value:%Y-%m-%d}"

    def render_due(self, value: Any) -> str:
        """The state of the duty."""
        return due_text(value, self.calendar)


class RecommendationList(RoomMixin, ListPage):
    """Those that the person oversees; of the own unit those that were sent."""

    title = _("Recommendations")
    model = Recommendation
    table_class, filterset_class = RecommendationTable, RecommendationFilter
    template_name = "cases/clues.html"
    export_name = "recommendations"
    room = ROOM
    empty = _("No recommendation has been made yet.")

    def allowed(self, user: Any) -> bool:
        """Both sides."""
        return policies.may_see_recommendations(user)

    def get_queryset(self) -> Any:
        """With what a row shows."""
        return super().get_queryset().select_related("unit", "loophole", "obligation")

    def get_lede(self) -> Text:
        """How many replies are owed."""
        count = Recommendation.objects.visible_to(self.request.user).filter(state__in=OWED).count()
        return ngettext("%(count)s reply is owed.", "%(count)s replies are owed.", count) % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the verb."""
        actions = []
        if policies.may_work(self.request.user):
            url = reverse("cases:draft-recommendation")
            actions = [{"url": url, "label": _("Draft a recommendation"), "icon": "plus", "primary": True}]
        return super().get_context_data(actions=actions, **kwargs)


class RecommendationMixin(RoomMixin):
    """A page about a recommendation that the person may see."""

    room = ROOM
    object: Recommendation
    kwargs: dict[str, Any]

    def allowed(self, user: Any) -> bool:
        """Both sides."""
        return policies.may_see_recommendations(user)

    def get_object(self) -> Recommendation:
        """With what the page shows."""
        seen = Recommendation.objects.visible_to(self.request.user)
        joined = ("unit", "case", "loophole", "obligation", "drafted_by", "signed_by", "served_to", "finding")
        return seen.select_related(*joined).get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The list."""
        return [(_("Recommendations"), reverse("cases:recommendations"))]


class RecommendationPage(RecommendationMixin, ObjectPage):
    """A recommendation: its words, where it stands, what was replied and judged."""

    template_name = "cases/recommendation.html"

    def get_title(self) -> Text:
        """Its number."""
        return self.object.number

    def get_lede(self) -> Text:
        """To whom, and what is owed."""
        found = self.object
        state = found.get_state_display()
        if found.state in OWED and found.obligation is not None:
            state = due_text(found.obligation)
        return f"{found.unit.name} · {state}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds steps, words, and what may be done."""
        found, user, states = self.object, self.request.user, RecommendationState
        works = policies.may_work_at(user, str(found.unit.path))
        addressee = policies.is_addressee(user, found)
        return super().get_context_data(
            recommendation=found,
            steps=_steps(found),
            words=found.words.select_related("author"),
            sees_case=found.case is not None and CrimeCase.objects.visible_to(user).filter(pk=found.case.pk).exists(),
            has_pdf=found.state in SENT,
            may_edit=works and found.state == states.DRAFT,
            may_sign=found.state == states.DRAFT and found.drafted_by_id != user.pk and policies.may_sign(user, found),
            may_serve=found.state == states.SIGNED and works and not addressee,
            sees_finding=found.finding is not None
            and Finding.objects.visible_to(user).filter(pk=found.finding.pk).exists(),
            owes_reply=found.obligation is not None and found.state not in (states.DRAFT, states.SIGNED),
            may_acknowledge=found.state == states.SIGNED and addressee,
            may_reply=found.state in OWED and policies.may_reply(user, found),
            may_judge=found.state == states.REPLIED and works and not addressee,
            may_visit=found.state in (states.REPLIED, states.ACCEPTED) and works,
            may_withdraw=found.state in (states.DRAFT, states.SIGNED, *OWED) and works,
            **kwargs,
        )


def _steps(found: Recommendation) -> list[dict[str, Any]]:
    """The procedure of a recommendation; a reply that was not enough is owed once more."""
    states = RecommendationState
    order = [states.DRAFT, states.SIGNED, states.SERVED, states.REPLIED, states.ACCEPTED]
    titles = [_("Drafted"), _("Signed"), _("Served"), _("Replied"), _("Accepted")]
    # A step is done once the recommendation stands there or further.
    stands = {states.RETURNED: states.SERVED, states.WITHDRAWN: states.DRAFT}.get(states(found.state), found.state)
    here = order.index(states(stands))
    days = [found.drafted_at, found.signed_at, found.served_on, None, found.accepted_on]
    return [
        {
            "code": "done" if place <= here else "now" if place == here + 1 else "todo",
            "title": title,
            "text": f"{day:%Y-%m-%d}" if day is not None and place <= here else "",
        }
        for place, (title, day) in enumerate(zip(titles, days, strict=True))
    ]


class RecommendationPdf(PageMixin, View):
    """The sealed document."""

    def allowed(self, user: Any) -> bool:
        """Both sides."""
        return policies.may_see_recommendations(user)

    def get(self, request: Any, pk: int) -> FileResponse | HttpResponse:
        """The file, in the reader's language."""
        found = Recommendation.objects.visible_to(request.user).select_related("unit", "signed_by").get(pk=pk)
        if found.state not in SENT:
            raise Recommendation.DoesNotExist
        document = recommendation_pdf.sealed(found, "zh-hans" if (get_language() or "").startswith("zh") else "en")
        return download(document.file, f"{found.number}.pdf", "application/pdf")
