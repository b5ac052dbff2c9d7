"""What Celery wakes: the look over the systems."""

from celery import shared_task

from systems.services import daily


@shared_task
def look_over() -> None:
    """Do what the day asks for; as often as one likes."""
    daily.run()
