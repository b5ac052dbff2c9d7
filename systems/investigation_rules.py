"""Whether an answer fits its question, and which are missing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

# Whole part and two decimals, as the column keeps them.
LARGEST = Decimal(999_999_999_999)


class Asked(NamedTuple):
    """A question as the rules see it: its number, how it is answered, how many options it has."""

    position: int
    kind: str
    options: int
    is_required: bool


class Given(NamedTuple):
    """An answer: places of options, a number, or words."""

    options: tuple[int, ...] = ()
    number: Decimal | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return not self.options and self.number is None and not self.text.strip()


NOTHING = Given()
CHOICES = ("yes_no", "one", "many")


def fits(asked: Asked, given: Given) -> bool:
    """Whether an answer is of the question's kind; nothing answered fits always."""
    if given.is_empty:
        return True
    if asked.kind in CHOICES:
        known = len(set(given.options)) == len(given.options) and all(0 <= o < asked.options for o in given.options)
        single = asked.kind == "many" or len(given.options) == 1
        return known and single and given.number is None
    if asked.kind == "number":
        return given.number is not None and not given.options and abs(given.number) <= LARGEST
    return bool(given.text.strip()) and not given.options and given.number is None


def missing(asked: Sequence[Asked], given: Mapping[int, Given]) -> list[int]:
    """The numbers of the questions that must be answered and are not."""
    return [one.position for one in asked if one.is_required and given.get(one.position, NOTHING).is_empty]
