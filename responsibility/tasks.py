"""What Celery wakes: sealing a signed letter."""

from celery import shared_task

from responsibility import letter_pdf
from responsibility.models import Letter


@shared_task
def seal_letter(letter_id: int) -> None:
    """Make the PDFs of a letter that both have signed, so that nobody waits for them."""
    letter = Letter.objects.get(pk=letter_id)
    for language in letter_pdf.LANGUAGES:
        letter_pdf.sealed(letter, language)
