"""What Celery wakes: the outbox."""

from celery import shared_task

from portal.notices import outbox


@shared_task
def send_outbox() -> int:
    """Gather and send what waits."""
    return outbox.run()
