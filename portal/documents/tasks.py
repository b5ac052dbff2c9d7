"""What Celery wakes: the reaper of files without a row."""

from celery import shared_task

from portal.documents import services


@shared_task
def remove_orphans() -> int:
    """Remove files that no row names."""
    return services.remove_orphans()
