"""What Celery wakes: the daily check of the log."""

from celery import shared_task

from portal.audit import checking


@shared_task
def verify_log() -> bool:
    """Go through the log, once a day; whether it was done now."""
    return checking.check_daily() is not None
