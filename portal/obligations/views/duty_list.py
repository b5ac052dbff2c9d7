"""The list of duties behind every figure: filters, the order in which people look at them, export."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.obligations import registry
from portal.obligations.choices import State
from portal.obligations.measures import code_expression, rank_expression
from portal.obligations.models import Decision, Obligation
from portal.obligations.presentation import Code, state_of
from portal.organisation.models import Unit, UnitType
from portal.web.dates import day
from portal.web.views import ListPage
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar

STATES = (
    (Code.OVERDUE.value, _("Overdue")),
    (Code.SOON.value, _("Due soon")),
    (Code.OPEN.value, _("Open")),
    (Code.VACANT.value, _("Post vacant")),
    (Code.SUSPENDED.value, _("Suspended")),
    (Code.DONE.value, _("Done")),
    (Code.LATE.value, _("Done late")),
    (Code.WAIVED.value, _("Exempt")),
)


# What a request for a decision is called in an address.
ASKED = (("extension", _("More time")),)


def parts_of_tree(request: HttpRequest | None) -> "QuerySet[Unit]":
    """The units with others below them that a person may see."""
    if request is None:
        return Unit.objects.none()
    below = Unit.objects.filter(parent=OuterRef("pk"))
    seen = Unit.objects.visible_to(request.user)  # type: ignore[arg-type]
    return seen.filter(Exists(below)).order_by("path")


def years() -> list[tuple[str, str]]:
    """The years in which duties are, and those around the present one; the newest first."""
    found, today = Obligation.objects.aggregate(first=Min("year"), last=Max("year")), clock.today()
    first, last = min(found["first"] or today.year, today.year - 1), max(found["last"] or today.year, today.year + 1)
    return [(str(year), str(year)) for year in range(last, first - 1, -1)]


class DutyFilter(django_filters.FilterSet):
    """By year, kind, state, part of the tree and type of unit, and whether a decision is asked for."""

    q = django_filters.CharFilter(label=_("Unit"), method="search")
    year = django_filters.ChoiceFilter(choices=years, label=_("Year"))
    kind = django_filters.ChoiceFilter(
        choices=lambda: [(kind.code, kind.title) for kind in registry.kinds()], label=_("Kind")
    )
    state = django_filters.ChoiceFilter(choices=STATES, method="in_state", label=_("State"))
    under = django_filters.ModelChoiceFilter(
        queryset=parts_of_tree, to_field_name="code", method="below", label=_("Part of the tree")
    )
    type = django_filters.ModelChoiceFilter(
        queryset=UnitType.objects.all(), field_name="unit__type", label=_("Type of unit")
    )
    asked = django_filters.ChoiceFilter(choices=ASKED, method="waits", label=_("Asked for"))

    def search(self, queryset: Any, name: str, value: str) -> Any:
        """Units as people look for them."""
        return queryset.filter(unit__in=Unit.objects.search(value))

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        """One of the states people see."""
        return queryset.filter(code=value)

    def below(self, queryset: Any, name: str, value: Unit) -> Any:
        """A unit and all below it."""
        return queryset.filter(unit__path__descendants=str(value.path))

    def waits(self, queryset: Any, name: str, value: str) -> Any:
        """Open duties for which a decision is asked that nobody has taken."""
        asked = Decision.objects.filter(obligation=OuterRef("pk"), kind=value, decided_on__isnull=True)
        return queryset.filter(Exists(asked), state=State.OPEN)


class DutyTable(django_tables2.Table):
    """Duties, the gravest first."""

    label = django_tables2.Column(
        verbose_name=_("Duty"), order_by="label_en", linkify=lambda record: f"/duties/{record.pk}/"
    )
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    due_on = django_tables2.Column(verbose_name=_("Due day"))
    state = django_tables2.Column(verbose_name=_("State"), accessor="code", order_by=("rank", "due_on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.calendar = clock.today(), load_calendar()

    def render_due_on(self, value: Any, record: Obligation) -> str:
        """As a sentence; provisional where the year's holiday notice is not out."""
        mark = f" ({_t('provisional')})" if self.calendar.is_provisional(record.due_on) else ""
        return f"{day(value)}{mark}"

    def render_state(self, record: Obligation) -> str:
        """Icon, word and colour, as everywhere."""
        state = state_of(record, self.today, self.calendar)
        return render_to_string("components/state.html", {"state": state, "size": "bare"})

    def value_state(self, record: Obligation) -> str:
        """The sentence of the state, for exports."""
        return state_of(record, self.today, self.calendar).text


class DutiesPage(ListPage):
    """Every duty that a person may see; the rows behind the figures."""

    model = Obligation
    title = _("Duties")
    table_class = DutyTable
    filterset_class = DutyFilter
    export_name = "duties"
    empty = _("No duty has been opened yet. Duties come with letters and reporting periods.")

    def allowed(self, user: User) -> bool:
        """Everybody but those who keep the machinery alone."""
        return not user.standing.is_kept_from_content

    def get_queryset(self) -> "QuerySet[Obligation]":
        """With the state people see as a column: what is overdue first, the longest before; then what else is open."""
        seen = Obligation.objects.visible_to(self.request.user).exclude(state=State.CANCELLED)
        code, rank = code_expression(clock.today(), load_calendar()), rank_expression(clock.today())
        return seen.annotate(code=code, rank=rank).select_related("unit").order_by("rank", "due_on", "unit__path")

    def get_lede(self) -> str:
        """How many are open."""
        count = Obligation.objects.visible_to(self.request.user).open().count()
        return ngettext("%(count)s duty is open.", "%(count)s duties are open.", count) % {"count": count}
