"""Enclosing the keys of all clues by the outer key in use, clue by clue, while people go on working."""

from django.db import transaction

from cases import sealing
from cases.models import Clue
from cases.sealing import Envelope
from portal.audit import services as audit


def rotate_keys() -> int:
    """Enclose anew every key that another outer key encloses; returns how many. Raises SealBroken for one whose key is gone."""
    count = 0
    current = sealing.current_key()
    for clue_id in Clue.objects.exclude(key_id=current).values_list("pk", flat=True).iterator():
        with transaction.atomic():
            clue = Clue.objects.locked(clue_id)  # type: ignore[arg-type]
            envelope = sealing.rewrap(Envelope(clue.key_id, bytes(clue.enclosed_key)), str(clue.pk))
            Clue.objects.filter(pk=clue.pk).update(key_id=envelope.key_id, enclosed_key=envelope.enclosed)
            count += 1
    with transaction.atomic():
        audit.record(None, "clue.keys_rotated", data={"count": count, "key": current})
    return count
