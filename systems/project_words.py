"""Checks at milestones as the states that people see, and a project as a row of steps."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from portal.obligations.presentation import Code, state_of
from portal.web.dates import due_day
from portal.workdays.rules import Calendar
from systems.models.projects import ASKED, CheckState, Milestone, MilestoneCheck


def check_state(check: MilestoneCheck, today: date, calendar: Calendar) -> Any:
    """The state of a check: while something is owed, that of its duty."""
    if check.state in ASKED:
        duty = check.correction if check.state == CheckState.RETURNED and check.correction else check.obligation
        return state_of(duty, today, calendar)
    words = str(CheckState(check.state).label)
    looks = {
        CheckState.REPORTED: (Code.SUSPENDED.value, "eye-check"),
        CheckState.PASSED: (Code.DONE.value, "check"),
        CheckState.ENDED: (Code.WAIVED.value, "minus"),
    }
    code, icon = looks[CheckState(check.state)]
    return {"code": code, "text": words, "cell_text": "", "icon": icon}


def steps(milestones: Sequence[Milestone], checks: Iterable[MilestoneCheck]) -> list[dict[str, str]]:
    """The milestones as steps: done where every check was passed, now the first that is not."""
    by_milestone: dict[int, list[MilestoneCheck]] = {}
    for check in checks:
        if check.state != CheckState.ENDED:
            by_milestone.setdefault(check.milestone_id, []).append(check)
    found, reached = [], False
    for milestone in milestones:
        mine = by_milestone.get(milestone.pk, [])
        passed = sum(check.state == CheckState.PASSED for check in mine)
        done = bool(mine) and passed == len(mine)
        code = "done" if done else "todo" if reached else "now"
        reached = reached or not done
        found.append({"code": code, "title": milestone.name, "text": _step(milestone, passed, len(mine))})
    return found


def _step(milestone: Milestone, passed: int, asked: int) -> str:
    day = due_day(milestone.due_on)
    if not asked:
        return day
    text = ngettext(
        "%(day)s · %(passed)s of %(count)s unit passed", "%(day)s · %(passed)s of %(count)s units passed", asked
    )
    return text % {"day": day, "passed": passed, "count": asked}


def progress(passed: int, asked: int) -> str:
    """How many checks were passed, in words; empty where none is asked."""
    return _t("%(passed)s of %(count)s") % {"passed": passed, "count": asked} if asked else ""
