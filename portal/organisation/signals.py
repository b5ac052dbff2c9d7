"""`office_changed(unit_ids: list[int])`: who holds the top post of these units changes; sent in the same transaction."""

from django.dispatch import Signal

office_changed = Signal()
