"""Powers in words: the grade of a risk, the matrix of likelihood and impact, why a measure has no effect."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _t
from django.utils.translation import pgettext, pgettext_lazy

from systems.models import Power, PowerMeasure
from systems.power_rules import STEPS, Grade, grade

WORDS = {
    Grade.LOW: pgettext_lazy("risk", "low"),
    Grade.MEDIUM: pgettext_lazy("risk", "medium"),
    Grade.HIGH: pgettext_lazy("risk", "high"),
    Grade.VERY_HIGH: pgettext_lazy("risk", "very high"),
}
GRADES = tuple((known.name.lower(), word) for known, word in WORDS.items())


def risk(power: Power) -> str:
    """Grade and score: "high (12)"."""
    words = {"grade": WORDS[power.grade], "score": power.likelihood * power.impact}
    return pgettext("risk", "%(grade)s (%(score)s)") % words


class Square(NamedTuple):
    """A square of the matrix: its grade and the powers in it."""

    grade: str
    powers: list[Power]


def matrix(powers: Iterable[Power]) -> list[tuple[int, list[Square]]]:
    """Impact from 5 down to 1, in each row likelihood from 1 to 5."""
    known = list(powers)
    return [
        (
            impact,
            [
                Square(
                    grade(likelihood, impact).name.lower(),
                    [p for p in known if (p.likelihood, p.impact) == (likelihood, impact)],
                )
                for likelihood in STEPS
            ],
        )
        for impact in reversed(STEPS)
    ]


def why_void(measure: PowerMeasure) -> str:
    """Why a measure takes no effect; empty where it does."""
    if measure.takes_effect:
        return ""
    if measure.ended_on is not None:
        return _t("ended")
    if measure.system is not None and not measure.system.is_in_force:
        return _t("its system is not in force")
    return _t("nobody but the holder watches")
