"""The files of a report: those of the clean-government part are as closed as the part itself."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet

from portal.accounts.models import User
from portal.documents import services as documents
from portal.documents.models import Attachment
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import FileHandedIn
from responsibility.models import Part, Report
from responsibility.services.reports.telling import locked

REPORT_FILES, CLEAN_FILES = "report", "report-clean"


def purpose_of(part: Part) -> str:
    """Under which purpose the files of a part are kept: work and targets share theirs."""
    return CLEAN_FILES if part == Part.CLEAN else REPORT_FILES


def files_of(report: Report, part: Part) -> "QuerySet[Attachment]":
    """The files of a part; who may read the part may read them."""
    return documents.for_object(purpose_of(part), report)


@transaction.atomic
def attach(by: User, report_id: int, part: Part, upload: "UploadedFile[Any]") -> Attachment:
    """Keep a file with a part of the report while it is written at.

    Raises ReportNotEditable, PeriodNotOpen, PeriodClosed, NotAllowed and what `documents.attach` raises.
    """
    return documents.attach(by, purpose_of(part), _writable(by, report_id, part), upload)


@transaction.atomic
def detach(by: User, report_id: int, part: Part, attachment_id: int) -> Report:
    """Take a file of a part away again. Raises FileHandedIn, ReportNotEditable, PeriodClosed, NotAllowed."""
    report = _writable(by, report_id, part)
    documents.detach(by, files_of(report, part).get(pk=attachment_id).pk)
    return report


def _writable(by: User, report_id: int, part: Part) -> Report:
    """The report, locked so that nobody hands it in meanwhile."""
    report = locked(by, report_id)
    policies.require(policies.may_write_part(by, report, part))
    stopped = report.stopped(clock.today())
    if stopped is not None:
        raise stopped
    return report


def kept(files: Iterable[Attachment]) -> list[dict[str, Any]]:
    """Files as a submission keeps them, inside what is hashed."""
    return [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in files]


def keep_handed_in(report: Report, attachment: Attachment) -> None:
    """Raises FileHandedIn for a file that stands in a submission: it is evidence of what was handed in."""
    entry = [{"name": attachment.name, "sha256": attachment.sha256}]
    if report.submissions.filter(Q(content__files__contains=entry) | Q(clean__files__contains=entry)).exists():
        raise FileHandedIn(name=attachment.name)
