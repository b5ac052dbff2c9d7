"""The directory on paper: made by a worker, kept for a day, given to the person who asked for it."""

import uuid
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.documents import pdf
from portal.network import directory
from portal.network.errors import FilterNotUnderstood, TooManyLines
from portal.network.filters import NetworkFilter, chips_of
from portal.web import jobs
from portal.web.i18n import listed, titled
from portal.web.models import Job, JobState
from portal.workdays import clock

KIND = "network.directory_pdf"
FOLDER = "directories"
LINES_MAX = 1500
KEPT = timedelta(hours=24)


@transaction.atomic
def order(by: User, query: str) -> Job:
    """Ask for the directory of what a query string of the network chooses, in the reader's language.

    Raises TooManyLines: setting thousands of lines takes minutes and gigabytes.
    """
    chosen = directory.choose(by, _filter(query))
    count = directory.count(chosen)
    if count > LINES_MAX:
        raise TooManyLines(count=count, limit=LINES_MAX)
    job = jobs.start(by, KIND, {"query": query, "language": get_language() or "en"}, total=count)
    # Where the reader goes on to once it is done.
    job.params["next_url"] = reverse("network:directory", args=(job.pk,))
    job.save(update_fields=["params"])
    return job


def run(job: Job) -> dict[str, Any]:
    """Set the directory as its owner may see it now, and keep it. What was made longer than a day ago is removed."""
    _remove_old()
    owner = User.objects.get(pk=job.owner_id)
    with override(job.params["language"]):
        chosen = _filter(job.params["query"])
        selection = directory.choose(owner, chosen)
        context = {
            "lines": list(directory.lines(selection, owner))[:LINES_MAX],
            "heads": directory.heads(),
            "chosen": listed(titled(chip.label, chip.value) for chip in chips_of(chosen)),
            "by": owner.name,
            "at": clock.now(),
        }
        content = pdf.render("network/directory_pdf.html", context, language=job.params["language"], title=_title())
    name = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}.pdf", ContentFile(content))
    jobs.advance(job, by=job.total)
    return {"file": name}


def made(user: User, job_id: int) -> bytes:
    """The directory that a person asked for. Raises Job.DoesNotExist for somebody else's, and once it is gone."""
    job = Job.objects.of(user).get(pk=job_id, kind=KIND, state=JobState.DONE)
    if not default_storage.exists(job.result["file"]):
        raise Job.DoesNotExist
    with default_storage.open(job.result["file"]) as file:
        return bytes(file.read())


def _filter(query: str) -> NetworkFilter:
    """The filter of a query string. Raises FilterNotUnderstood."""
    chosen = directory.filter_of(QueryDict(query))
    if not chosen.is_valid():
        raise FilterNotUnderstood
    return chosen


def _title() -> str:
    return _("Directory of the prevention network")


def _remove_old() -> None:
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if clock.now() - default_storage.get_modified_time(path) > KEPT:
            default_storage.delete(path)
