"""Estimates of how many cases nobody found: two sources, three and more, and when nothing is said."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import detection
from cases.detection import Lists


def test_chapman_gives_the_estimate_of_the_books_and_refuses_a_small_overlap() -> None:
    found = detection.chapman(Lists(60, 50, 20))
    assert found is not None
    assert round(found.total, 1) == 147.1
    assert found.known == 90
    assert found.low < found.total < found.high
    assert detection.chapman(Lists(60, 50, 6)) is None
    assert detection.chapman(Lists(5, 50, 8)) is None


@given(st.integers(7, 200), st.integers(0, 200), st.integers(0, 200))
def test_an_estimate_is_never_under_what_is_known(both: int, only_first: int, only_second: int) -> None:
    lists = Lists(both + only_first, both + only_second, both)
    found = detection.chapman(lists)
    assert found is not None
    assert found.known == lists.known
    assert found.known - 1e-6 <= found.low <= found.high
    assert found.undetected >= 0


def test_the_interval_holds_the_truth_about_nineteen_times_out_of_twenty() -> None:
    chance, truth, held = random.Random(3), 400, 0
    for _time in range(400):
        one = [chance.random() < 0.4 for _case in range(truth)]
        two = [chance.random() < 0.3 for _case in range(truth)]
        both = sum(a and b for a, b in zip(one, two, strict=True))
        found = detection.chapman(Lists(sum(one), sum(two), both))
        assert found is not None
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 400 <= 0.98


SOURCES = ("report", "audit", "inspection")


def simulated(chance: random.Random, truth: int, found: Any) -> Counter[frozenset[str]]:
    """What three sources would find of so many cases; `found` says of one case which sources came upon it."""
    counted = Counter(frozenset(found(chance)) for _case in range(truth))
    counted.pop(frozenset(), None)
    return counted


def alone(chance: random.Random) -> set[str]:
    """Each source finds cases whatever the others do."""
    return {name for name, share in zip(SOURCES, (0.4, 0.35, 0.3), strict=True) if chance.random() < share}


def together(chance: random.Random) -> set[str]:
    """An audit is sent where somebody reports."""
    report = chance.random() < 0.4
    audit = chance.random() < (0.6 if report else 0.2)
    inspection = chance.random() < 0.3
    return {name for name, hit in zip(SOURCES, (report, audit, inspection), strict=True) if hit}


@pytest.mark.parametrize("found", [alone, together])
def test_log_linear_intervals_hold_the_truth_though_two_sources_depend_on_each_other(found: Any) -> None:
    chance, truth, held = random.Random(11), 400, 0
    for _time in range(60):
        estimate = detection.log_linear(simulated(chance, truth, found), SOURCES)
        assert estimate is not None
        held += estimate.low <= truth <= estimate.high
    assert held >= 52


def test_a_dependence_between_two_sources_is_named_and_chapman_alone_is_misled() -> None:
    counted = simulated(random.Random(5), 2000, together)
    estimate = detection.log_linear(counted, SOURCES)
    assert estimate is not None
    assert estimate.dependent == (("report", "audit"),)
    assert estimate.low <= 2000 <= estimate.high
    two: Counter[frozenset[str]] = Counter()
    for who, number in counted.items():
        two[who & frozenset(SOURCES[:2])] += number
    two.pop(frozenset(), None)
    misled = detection.estimate(two, SOURCES[:2])
    assert misled is not None
    assert misled.high < 2000


def test_nothing_is_said_where_too_few_are_shared_or_a_source_shares_none() -> None:
    few = {frozenset({"report"}): 30, frozenset({"audit"}): 20, frozenset({"report", "audit"}): 3}
    assert detection.log_linear(few | {frozenset({"inspection", "audit"}): 3}, SOURCES) is None
    apart = few | {frozenset({"report", "audit"}): 12, frozenset({"inspection"}): 9}
    assert detection.log_linear(apart, SOURCES) is None
    assert detection.log_linear(apart, ("a", "b", "c", "d", "e", "f")) is None
    assert detection.log_linear({}, SOURCES) is None
