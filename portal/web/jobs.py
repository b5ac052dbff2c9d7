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

from portal.audit import tracking
from portal.web import broker
from portal.web.errors import PortalError, WrongState
from portal.web.models import Job, JobState
from portal.workdays import clock

log = logging.getLogger(__name__)

# A running job whose worker has not been seen for so long is taken over by another.
STALE = timedelta(minutes=3)
# So often a job may begin without getting any further; a worker that it kills or that runs out of time is then spared.
TRIES_MAX = 5
FAULT = _("This did not work, and it is our fault")
STUCK = _(
    "This began %(tries)s times and got no further each time. Start it again; if it stops again, tell the coordinator."
)


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


def start_again(by: Any, job_id: int) -> Job:
    """Let a failed job of one's own go on where it stopped. Raises WrongState; must be called inside a transaction."""
    fresh = {"state": JobState.QUEUED, "tries": 0, "error": "", "finished_at": None}
    if not Job.objects.of(by).filter(pk=job_id, state=JobState.FAILED).update(**fresh):
        raise WrongState
    from portal.web.tasks import run_job

    broker.wake(run_job, job_id)
    return Job.objects.get(pk=job_id)


def _free() -> Q:
    """Jobs that nobody is at."""
    return Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, seen_at__lt=Now() - STALE)


def unfinished() -> list[int]:
    """Jobs that nobody is at."""
    return list(Job.objects.filter(_free()).order_by("pk").values_list("pk", flat=True))


def run(job_id: int) -> bool:
    """Run a job that nobody else is at; False when somebody is, or it is finished."""
    claimed = {"state": JobState.RUNNING, "seen_at": Now(), "tries": F("tries") + 1}
    if not Job.objects.filter(_free(), pk=job_id).update(**claimed):
        return False
    job = Job.objects.select_related("owner").get(pk=job_id)
    # The sentence of a failure is for the owner, in the owner's language.
    with translation.override(getattr(job.owner, "language", "") or settings.LANGUAGE_CODE):
        if job.tries > TRIES_MAX:
            _give_up(job)
        else:
            _try(job)
    return True


def _try(job: Job) -> None:
    try:
        result = _perform(job)
    except SoftTimeLimitExceeded:
        # Cut off, not broken: what was done has committed, and the next worker goes on from there.
        job.refresh_from_db(fields=["tries"])
        if job.tries >= TRIES_MAX:
            _give_up(job)
        else:
            Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    except JobFailed as failure:
        _finish(job, JobState.FAILED, error=failure.sentence[:500])
    else:
        _finish(job, JobState.DONE, result=result, done=F("total"))


def _give_up(job: Job) -> None:
    log.error("Job %s began %s times without getting further.", job.pk, TRIES_MAX)
    _finish(job, JobState.FAILED, error=str(STUCK) % {"tries": TRIES_MAX})


class JobFailed(Exception):
    """A job ended by an error, with the sentence that its owner reads."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def _perform(job: Job) -> dict[str, Any]:
    try:
        with tracking.done_by(job.owner_id):
            return _kinds[job.kind].run(job)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        # Whatever it was: left as running, the job would be taken over and fail again for ever.
        log.exception("Job %s failed.", job.pk)
        raise JobFailed(str(error) if isinstance(error, PortalError) else str(FAULT)) from error


def advance(job: Job, by: int) -> None:
    """Count up what is done; call inside the transaction that did it, so that figure and deed agree.

    A job that gets further has all its tries again.
    """
    Job.objects.filter(pk=job.pk).update(done=F("done") + by, seen_at=Now(), tries=0)


def _finish(job: Job, state: JobState, **fields: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=clock.now(), **fields)
