"""How many cases nobody found: capture and recapture over two sources that do not depend on each other. Pure.

Two lists of the same kind of case are compared. If a source finds each case with the same chance, whatever the other one finds,
the share of the first list that stands on the second tells what share of all cases the second has found. Where too few stand on
both, nothing can be said, and nothing is said.
"""

from math import exp, log, sqrt
from typing import NamedTuple

# With fewer on both lists Chapman's estimate is biased, and its interval says nothing.
OVERLAP_MIN = 7
Z = 1.959964


class Lists(NamedTuple):
    """How many the one source found, how many the other, and how many both."""

    first: int
    second: int
    both: int

    @property
    def known(self) -> int:
        """How many at least one of them found."""
        return self.first + self.second - self.both


class Estimate(NamedTuple):
    """All cases, found or not, with the interval in which the number lies nineteen times out of twenty."""

    total: float
    low: float
    high: float
    known: int

    @property
    def undetected(self) -> int:
        """How many nobody found."""
        return max(round(self.total) - self.known, 0)


def chapman(lists: Lists) -> Estimate | None:
    """Chapman's estimate with a log-normal interval of the undetected (Chao 1987); None where the overlap is too small."""
    first, second, both = lists
    if both < OVERLAP_MIN or both > min(first, second):
        return None
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    missing = total - lists.known
    if missing <= 0:
        return Estimate(total, float(lists.known), float(lists.known), lists.known)
    spread = exp(Z * sqrt(log(1 + variance / missing**2)))
    return Estimate(total, lists.known + missing / spread, lists.known + missing * spread, lists.known)
