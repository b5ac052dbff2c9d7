"""Long work: run once, resumed after a kill, its failure told to its owner and to nobody else."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from portal.accounts.models import User
from portal.web import broker, jobs
from portal.web.errors import PortalError
from portal.web.models import Job, JobState
from portal.web.tasks import resume_jobs
from tests.web.conftest import browser, person

KIND = "test-job"


class Refused(PortalError):
    message = "There is no paper left."


@pytest.fixture
def kind() -> Iterator[Any]:
    """Registers what the job does."""
    yield lambda run: jobs.register(KIND, jobs.Kind("Count", run))
    jobs._kinds.pop(KIND, None)


def begin(owner: User, total: int = 4) -> Job:
    return jobs.start(owner, KIND, {"next_url": "/units/"}, total=total)


def count_up(job: Job) -> dict[str, Any]:
    job.refresh_from_db()
    while job.done < job.total:
        jobs.advance(job, 1)
        job.refresh_from_db()
    return {"counted": job.total}


def failing(error: BaseException) -> Any:
    def run(job: Job) -> dict[str, Any]:
        raise error

    return run


def test_it_runs_to_its_end_and_keeps_the_result(alice: User, kind: Any) -> None:
    kind(count_up)
    job = begin(alice)
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.percent, job.result) == (JobState.DONE, 4, 100, {"counted": 4})


def test_a_finished_job_does_not_run_again(alice: User, kind: Any) -> None:
    kind(count_up)
    job = begin(alice)
    assert [jobs.run(job.pk), jobs.run(job.pk)] == [True, False]


def test_a_job_somebody_is_at_is_left_alone(alice: User, kind: Any) -> None:
    kind(count_up)
    job = begin(alice)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, seen_at=Now())
    assert not jobs.run(job.pk)
    assert jobs.unfinished() == []


def test_a_job_whose_worker_is_gone_goes_on_where_it_stopped(alice: User, kind: Any) -> None:
    kind(count_up)
    job = begin(alice)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, done=3, seen_at=Now() - 2 * jobs.STALE)
    resume_jobs()
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 4)


def test_a_lost_wake_is_made_up_for(alice: User, kind: Any) -> None:
    kind(count_up)
    job = begin(alice)
    assert jobs.unfinished() == [job.pk]
    resume_jobs()
    assert jobs.unfinished() == []


def test_a_killed_job_is_left_running_for_another_worker(alice: User, kind: Any) -> None:
    kind(failing(SystemExit()))
    job = begin(alice)
    with pytest.raises(SystemExit):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_job_cut_off_by_the_time_limit_waits_for_the_next_worker(alice: User, kind: Any) -> None:
    kind(failing(SoftTimeLimitExceeded()))
    job = begin(alice)
    jobs.run(job.pk)
    assert jobs.unfinished() == [job.pk]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused(), "There is no paper left."),
        (TypeError("x"), "This did not work, and it is our fault"),
        (KeyError("x"), "This did not work, and it is our fault"),
    ],
)
def test_a_failure_ends_the_job_with_a_sentence(alice: User, kind: Any, error: Exception, sentence: str) -> None:
    kind(failing(error))
    job = begin(alice)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, sentence)
    assert jobs.unfinished() == []


def test_the_sentence_is_in_the_owners_language(alice: User, kind: Any) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    kind(failing(TypeError("x")))
    job = begin(alice)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert "一" <= job.error[0] <= "鿿"


def test_its_owner_sees_how_far_it_is(alice: User, client: Client, kind: Any) -> None:
    kind(count_up)
    job = begin(alice)
    Job.objects.filter(pk=job.pk).update(done=3, state=JobState.RUNNING)
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "3 of 4" in page
    assert f'<a href="/jobs/{job.pk}/">' in page
    assert page.count("<h1") == 1


def test_nobody_else_sees_it(alice: User, bob: User, kind: Any) -> None:
    kind(count_up)
    assert browser(bob).get(f"/jobs/{begin(alice).pk}/").status_code == 404


def test_the_script_gets_the_progress_alone_and_stops_asking_at_the_end(alice: User, client: Client, kind: Any) -> None:
    kind(count_up)
    job = begin(alice)
    asked = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert (asked.status_code, b"<h1" in asked.content) == (200, False)
    jobs.run(job.pk)
    asked = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert (asked.status_code, b"hx-get" in asked.content) == (200, False)
    assert b'href="/units/"' in asked.content


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_hangs_does_not_hold_up_the_request() -> None:
    """A server that takes the connection and never answers: the wake gives up, and raises nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = Celery(broker=f"redis://127.0.0.1:{silent.getsockname()[1]}/0", set_as_current=False)
        options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | {"socket_timeout": 1, "socket_connect_timeout": 1}
        app.conf.broker_transport_options = options

        def nothing() -> None: ...

        task = app.task(name="test.nothing")(nothing)
        started = time.monotonic()
        broker.wake(task)
        assert time.monotonic() - started < 10


KILLED = """
import os, sys
import django
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from portal.web import jobs
def run(job):
    if sys.argv[3] == "advance":
        jobs.advance(job, 1)
    os.kill(os.getpid(), 9)
jobs.register("test-job", jobs.Kind("Count", run))
jobs.run(int(sys.argv[2]))
"""


def killed_worker(job: Job, how: str = "stand") -> None:
    """A process takes the job up and is killed by it; its heartbeat grows old."""
    command = [sys.executable, "-c", KILLED, connection.settings_dict["NAME"], str(job.pk), how]
    done = subprocess.run(command, check=False, cwd=settings.BASE_DIR, env=os.environ | {"PYTHONPATH": "."})
    assert done.returncode == -signal.SIGKILL
    Job.objects.filter(pk=job.pk).update(seen_at=Now() - 2 * jobs.STALE)
    job.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_its_worker_each_time_ends_with_a_sentence(kind: Any) -> None:
    alice = person("alice")
    User.objects.update(language="zh-hans")
    kind(count_up)
    job = begin(alice)
    Job.objects.update(tries=jobs.TRIES_MAX - 2)
    for tries in (jobs.TRIES_MAX - 1, jobs.TRIES_MAX):
        killed_worker(job)
        assert (job.state, job.tries) == (JobState.RUNNING, tries)
    resume_jobs()
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.FAILED, 0)
    assert "5" in job.error
    assert any("一" <= sign <= "鿿" for sign in job.error)
    assert jobs.unfinished() == []


@pytest.mark.django_db(transaction=True)
def test_a_job_that_gets_further_has_all_its_tries_again(kind: Any) -> None:
    job = begin(person("alice"))
    Job.objects.update(tries=jobs.TRIES_MAX - 1)
    killed_worker(job, "advance")
    assert (job.state, job.done, job.tries) == (JobState.RUNNING, 1, 0)


def test_a_job_that_runs_out_of_time_each_time_ends_after_five_tries(alice: User, kind: Any) -> None:
    kind(failing(SoftTimeLimitExceeded()))
    job = begin(alice)
    states = []
    for _try in range(jobs.TRIES_MAX):
        assert jobs.run(job.pk)
        job.refresh_from_db()
        states.append(job.state)
    assert states == [*[JobState.QUEUED] * 4, JobState.FAILED]
    assert "began 5 times" in job.error
    assert not jobs.run(job.pk)


@pytest.fixture
def failed(transactional_db: None, kind: Any) -> Job:
    """A failed job of Alice's, whose cause has been mended."""
    job = begin(person("alice"))
    kind(count_up)
    Job.objects.update(state=JobState.FAILED, error="It stopped.", done=2, tries=jobs.TRIES_MAX, finished_at=Now())
    return job


def test_its_owner_starts_a_failed_job_again_and_it_goes_on(failed: Job) -> None:
    client = browser(failed.owner)
    page = client.get(f"/jobs/{failed.pk}/").content.decode()
    assert f'href="/jobs/{failed.pk}/again/"' in page
    answer = client.post(f"/jobs/{failed.pk}/again/")
    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{failed.pk}/")
    resume_jobs()
    failed.refresh_from_db()
    assert (failed.state, failed.done, failed.error) == (JobState.DONE, 4, "")


def test_starting_again_twice_by_the_same_form_is_once(failed: Job) -> None:
    client, key = browser(failed.owner), str(uuid.uuid4())
    url = f"/jobs/{failed.pk}/again/"
    assert [client.post(url, {"idempotency_key": key}).status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.DONE])
def test_only_a_failed_job_is_started_again(failed: Job, state: JobState) -> None:
    Job.objects.update(state=state)
    assert browser(failed.owner).post(f"/jobs/{failed.pk}/again/").status_code == 409
    failed.refresh_from_db()
    assert (failed.state, failed.tries) == (state, jobs.TRIES_MAX)


def test_nobody_else_starts_it_again(failed: Job) -> None:
    assert browser(person("bob")).post(f"/jobs/{failed.pk}/again/").status_code == 404
    failed.refresh_from_db()
    assert failed.state == JobState.FAILED
