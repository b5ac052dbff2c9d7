"""What the verbs of cases share: finding and locking, the limit that runs as a duty of the office."""

from datetime import date
from typing import Any

from django.utils import translation

from cases import case_rules, policies
from cases.case_rules import Limit, Longer, Pause
from cases.errors import CaseNotOpen
from cases.models import CaseState, CrimeCase, Stage, StageLimit
from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.choices import State
from portal.obligations.services import duties
from portal.workdays import clock


def locked(by: User, case_id: int, *, states: tuple[str, ...] = (CaseState.OPEN,)) -> CrimeCase:
    """A case to be changed, fresh and locked. Raises DoesNotExist, NotAllowed, CaseNotOpen."""
    case = CrimeCase.objects.visible_to(by).locked(case_id)
    policies.require(policies.may_work_at(by, str(case.office.path)))
    if case.state not in states:
        raise CaseNotOpen
    return case


def log(by: User, action: str, case: CrimeCase, **data: Any) -> None:
    """Write what was done into the log, at the office."""
    audit.record(by, f"crime_case.{action}", case, path=str(case.office.path), data=data or None)


def reached_by(case: CrimeCase) -> dict[str, date]:
    """The stages that a case has reached, with their days."""
    return dict(case.milestones.values_list("stage", "reached_on"))


def limit_now(case: CrimeCase) -> tuple[StageLimit, date] | None:
    """The limit that runs, and its last day; None where none does."""
    rows = list(StageLimit.objects.filter(in_force_from__lte=clock.today()).order_by("in_force_from"))
    # A later text of a limit takes the place of an earlier one.
    by_pair = {(row.from_stage, row.to_stage): row for row in rows}
    limits = [Limit(row.from_stage, row.to_stage, row.months, row.days) for row in by_pair.values()]
    reached = reached_by(case)
    limit = case_rules.running(limits, reached)
    if limit is None:
        return None
    row = by_pair[(limit.from_stage, limit.to_stage)]
    longer = [Longer(each.months, each.days) for each in case.extensions.filter(limit=row)]
    pauses = [Pause(each.starts_on, each.ends_on) for each in case.suspensions.all()]
    return row, case_rules.due_on(limit, reached[limit.from_stage], longer, pauses)


def count_anew(case: CrimeCase, by: User, *, reason: str) -> None:
    """Bring the duty of the office into line with the limit that runs; the case must be locked.

    A limit that was kept discharges its duty, one that moved or stands still ends it, and a new one begins.
    """
    now = limit_now(case) if case.state == CaseState.OPEN else None
    duty = case.obligation
    wanted = now[0].to_stage if now else ""
    if duty is not None and duty.state == State.OPEN:
        if now is not None and duty.due_on == now[1] and case.limit_stage == wanted:
            return
        _end(case, by, reason)
    fresh = None
    if now is not None:
        fresh = duties.open_duty(
            "case_stage",
            case.office_id,
            now[1],
            label_en=f"{case.number}: {_stage(wanted, 'en')}",
            label_zh=f"{case.number}：{_stage(wanted, 'zh-hans')}",
            year=now[1].year,
        )
    case.obligation, case.limit_stage = fresh, wanted
    case.save(update_fields=["obligation", "limit_stage"])


def _stage(stage: str, language: str) -> str:
    """The stage that a limit leads to, in the words of the milestone."""
    with translation.override(language):
        return str(Stage(stage).label)


def _end(case: CrimeCase, by: User, reason: str) -> None:
    """End the duty that ran: done when its stage has been reached, else ended with the reason."""
    duty = case.obligation
    if duty is None:
        return
    day = reached_by(case).get(case.limit_stage)
    if day is not None:
        duties.discharge(duty.pk, on=day)
    else:
        duties.cancel(duty.pk, reason=reason, by=by)
