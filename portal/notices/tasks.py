"""What Celery wakes: the outbox, and the log's head on its way out."""

from celery import shared_task

from portal.notices import head, outbox


# A server that answers a byte at a time is cut off; the message it held is tried again after its lease.
@shared_task(soft_time_limit=90, time_limit=120)
def send_outbox() -> int:
    """Gather and send what waits."""
    return outbox.run()


@shared_task
def give_audit_head() -> bool:
    """Give the log's head away, once a day."""
    return head.give()
