"""Figures of other rooms before and after a measure: each upper floor registers what it counts, such as cases."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise


class Window(NamedTuple):
    """A unit and the days, both included, that are counted under a key."""

    key: str
    unit_id: int
    first: date
    last: date


class Outcome(NamedTuple):
    """A figure: its name, and who counts it over many windows at once, by key; a key left out is 0."""

    label: str | Promise
    counted: Callable[[Sequence[Window]], Mapping[str, int]]


_outcomes: list[Outcome] = []


def register(outcome: Outcome) -> None:
    """Add a figure; called in `AppConfig.ready()`."""
    _outcomes.append(outcome)


def known() -> Sequence[Outcome]:
    """All figures that other rooms count."""
    return tuple(_outcomes)
