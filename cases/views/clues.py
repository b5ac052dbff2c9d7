"""The pages of clues for who oversees and verifies them: the list, a clue, its opening."""

from typing import Any, ClassVar

import django_filters
import django_tables2
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import policies
from cases.clue_forms import PurposeForm
from cases.errors import OpeningOver
from cases.models import Clue, ClueState, Opening, Result, Source, TextKind
from cases.services import clues
from cases.services.clues import opening, texts
from cases.views.base import RoomMixin
from portal.obligations.models import Obligation
from portal.obligations.presentation import state_of
from portal.web.errors import NotAllowed, forbidden
from portal.web.views import ListPage, ObjectPage, Text, VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.rules import Calendar

ROOM = "cases:clues"


def due_text(duty: Obligation, calendar: Calendar | None = None) -> str:
    """The state of a duty as people read it; without `calendar`, by a query."""
    return str(state_of(duty, clock.today(), calendar or load_calendar()).text)


class ClueFilter(django_filters.FilterSet):
    """Clues by source, state and result."""

    source = django_filters.ChoiceFilter(choices=Source.choices, label=_("Source"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(choices=ClueState.choices, label=_("State"), empty_label=_("All"))
    result = django_filters.ChoiceFilter(choices=Result.choices, label=_("Result"), empty_label=_("All"))

    class Meta:
        model = Clue
        fields = ()


class ClueTable(django_tables2.Table):
    """Clues without a word of what they say."""

    number = django_tables2.Column(verbose_name=_("Number"), order_by=("-year", "-serial"))
    source = django_tables2.Column(verbose_name=_("Source"))
    unit = django_tables2.Column(accessor="unit__name", verbose_name=_("Unit concerned"), orderable=False)
    received_on = django_tables2.Column(verbose_name=_("Received"))
    grade = django_tables2.Column(verbose_name=_("Grade"))
    due = django_tables2.Column(accessor="obligation", verbose_name=_("To be verified"), order_by="obligation__due_on")
    result = django_tables2.Column(verbose_name=_("Result"))

    class Meta:
        model = Clue
        fields = ("number", "source", "unit", "received_on", "grade", "due", "result")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = load_calendar()

    def render_number(self, record: Clue) -> str:
        """Leads to the clue."""
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.number)

    def value_number(self, record: Clue) -> str:
        """The number, in a file."""
        return record.number

    def render_due(self, value: Any) -> str:
        """The state of the duty."""
        return due_text(value, self.calendar)

    def render_received_on(self, value: Any) -> str:
        """A day."""
        return f"{value:%Y-%m-%d}"


class ClueList(RoomMixin, ListPage):
    """All clues that the person oversees or verifies."""

    title = _("Clues")
    model = Clue
    table_class, filterset_class = ClueTable, ClueFilter
    template_name = "cases/clues.html"
    export_name = "clues"
    room = ROOM
    empty = _("No clue has come in yet.")

    def allowed(self, user: Any) -> bool:
        """Who oversees clues, or verifies one."""
        return policies.may_see_clues(user)

    def get_queryset(self) -> Any:
        """With what a row shows."""
        return super().get_queryset().select_related("unit", "obligation")

    def get_lede(self) -> Text:
        """How many wait."""
        count = Clue.objects.visible_to(self.request.user).open().count()
        sentence = ngettext("%(count)s clue is to be verified.", "%(count)s clues are to be verified.", count)
        return sentence % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the verbs."""
        actions = []
        if policies.may_work(self.request.user):
            actions.append(
                {"url": reverse("cases:enter-clue"), "label": _("Enter a clue"), "icon": "plus", "primary": True}
            )
        if policies.may_keep_rules(self.request.user):
            url = reverse("cases:clue-settings")
            actions.append({"url": url, "label": _("Settings"), "icon": "settings", "primary": False})
        return super().get_context_data(actions=actions, **kwargs)


class ClueMixin(RoomMixin):
    """A page about a clue that the person may know of."""

    room = ROOM
    object: Clue
    kwargs: dict[str, Any]

    def allowed(self, user: Any) -> bool:
        """Who oversees clues, or verifies one."""
        return policies.may_see_clues(user)

    def get_object(self) -> Clue:
        """With what the page shows."""
        seen = Clue.objects.visible_to(self.request.user)
        return seen.select_related("office", "unit", "obligation", "received_by").get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The list."""
        return [(_("Clues"), reverse("cases:clues"))]


class CluePage(ClueMixin, ObjectPage):
    """A clue from outside: where it stands, who verifies it, who opened it and for what."""

    template_name = "cases/clue.html"

    def get_title(self) -> Text:
        """Its number."""
        return _t("Clue %(number)s") % {"number": self.object.number}

    def get_lede(self) -> Text:
        """Where it stands."""
        return due_text(self.object.obligation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds officers, openings, and what may be done."""
        clue, user = self.object, self.request.user
        is_open = clue.state != ClueState.CLOSED
        officer = policies.is_officer(user, clue)
        return super().get_context_data(
            clue=clue,
            steps=_steps(clue),
            officers=clue.officers.select_related("user").order_by("pk"),
            openings=Opening.objects.filter(clue=clue).select_related("user")[:30],
            hit=getattr(clue, "hit", None),
            files=clue.files.count(),
            may_open=officer,
            may_work=officer and is_open,
            may_ask=officer and is_open and bool(clue.receipt),
            may_name=is_open and policies.may_name_officers(user, clue),
            **kwargs,
        )


def _steps(clue: Clue) -> list[dict[str, Any]]:
    """The procedure of a clue."""
    order = [ClueState.RECEIVED, ClueState.VERIFYING, ClueState.CLOSED]
    here = order.index(ClueState(clue.state))
    texts_ = [f"{clue.received_on:%Y-%m-%d}", "", f"{clue.closed_on:%Y-%m-%d}" if clue.closed_on else ""]
    done = clue.state == ClueState.CLOSED
    codes = ["done" if number < here or done else "now" if number == here else "todo" for number in range(3)]
    return [{"code": c, "title": s.label, "text": t} for c, s, t in zip(codes, order, texts_, strict=True)]


class OpenClue(ClueMixin, VerbView):
    """Open a clue for a purpose. A try by somebody who may not is kept, and its officers are told."""

    title = _("Open the clue")
    form_class = PurposeForm
    purpose: ClassVar[str] = "open-clue"
    submit_label = _("Open it")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refused, and kept, before anything is shown."""
        if request.user.is_authenticated and policies.may_see_clues(request.user):
            clue = Clue.objects.visible_to(request.user).filter(pk=kwargs["pk"]).first()
            if clue is not None and not policies.is_officer(request.user, clue):
                clues.refuse_opening(request.user, clue.pk)
                return forbidden(request, NotAllowed())
        return super().dispatch(request, *args, **kwargs)

    def get_lede(self) -> Text:
        """Which."""
        return _t("Clue %(number)s") % {"number": self.object.number}

    def get_consequences(self) -> list[Text]:
        """It is kept."""
        return [
            _t("Your name, the time and the purpose are kept in the log, for good."),
            _t("The clue stays open to you for fifteen minutes."),
        ]

    def perform(self, form: PurposeForm) -> Opening:
        """Open it."""
        return clues.open_clue(self.request.user, self.object.pk, purpose=form.cleaned_data["purpose"])

    def get_result_url(self, result: Opening) -> str:
        """What it says."""
        return reverse("cases:opened-clue", args=(result.pk,))


class OpenedClue(ClueMixin, ObjectPage):
    """What an opened clue says, to who opened it, while the opening lasts; kept by no browser or proxy."""

    template_name = "cases/clue_opened.html"
    lede = _("What you read here is secret. Each opening is kept.")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An opening that is over is refused with its sentence."""
        try:
            answer = super().dispatch(request, *args, **kwargs)
        except OpeningOver as error:
            return forbidden(request, error)
        answer["Cache-Control"] = "no-store"
        return answer

    def get_object(self) -> Clue:
        """Another's opening does not exist."""
        clue, self.said = clues.read(self.request.user, self.kwargs["pk"])
        return clue

    def get_title(self) -> Text:
        """Its number."""
        return _t("Clue %(number)s, opened") % {"number": self.object.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what it says, and the names of its files."""
        kinds, key = dict(TextKind.choices), texts.key_of(self.object)
        return super().get_context_data(
            clue=self.object,
            said=[(kinds[text.kind], text) for text in self.said],  # type: ignore[index]
            files=[(file, texts.file_name(file, key)) for file in self.object.files.select_related("clue")],
            opening_id=self.kwargs["pk"],
            is_open=self.object.state != ClueState.CLOSED,
            **kwargs,
        )


class OpenedFile(OpenedClue):
    """A file of an opened clue, as an attachment that no browser runs."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        name, kind, content = opening.read_file(request.user, kwargs["pk"], kwargs["file"])
        answer = HttpResponse(content, content_type=kind)
        answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer["Cache-Control"] = "no-store"
        return answer
