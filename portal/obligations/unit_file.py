"""A unit's duties in its file."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.obligations.choices import FORMAL, Action, Outcome, State
from portal.obligations.measures import rank_expression
from portal.obligations.models import Obligation, ObligationQuerySet, Step
from portal.obligations.presentation import ACTION_ICONS, state_of
from portal.organisation.models import Unit
from portal.organisation.sections import Event, Section, Sheet
from portal.web.i18n import localized, titled
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar

SHOWN = 12


def _duties(unit: Unit, user: User, year: int | None) -> ObligationQuerySet:
    found = Obligation.objects.visible_to(user).filter(unit=unit).exclude(state=State.CANCELLED)
    return found if year is None else found.of_year(year)


def _context(unit: Unit, user: User, year: int | None) -> dict[str, Any]:
    """The most urgent first, then what was done last; how many there are beside them."""
    today, calendar = clock.today(), load_calendar()
    found = _duties(unit, user, year).select_related("unit")
    ranked = found.annotate(rank=rank_expression(today)).order_by("rank", "-closed_on", "due_on", "pk")
    shown = [(duty, state_of(duty, today, calendar)) for duty in ranked[:SHOWN]]
    return {"duties": shown, "more": max(found.count() - SHOWN, 0), "unit": unit}


def _sheets(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    today, calendar = clock.today(), load_calendar()
    found = _duties(unit, user, year).select_related("unit", "tenure__person").order_by("-year", "due_on", "pk")
    rows: list[tuple[Any, ...]] = [
        (
            duty.year,
            localized(duty, "label"),
            duty.due_on,
            state_of(duty, today, calendar).text,
            duty.closed_on,
            duty.tenure.person.name if duty.tenure else "",
        )
        for duty in found
    ]
    headings = (_("Year"), _("Duty"), _("Due on"), _("State"), _("Done on"), _("Who answers"))
    yield Sheet(_("Duties"), headings, rows)


def _events(unit: Unit, user: User) -> Iterator[Event]:
    """The formal steps of the clock."""
    steps = Step.objects.filter(
        obligation__in=_duties(unit, user, None), action__in=FORMAL, outcome=Outcome.TAKEN
    ).select_related("obligation", "tenure__person")
    for step in steps:
        action = Action(step.action)
        told = _t("In office on the due day: %(name)s.") % {"name": step.tenure.person.name} if step.tenure else ""
        title = titled(str(action.label), localized(step.obligation, "label"))
        yield Event(step.taken_on, title, told, f"/duties/{step.obligation_id}/", ACTION_ICONS[action])


def _may_see(user: User, unit: Unit) -> bool:
    return Obligation.objects.visible_to(user).filter(unit=unit).exists()


def _years(unit: Unit, user: User) -> Iterable[int]:
    found = Obligation.objects.visible_to(user).filter(unit=unit)
    return found.order_by().values_list("year", flat=True).distinct()


SECTION = Section(
    "duties", _("Duties"), "obligations/unit_duties.html", _context, _may_see, 5, _sheets, _events, _years
)
