"""What upper floors may want to know of duties, sent inside the transaction that causes it.

`steps_taken(steps: list[Step])`: formal steps that the clock took, of many duties at once.
`duty_closed(obligation: Obligation)`: discharged, waived or cancelled.
"""

from django.dispatch import Signal

steps_taken = Signal()
duty_closed = Signal()
