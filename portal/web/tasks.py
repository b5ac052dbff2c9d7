"""What Celery wakes: a job, and the search for jobs whose wake was lost."""

from celery import shared_task

from portal.web import jobs


@shared_task
def run_job(job_id: int) -> None:
    """Run one job."""
    jobs.run(job_id)


@shared_task
def resume_jobs() -> None:
    """Run the jobs that nobody is at."""
    for job_id in jobs.unfinished():
        jobs.run(job_id)
