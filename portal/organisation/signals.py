"""What upper floors may want to know of the organisation, sent inside the transaction that causes it.

`office_changed(unit_ids: list[int])`: who holds the top post of these units changes.
`unit_dissolved(unit_id: int, reason: str, by: User)`: the unit is no more; its tenures have ended.
"""

from django.dispatch import Signal

office_changed = Signal()
unit_dissolved = Signal()
