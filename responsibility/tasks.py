"""What Celery wakes: sealing signed letters, following who takes a post today, closing what has become final."""

from celery import shared_task

from responsibility import letter_pdf
from responsibility.models import Letter


@shared_task
def seal_letter(letter_id: int) -> None:
    """Make the PDFs of a letter that both have signed, so that nobody waits for them."""
    letter = Letter.objects.get(pk=letter_id)
    for language in letter_pdf.LANGUAGES:
        letter_pdf.sealed(letter, language)


@shared_task
def seal_waiting() -> int:
    """Make the PDFs of signed letters that have none: a lost wake, or a key that could not sign, is made up for."""
    return letter_pdf.seal_waiting()


@shared_task
def follow_new_holders() -> None:
    """Replace the letters of posts whose new holder's first day has come."""
    # The verbs wake the sealing above: they cannot be imported before this module is.
    from responsibility.services import letters

    letters.follow_new_holders()


@shared_task
def close_final_cases() -> None:
    """Close the cases whose decision can no longer be objected to; each run of the clock does it too."""
    from responsibility.services import accountability

    accountability.close_final()
