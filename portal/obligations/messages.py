"""What people are told about duties: the kinds of notice and their contents."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.notices.registry import NoticeKind, register
from portal.notices.services import Draft
from portal.obligations.audiences import UnitFact
from portal.obligations.choices import Action, Audience
from portal.obligations.rules import RungFact

if TYPE_CHECKING:
    from portal.obligations.clock import Found, Run

DUTY = ("duty", "unit_name", "due_on")
REMINDER_TODAY = "duty_due_today"
# A reminder that the clock owed while it stood still, sent when the due day was past.
REMINDER_LATE = "duty_reminder_late"
KIND_OF = {
    Action.REMIND: "duty_reminder",
    Action.OVERDUE_NOTICE: "duty_overdue",
    Action.SUPERVISION_NOTICE: "duty_supervision",
    Action.OPEN_ACCOUNTABILITY: "duty_accountability",
    Action.RAISE_LEVEL: "duty_raised",
}


def register_kinds() -> None:
    """Register every notice of the engine."""
    for kind in _KINDS:
        register(kind)


_KINDS = (
    NoticeKind(
        "duty_reminder",
        _("%(duty)s: due on %(due_on)s"),
        _("%(duty)s of %(unit_name)s is due on %(due_on)s. Working days left until then: %(days)s."),
        (*DUTY, "days"),
    ),
    NoticeKind(
        REMINDER_TODAY,
        _("%(duty)s: due today"),
        _("%(duty)s of %(unit_name)s is due today, %(due_on)s."),
        DUTY,
    ),
    NoticeKind(
        REMINDER_LATE,
        _("%(duty)s: was due on %(due_on)s"),
        _(
            "%(duty)s of %(unit_name)s was due on %(due_on)s and is still missing. Do it now: late is better than not at all."
        ),
        DUTY,
    ),
    NoticeKind(
        "duty_overdue",
        _("Overdue: %(duty)s, %(unit_name)s"),
        _(
            "%(duty)s of %(unit_name)s was due on %(due_on)s. If it is still missing, the next step follows on %(next_on)s."
        ),
        (*DUTY, "next_on"),
        formal=True,
    ),
    NoticeKind(
        "duty_supervision",
        _("Supervision notice: %(duty)s, %(unit_name)s"),
        _(
            "%(duty)s of %(unit_name)s was due on %(due_on)s and is %(days)s working days overdue. The head of the leading "
            "group is told; the unit loses %(points)s points in the assessment. If it is still missing, the next step follows "
            "on %(next_on)s."
        ),
        (*DUTY, "days", "points", "next_on"),
        formal=True,
    ),
    NoticeKind(
        "duty_accountability",
        _("Accountability opens: %(duty)s, %(unit_name)s"),
        _(
            "%(duty)s of %(unit_name)s was due on %(due_on)s and is %(days)s working days overdue. An accountability case "
            "opens against the person in office on the due day, who may explain; nothing is decided before."
        ),
        (*DUTY, "days"),
        formal=True,
    ),
    NoticeKind(
        "duty_raised",
        _("Still not done: %(duty)s, %(unit_name)s"),
        _(
            "%(duty)s of %(unit_name)s was due on %(due_on)s and is %(days)s working days overdue. If an accountability case "
            "was opened for it and not referred to the body above, the case rises one level now; its own notice says who "
            "decides from now on."
        ),
        (*DUTY, "days"),
        formal=True,
    ),
    NoticeKind(
        "vacancy_question",
        _("Post vacant: who acts for %(unit_name)s?"),
        _(
            "The post of top leader of %(unit_name)s has been vacant since %(vacant_on)s, and duties of the unit stand still. "
            "Name who acts."
        ),
        ("unit_name", "vacant_on"),
        formal=True,
    ),
    NoticeKind(
        "extension_asked",
        _("More time asked for: %(duty)s, %(unit_name)s"),
        _("%(unit_name)s asks for more time for %(duty)s, due on %(due_on)s. Decide before that day."),
        DUTY,
    ),
    NoticeKind(
        "extension_granted",
        _("More time granted: %(duty)s"),
        _("%(duty)s of %(unit_name)s is now due on %(due_on)s. Reason: %(reason)s"),
        (*DUTY, "reason"),
    ),
    NoticeKind(
        "extension_declined",
        _("More time declined: %(duty)s"),
        _("%(duty)s of %(unit_name)s stays due on %(due_on)s. Reason: %(reason)s"),
        (*DUTY, "reason"),
    ),
)


def drafts_for_step(this: "Run", found: "Found", rung: RungFact) -> Iterator[Draft]:
    """One notice to each person whom the rung names."""
    row, verdict = found
    unit = this.audiences.units[row.unit_id]
    kind, data = _content(this, found, rung, unit)
    told = set(this.audiences.workers.get(row.id, ()))
    for audience in this.telling(rung.id).audience:
        told |= this.audiences.users(audience, row.unit_id, verdict.tenure_id)
    for user_id in sorted(told):
        yield Draft(user_id, kind, data, f"/duties/{row.id}/", f"obligation:{row.id}", row.unit_id)


def _content(this: "Run", found: "Found", rung: RungFact, unit: UnitFact) -> tuple[str, dict[str, object]]:
    row, verdict = found
    # Units owe the same duty by the same day: all but their names is put together once a run.
    key = (rung.id, verdict.due_on, verdict.next_on, row.label_en, row.label_zh)
    known = this.contents.get(key)
    if known is None:
        known = this.contents[key] = _common_content(this, found, rung)
    kind, data = known
    return kind, {"unit_name": unit.names, **data}


def _common_content(this: "Run", found: "Found", rung: RungFact) -> tuple[str, dict[str, object]]:
    row, verdict = found
    telling = this.telling(rung.id)
    data: dict[str, object] = {
        "duty": {"en": row.label_en, "zh-hans": row.label_zh},
        "due_on": verdict.due_on.isoformat(),
    }
    if telling.text_en or telling.text_zh:
        own = telling.text_en or telling.text_zh
        data["added"] = {"en": own, "zh-hans": telling.text_zh or own}
    days = {"due_on": verdict.due_on}
    kind = KIND_OF[rung.action]
    if rung.action == Action.REMIND:
        kind = _kind_of_reminder(verdict.due_on, this.on)
        data["days"] = this.calendar.left(this.on, verdict.due_on)
    else:
        days["next_on"] = verdict.next_on or this.on
        data["days"] = this.calendar.late(verdict.due_on, this.on)
        data["points"] = telling.points
        data["next_on"] = days["next_on"].isoformat()
    provisional = [name for name, day in days.items() if this.calendar.is_provisional(day)]
    return kind, data | ({"provisional": provisional} if provisional else {})


def _kind_of_reminder(due_on: date, on: date) -> str:
    """Before the due day, on it, or after it, where the clock stood still."""
    if due_on == on:
        return REMINDER_TODAY
    return REMINDER_LATE if due_on < on else KIND_OF[Action.REMIND]


def vacancy_drafts(this: "Run", vacant: Mapping[int, date]) -> Iterator[Draft]:
    """The question who acts: to the head of the responsible leading group and the coordinator."""
    for unit_id, since in vacant.items():
        unit = this.audiences.units[unit_id]
        data = {
            "unit_name": unit.names,
            "vacant_on": since.isoformat(),
        }
        asked = this.audiences.users(Audience.GROUP_HEAD, unit_id, None)
        asked |= this.audiences.users(Audience.COORDINATOR, unit_id, None)
        for user_id in sorted(asked):
            yield Draft(user_id, "vacancy_question", data, f"/units/{unit.code}/", f"unit:{unit_id}", unit_id)


ACTIONS = {
    "clock.ran": _("the clock has run"),
    "duty.cancelled": _("duty ended"),
    "duty.extension_asked": _("more time asked for"),
    "duty.extension_granted": _("more time granted"),
    "duty.extension_declined": _("more time declined"),
    "duty.suspended": _("duty suspended"),
    "duty.resumed": _("duty resumed"),
    "duty.waived": _("unit exempted from a duty"),
    "calendar.notice_entered": _("holiday notice entered"),
    "calendar.day_set": _("day set in the calendar"),
    "ladder.made": _("version of a ladder put in force"),
    "clock.overdue_notice": _("overdue notice by the clock"),
    "clock.supervision_notice": _("supervision notice by the clock"),
    "clock.open_accountability": _("accountability opened by the clock"),
    "clock.raise_level": _("accountability raised by the clock"),
}
