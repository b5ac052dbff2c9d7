"""Research reports: written from investigations, about measures; published once."""

from collections.abc import Iterable

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.policies import require
from portal.workdays import clock
from systems.errors_programme import ReportPublished
from systems.models.experience import PreventiveMeasure
from systems.models.investigations import (
    Investigation,
)
from systems.models.research import ReportState, ResearchReport
from systems.policies_programme import may_keep_investigations
from systems.services.numbering import next_serial


@transaction.atomic
def write_report(
    by: User,
    *,
    title_zh: str,
    summary: str,
    text: str,
    title_en: str = "",
    investigations: Iterable[Investigation] = (),
    measures: Iterable[PreventiveMeasure] = (),
    report_id: int | None = None,
    expected_version: int = 0,
) -> ResearchReport:
    """Begin a report, or write on at one. Raises ReportPublished, NotAllowed, Conflict."""
    require(may_keep_investigations(by))
    fields = {"title_zh": title_zh, "title_en": title_en, "summary": summary, "text": text}
    if report_id is None:
        year = clock.today().year
        serial = next_serial(ResearchReport, year)
        made = ResearchReport.objects.create(year=year, serial=serial, author=by, made_at=clock.now(), **fields)
        audit.record(by, "research.begun", made)
    else:
        made = _writable(by, report_id).save_fields(expected_version=expected_version, **fields)
        audit.record(by, "research.changed", made)
    made.investigations.set(investigations)
    made.measures.set(measures)
    return made


@transaction.atomic
def publish(by: User, report_id: int, *, expected_version: int) -> ResearchReport:
    """Publish a report for whoever sees content. Raises ReportPublished, NotAllowed, Conflict."""
    made = _writable(by, report_id)
    made.move_to(ReportState.PUBLISHED, expected_version=expected_version, published_on=clock.today())
    audit.record(by, "research.published", made)
    return made


def _writable(by: User, report_id: int) -> ResearchReport:
    require(may_keep_investigations(by))
    made = ResearchReport.objects.locked(report_id)
    if made.state != ReportState.DRAFT:
        raise ReportPublished
    return made
