"""What upper floors may want to know of duties, sent inside the transaction that causes it (`clock_ran`: after all).

`steps_taken(steps: list[Step])`: formal steps that the clock took, of many duties at once.
`clock_begins(on: date)`: a run of the clock is about to look at duties. It belongs to no transaction.
`clock_ran(on: date)`: a run of the clock has ended. It belongs to no transaction: what follows makes its own.
`calendar_changed(first_changed: date)`: a holiday notice or a single day was entered; the open duties have been counted anew,
the log is not written yet.
`duty_closed(obligation: Obligation)`: discharged, waived or cancelled.
"""

from django.dispatch import Signal

steps_taken = Signal()
clock_begins = Signal()
clock_ran = Signal()
calendar_changed = Signal()
duty_closed = Signal()
