"""What upper floors may want to know of cases, sent inside the transaction that causes it.

`major_case(case: CrimeCase, tenure: Tenure | None, by: User)`: a case is a major one. `tenure` is that of who led the unit at the
time of the act; None where nobody did. Whoever opens accountability of the leader listens to it.
`case_concluded(case: CrimeCase, by: User)`: a case has its outcome.
"""

from django.dispatch import Signal

major_case = Signal()
case_concluded = Signal()
