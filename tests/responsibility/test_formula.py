"""The language of the standard: exact, closed, and each mistake a sentence."""

from decimal import Decimal

import pytest

from responsibility.assessment.formula import DividesByZero, FormulaWrong, UnknownMeasure, check, read

KNOWN = {"a.rate": None, "b.count": None}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("0.6 * a.rate + 0.4 * mark", "62"),
        ("max(0, 100 - 10 * b.count)", "70"),
        ("a.rate / b.count if b.count > 0 else 100", "16.66666666666666666666666667"),
        ("100 if a.rate >= 50 and b.count < 3 else -1", "-1"),
        ("0.1 + 0.2", "0.3"),
        ("(1 + 2) * 3 - min(4, 5, 6)", "5"),
    ],
)
def test_sums_are_exact(text: str, given: str) -> None:
    values = {"a.rate": Decimal(50), "b.count": Decimal(3), "mark": Decimal(80)}
    assert read(text).of(values) == Decimal(given)


@pytest.mark.parametrize(
    "text",
    [
        "", "a.rate +", "__import__('os')", "a.rate ** 99", "a[0]", "lambda: 1", "'x'", "True", "abs(a.rate)", "min()",
        "a.rate if b.count", "[1]", "f(1)", "a.rate; 1", "x := 1", "1 < 2 < 3", "min(*a)", "(1).real", "9" * 500,
        "+".join(["1"] * 90),
    ],
)  # fmt: skip
def test_what_is_not_in_the_language_is_refused(text: str) -> None:
    with pytest.raises(FormulaWrong):
        check(text, KNOWN)


def test_an_unknown_measure_is_named() -> None:
    with pytest.raises(UnknownMeasure, match=r"c\.rate"):
        check("0.5 * c.rate", KNOWN)


@pytest.mark.parametrize("text", ["1 / 0", "a.rate / b.count", "1 / (100 - a.rate)"])
def test_a_division_by_what_may_be_nothing_is_found_before_it_happens(text: str) -> None:
    with pytest.raises(DividesByZero, match="if B > 0 else"):
        check(text, KNOWN)


def test_a_guarded_division_is_taken() -> None:
    assert check("a.rate / b.count if b.count > 0 else 100", KNOWN).names == {"a.rate", "b.count"}
