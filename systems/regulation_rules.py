"""Whether an article is lived or a dead letter, from what carries it out."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

# So much of what was asked must have been done for an article to count as lived.
LIVED_PERCENT = 80


class Verdict(StrEnum):
    """What has become of an article; the worst first."""

    DEAD = "dead"
    UNTIED = "untied"
    PARTLY = "partly"
    LIVED = "lived"
    DECLARATORY = "declaratory"


class Trace(NamedTuple):
    """What was asked by something that carries an article out, and how much of it was done. Asked 0: no trace of it."""

    asked: int
    done: int

    @property
    def percent(self) -> int | None:
        """How much was done; None where nothing was asked."""
        return 100 * self.done // self.asked if self.asked else None


def verdict(traces: Sequence[Trace], *, is_declaratory: bool) -> Verdict:
    """The verdict on an article with these traces, one for each of its ties.

    Nothing is tied to it: nobody carries it out. Nothing was done at all: a dead letter. All that was asked was done to
    `LIVED_PERCENT`, and each tie left a trace: lived. Else in part.
    """
    if is_declaratory:
        return Verdict.DECLARATORY
    if not traces:
        return Verdict.UNTIED
    if not any(trace.done for trace in traces):
        return Verdict.DEAD
    kept = all(trace.percent is not None and trace.percent >= LIVED_PERCENT for trace in traces)
    return Verdict.LIVED if kept else Verdict.PARTLY


class Pair(NamedTuple):
    """An article in two versions: its number and words in the earlier one and in the later one; None where it is not."""

    before: int | None
    after: int | None
    is_changed: bool


def pairs(before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]) -> list[Pair]:
    """The articles of two versions side by side, by root: (number, words). In the order of the later one, then those left out."""
    kept = [
        Pair(before[root][0] if root in before else None, number, root not in before or before[root][1] != words)
        for root, (number, words) in sorted(after.items(), key=lambda item: item[1][0])
    ]
    gone = sorted(number for root, (number, _words) in before.items() if root not in after)
    return [*kept, *(Pair(number, None, True) for number in gone)]
