"""What Celery wakes: the clock."""

from celery import shared_task

from portal.obligations import clock


@shared_task
def run_clock() -> int:
    """Run the clock for today; returns the number of steps taken."""
    return clock.run().steps
