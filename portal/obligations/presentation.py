"""A duty in words: one of the nine states, the ladder it climbs, what happens next."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.obligations import registry
from portal.obligations.choices import FORMAL, Action, Audience, Raising, State
from portal.obligations.clock import Coming
from portal.obligations.models import Obligation, Step
from portal.web.dates import day, due_day, due_day_inside
from portal.web.i18n import listed
from portal.workdays.rules import Calendar

# Working days before the due day from which a duty counts as near.
SOON = 10


class Code(StrEnum):
    """The states people see; the value is the style's name."""

    OPEN = "open"
    SOON = "soon"
    OVERDUE = "overdue"
    DONE = "done"
    LATE = "late"
    WAIVED = "waived"
    SUSPENDED = "susp"
    VACANT = "vacant"
    NOT_OWED = "none"


ICONS = {
    Code.OPEN: "circle",
    Code.SOON: "hourglass-high",
    Code.OVERDUE: "alert-square",
    Code.DONE: "check",
    Code.LATE: "clock-check",
    Code.WAIVED: "minus",
    Code.SUSPENDED: "player-pause",
    Code.VACANT: "user-off",
    Code.NOT_OWED: "",
}

ACTION_ICONS = {
    Action.REMIND: "bell",
    Action.OVERDUE_NOTICE: "mail",
    Action.SUPERVISION_NOTICE: "alert-triangle",
    Action.OPEN_ACCOUNTABILITY: "gavel",
    Action.RAISE_LEVEL: "stairs-up",
}


@dataclass(frozen=True)
class StateView:
    """A state as the component `components/state.html` draws it.

    `provisional`: the due day lies in a year whose holiday notice is not out; the sentence says so where it names the day.
    """

    code: Code
    text: str
    cell_text: str = ""
    provisional: bool = False

    @property
    def icon(self) -> str:
        """The icon that goes with the word and the colour."""
        return ICONS[self.code]


def code_of(
    state: str, due_on: date, closed_on: date | None, vacant: bool, suspended: bool, soon_until: date, today: date
) -> Code:
    """Which of the nine states a duty is in; `soon_until` is the tenth working day from today."""
    if state == State.DISCHARGED:
        return Code.LATE if closed_on is not None and closed_on > due_on else Code.DONE
    if state == State.WAIVED:
        return Code.WAIVED
    if state == State.CANCELLED:
        return Code.NOT_OWED
    if suspended:
        return Code.SUSPENDED
    if vacant:
        return Code.VACANT
    if due_on < today:
        return Code.OVERDUE
    return Code.SOON if due_on <= soon_until else Code.OPEN


def state_of(duty: Obligation, today: date, calendar: Calendar) -> StateView:
    """The state of a duty, with the sentence that tells it."""
    code = code_of(
        duty.state,
        duty.due_on,
        duty.closed_on,
        duty.vacant_since is not None,
        duty.suspended_since is not None,
        calendar.add(today, SOON),
        today,
    )
    provisional = duty.state == State.OPEN and calendar.is_provisional(duty.due_on)
    return StateView(code, _sentence(code, duty, today, calendar), _cell(code, duty, today, calendar), provisional)


def _cell(code: Code, duty: Obligation, today: date, calendar: Calendar) -> str:
    return str(calendar.late(duty.due_on, today)) if code == Code.OVERDUE else ""


def _sentence(code: Code, duty: Obligation, today: date, calendar: Calendar) -> str:
    match code:
        case Code.OPEN | Code.SOON:
            return countdown(duty.due_on, today, calendar)
        case Code.OVERDUE:
            days = calendar.late(duty.due_on, today)
            if days == 0:
                return _("Overdue since %(day)s") % {"day": due_day(duty.due_on, calendar)}
            text = ngettext("Overdue %(days)s working day (%(day)s)", "Overdue %(days)s working days (%(day)s)", days)
            return text % {"days": days, "day": due_day_inside(duty.due_on, calendar)}
        case Code.DONE:
            return _("Done %(day)s") % {"day": day(duty.closed_on)}
        case Code.LATE:
            return _late(duty, calendar)
        case Code.WAIVED:
            return _("Exempt")
        case Code.SUSPENDED:
            return _("Suspended since %(day)s") % {"day": day(duty.suspended_since)}
        case Code.VACANT:
            return _vacant(duty, today, calendar)
        case Code.NOT_OWED:
            return _("Ended")


def countdown(due_on: date, today: date, calendar: Calendar) -> str:
    """How long is left, as a sentence; the unit is working days and is always said, and so is that a day is provisional."""
    days = calendar.left(today, due_on)
    if due_on == today:
        return _("Due today")
    text = ngettext("Due in %(days)s working day (%(day)s)", "Due in %(days)s working days (%(day)s)", days)
    return text % {"days": days, "day": due_day_inside(due_on, calendar)}


def _late(duty: Obligation, calendar: Calendar) -> str:
    days = calendar.late(duty.due_on, duty.closed_on) if duty.closed_on else 0
    if days == 0:
        return _("Done after the due day (%(day)s)") % {"day": due_day_inside(duty.due_on, calendar)}
    return ngettext("Done %(days)s working day late", "Done %(days)s working days late", days) % {"days": days}


def _vacant(duty: Obligation, today: date, calendar: Calendar) -> str:
    days = calendar.between(duty.vacant_since, today) if duty.vacant_since else 0
    return ngettext("Post vacant, %(days)s working day", "Post vacant, %(days)s working days", days) % {"days": days}


def offset_sentence(offset: int) -> str:
    """When a rung is reached, seen from the due day."""
    if offset == 0:
        return _("on the due day")
    if offset < 0:
        text = ngettext("%(days)s working day before the due day", "%(days)s working days before the due day", -offset)
    else:
        text = ngettext("%(days)s working day after the due day", "%(days)s working days after the due day", offset)
    return text % {"days": abs(offset)}


def audience_words(audience: Iterable[str]) -> str:
    """Who is told at a rung, in words."""
    return listed(Audience(name).label for name in audience)


class LadderRow(NamedTuple):
    """A rung of one duty's ladder as the component `components/ladder.html` draws it."""

    icon: str
    title: str
    on: date
    text: str
    past: bool
    formal: bool


AUDIENCE_SENTENCES = {
    Action.REMIND: lambda: _("To the top leader and the liaison."),
    Action.OVERDUE_NOTICE: lambda: _("To the top leader; the coordinator gets a copy."),
    Action.SUPERVISION_NOTICE: lambda: _("The head of the leading group is told; points are deducted."),
    Action.OPEN_ACCOUNTABILITY: lambda: _("Against the person in office on the due day, who may explain."),
}
# What raising does to a case, before and after it was done.
RAISES = {
    Raising.UP: lambda: _("The case goes one level up the tree."),
    Raising.TOP: lambda: _("No level stands above: the same leading group decides on a further measure."),
    Raising.REFERRED: lambda: _("The case has been referred to the body above and stays there."),
    Raising.NO_CASE: lambda: _("There is no case to raise: nobody was in office on the due day."),
}
RAISED = {
    Raising.UP: lambda: _("The case went one level up the tree."),
    Raising.TOP: lambda: _("No level stood above: the same leading group decides on a further measure."),
    Raising.REFERRED: RAISES[Raising.REFERRED],
    Raising.NO_CASE: lambda: _("There was no case to raise: nobody was in office on the due day."),
}


def ladder_of(steps: list[Step], coming: list[Coming]) -> list[LadderRow]:
    """What has happened to a duty and what will, in order."""
    taken = [step for step in steps if step.outcome == "taken"]
    raisings = raisings_of([*taken, *coming])
    past = [
        _row(Action(step.action), step.taken_on, raisings.get(step.obligation_id), RAISED, past=True) for step in taken
    ]
    future = [_row(c.action, c.on, raisings.get(c.obligation_id), RAISES, past=False) for c in coming]
    return past + future


def _row(
    action: Action, on: date, raising: Raising | None, sentences: Mapping[Raising, Callable[[], str]], *, past: bool
) -> LadderRow:
    text = sentences[raising or Raising.UP]() if action == Action.RAISE_LEVEL else AUDIENCE_SENTENCES[action]()
    return LadderRow(ACTION_ICONS[action], str(action.label), on, text, past, action in FORMAL)


def raisings_of(climbed: Iterable[Step | Coming]) -> dict[int, Raising]:
    """What raising does to the cases of these steps, asked once for all of them; empty where none is raised."""
    return registry.raisings({rung.obligation_id for rung in climbed if rung.action == Action.RAISE_LEVEL})


def next_sentence(coming: Coming | None, raisings: Mapping[int, Raising] | None = None) -> str:
    """What happens next if nobody acts, with its day. `raisings`: what raising does, where it has been asked for many."""
    if coming is None:
        return ""
    known = raisings_of([coming]) if raisings is None else raisings
    raising = known.get(coming.obligation_id, Raising.UP)
    words = NEXT_RAISING[raising] if coming.action == Action.RAISE_LEVEL else NEXT[coming.action]
    return _("Next, %(day)s: %(step)s.") % {"day": due_day(coming.on), "step": words()}


NEXT: dict[Action, Callable[[], str]] = {
    Action.REMIND: lambda: _("a reminder"),
    Action.OVERDUE_NOTICE: lambda: _("the overdue notice, with a copy to the coordinator"),
    Action.SUPERVISION_NOTICE: lambda: _("the head of the leading group is told, points are deducted"),
    Action.OPEN_ACCOUNTABILITY: lambda: _("an accountability case opens against the person in office on the due day"),
}
NEXT_RAISING: dict[Raising, Callable[[], str]] = {
    Raising.UP: lambda: _("the case is raised one level"),
    Raising.TOP: lambda: _("the leading group of the case decides on a further measure"),
    Raising.REFERRED: lambda: _("the last step of the ladder; the case has been referred to the body above"),
    Raising.NO_CASE: lambda: _("the last step of the ladder; there is no case to raise"),
}

__all__ = [
    "Code",
    "LadderRow",
    "StateView",
    "audience_words",
    "code_of",
    "countdown",
    "ladder_of",
    "next_sentence",
    "offset_sentence",
    "raisings_of",
    "state_of",
]
