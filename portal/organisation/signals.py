"""What upper floors may want to know of the organisation, sent inside the transaction that causes it.

`office_changed(unit_ids: list[int])`: who holds the top post of these units changes.

`change_begins(change: UnitChange, ended: list[int], moved: list[int])`: units are about to change. `ended` are no more
afterwards, `moved` get another unit above them, with all that lies below. Receivers lock here what they will write, duties
first: once the first of them has written to the log, nobody waits for a lock any more.

`change_made(change: UnitChange, ended: list[int], moved: list[int], by: User | None)`: the tree is as it will be, tenures
of the ended units have ended. Receivers do what `change.decision(group)` says about their groups of `touched` and return how
many things they ended or passed on, by group, or None. `by` is None when the clock performs what was planned.
"""

from django.dispatch import Signal

office_changed = Signal()
change_begins = Signal()
change_made = Signal()
