"""What Celery wakes: the reaper of files without a row, and the time-stamps that documents still lack."""

from celery import shared_task


@shared_task
def remove_orphans() -> int:
    """Remove files that no row names."""
    # The verbs wake the stamps below: they cannot be imported before this module is.
    from portal.documents import services

    return services.remove_orphans()


@shared_task
def stamp_documents() -> int:
    """Ask the authority for the time-stamps that documents still lack."""
    from portal.documents.signing import stamping

    return stamping.stamp_waiting()
