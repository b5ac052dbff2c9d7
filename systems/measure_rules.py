"""The two spans that are compared for a trial: as long before it as after, at most a year."""

from datetime import date, timedelta
from typing import NamedTuple

LONGEST, ONE_DAY = timedelta(days=365), timedelta(days=1)


class Spans(NamedTuple):
    """First and last day of the span before and of the one after; of the same length."""

    before: tuple[date, date]
    after: tuple[date, date]

    @property
    def days(self) -> int:
        """The length of each."""
        return (self.after[1] - self.after[0]).days + 1


def spans(since: date, until: date | None, today: date) -> Spans:
    """What is compared for a trial that began no later than today."""
    last = min(until or today, today, since + LONGEST - ONE_DAY)
    length = last - since + ONE_DAY
    return Spans((since - length, since - ONE_DAY), (since, last))
