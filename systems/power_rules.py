"""How great the risk of a power is: likelihood times impact, each from 1 to 5 (ISO 31000, GB/T 24353)."""

from enum import Enum

STEPS = range(1, 6)


class Grade(Enum):
    """The grade of a risk; the value is the score from which it holds."""

    LOW = 1
    MEDIUM = 5
    HIGH = 10
    VERY_HIGH = 16


def grade(likelihood: int, impact: int) -> Grade:
    """The grade of a power. Raises ValueError for what is not from 1 to 5."""
    if likelihood not in STEPS or impact not in STEPS:
        raise ValueError("likelihood and impact go from 1 to 5")
    score = likelihood * impact
    return max((g for g in Grade if g.value <= score), key=lambda g: g.value)
