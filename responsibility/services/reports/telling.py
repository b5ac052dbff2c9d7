"""What the verbs of reporting have in common: the report found and locked, the log, who is told."""

from typing import Any

from django.db.models import QuerySet

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notices import services as notices
from portal.organisation.models import PostKind, Tenure, Unit
from portal.workdays import clock
from responsibility.models import PeriodKind, Report, ReportingPeriod


def locked(by: User, report_id: int) -> Report:
    """The report, locked, if `by` may see it. Raises Report.DoesNotExist; must be called inside a transaction."""
    Report.objects.visible_to(by).get(pk=report_id)
    return Report.objects.locked(report_id)


def log(by: User, verb: str, report: Report) -> None:
    """An entry of the log about a report."""
    audit.record(by, f"report.{verb}", report, path=str(report.unit.path), data={"version": report.version})


def tell(report: Report, kind: str, to: Any, **data: Any) -> None:
    """A notice about a report; called inside the verb's transaction."""
    en, zh = titles(report.period)
    notices.queue(
        kind,
        to=to,
        about=report,
        unit=report.unit,
        url=report.get_absolute_url(),
        period={"en": en, "zh-hans": zh},
        unit_name=names(report.unit),
        **data,
    )


def writers(report: Report) -> "QuerySet[User]":
    """The leader and the liaison of the unit today: whoever handed the report in, they go on with it."""
    held = Tenure.objects.on(clock.today()).filter(
        post__unit=report.unit_id, post__kind__in=(PostKind.TOP_LEADER, PostKind.LIAISON)
    )
    return User.objects.filter(pk__in=held.values("person__user_id"), is_active=True)


def titles(period: ReportingPeriod) -> tuple[str, str]:
    """The period's title in English and Chinese, to be kept in rows."""
    number = period.number
    match period.kind, number:
        case PeriodKind.ANNUAL, _:
            return f"Annual report {period.year}", f"{period.year}年度报告"
        case PeriodKind.HALF_YEAR, 1:
            return f"Half-yearly report {period.year}", f"{period.year}年半年报告"
        case PeriodKind.HALF_YEAR, _:
            return f"Report on the second half of {period.year}", f"{period.year}年下半年报告"
        case _:
            return f"Report on quarter {number} of {period.year}", f"{period.year}年第{number}季度报告"


def names(unit: Unit) -> dict[str, str]:
    """A unit's name in both languages, for a notice."""
    return {"en": unit.name_en, "zh-hans": unit.name_zh}
