"""Long work in the background: a row that its owner sees, woken by Celery, resumed when the wake or the worker is lost."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.web import broker
from portal.web.errors import PortalError
from portal.web.models import Job, JobState
from portal.workdays import clock

log = logging.getLogger(__name__)

# A running job whose worker has not been seen for so long is taken over by another.
STALE = timedelta(minutes=3)
FAULT = _("This did not work, and it is our fault")


class Kind(NamedTuple):
    """A kind of job. `run` may be called again after a kill and goes on where it stopped; it returns the result."""

    title: str | Promise
    run: Callable[[Job], dict[str, Any]]


_kinds: dict[str, Kind] = {}


def register(code: str, kind: Kind) -> None:
    """Make a kind of job known; called in `AppConfig.ready()`."""
    _kinds[code] = kind


def title(job: Job) -> str:
    """What the job does, in the reader's language."""
    return str(_kinds[job.kind].title)


def start(owner: Any, kind: str, params: dict[str, Any], *, total: int) -> Job:
    """Begin a job: a row in the caller's transaction, woken once that has committed."""
    job = Job.objects.create(owner=owner, kind=kind, params=params, total=total, created_at=clock.now())
    from portal.web.tasks import run_job

    broker.wake(run_job, job.pk)
    return job


def unfinished() -> list[int]:
    """Jobs that nobody is at."""
    left = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, seen_at__lt=Now() - STALE)
    return list(Job.objects.filter(left).order_by("pk").values_list("pk", flat=True))


def run(job_id: int) -> bool:
    """Run a job that nobody else is at; False when somebody is, or it is finished."""
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, seen_at__lt=Now() - STALE)
    if not Job.objects.filter(free, pk=job_id).update(state=JobState.RUNNING, seen_at=Now()):
        return False
    job = Job.objects.get(pk=job_id)
    try:
        # The sentence of a failure is for the owner, in the owner's language.
        with translation.override(getattr(job.owner, "language", "") or settings.LANGUAGE_CODE):
            result = _perform(job)
    except SoftTimeLimitExceeded:
        # Cut off, not broken: what was done has committed, and the next worker goes on from there.
        Job.objects.filter(pk=job_id).update(state=JobState.QUEUED)
    except JobFailed as failure:
        _finish(job, JobState.FAILED, error=failure.sentence[:500])
    else:
        _finish(job, JobState.DONE, result=result, done=F("total"))
    return True


class JobFailed(Exception):
    """A job ended by an error, with the sentence that its owner reads."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def _perform(job: Job) -> dict[str, Any]:
    try:
        return _kinds[job.kind].run(job)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        # Whatever it was: left as running, the job would be taken over and fail again for ever.
        log.exception("Job %s failed.", job.pk)
        raise JobFailed(str(error) if isinstance(error, PortalError) else str(FAULT)) from error


def advance(job: Job, by: int) -> None:
    """Count up what is done; call inside the transaction that did it, so that figure and deed agree."""
    Job.objects.filter(pk=job.pk).update(done=F("done") + by, seen_at=Now())


def _finish(job: Job, state: JobState, **fields: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=clock.now(), **fields)
