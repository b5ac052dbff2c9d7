"""How many cases nobody found: capture and recapture over several sources. Pure.

Two lists of the same kind of case are compared. If a source finds each case with the same chance, whatever the other one finds,
the share of the first list that stands on the second tells what share of all cases the second has found. With three lists and
more, pairs of sources may depend on each other, and a log-linear model says how many stand on no list. Where too few stand on
several lists, nothing can be said, and nothing is said.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from math import exp, isfinite, log, sqrt
from typing import Any, NamedTuple

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
    """All cases, found or not, with the interval in which the number lies nineteen times out of twenty.

    `dependent`: the pairs of sources of which the one tells something about the other.
    """

    total: float
    low: float
    high: float
    known: int
    dependent: tuple[tuple[str, str], ...] = ()

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


def estimate(found_by: Mapping[frozenset[str], int], sources: Sequence[str]) -> Estimate | None:
    """The estimate from what each combination of sources found: of two by Chapman, of more by log-linear models."""
    if len(sources) != 2:
        return log_linear(found_by, sources)
    first, second = sources
    return chapman(
        Lists(
            sum(number for who, number in found_by.items() if first in who),
            sum(number for who, number in found_by.items() if second in who),
            sum(number for who, number in found_by.items() if len(who) > 1),
        )
    )


# More sources than these have more combinations than a district has cases.
SOURCES_MAX = 5
# An interval that reaches further than so many times the known cases says nothing.
TOO_WIDE = 20


def log_linear(found_by: Mapping[frozenset[str], int], sources: Sequence[str]) -> Estimate | None:
    """The estimate from three sources and more: how many cases each combination of them found, by whom.

    Poisson models with every set of dependent pairs that leaves a degree of freedom (Fienberg 1972; Cormack 1989) are averaged
    by the Bayesian information criterion, and the doubt about the model is part of the log-normal interval (Buckland 1997).
    None where fewer than `OVERLAP_MIN` cases were found by several, a source shares none with the others, or the interval is too
    wide to say anything.
    """
    if not 3 <= len(sources) <= SOURCES_MAX or not _overlaps(found_by, sources):
        return None
    known, models = sum(found_by.values()), list(_models(found_by, sources))
    if not models:
        return None
    best = min(model.criterion for model in models)
    weights = [exp((best - model.criterion) / 2) for model in models]
    shares = [weight / sum(weights) for weight in weights]
    middle = sum(share * model.log_missing for share, model in zip(shares, models, strict=True))
    error = sum(
        share * sqrt(model.error**2 + (model.log_missing - middle) ** 2)
        for share, model in zip(shares, models, strict=True)
    )
    missing, spread = exp(middle), exp(Z * error)
    if known + missing * spread > TOO_WIDE * known:
        return None
    weighed: dict[tuple[str, str], float] = dict.fromkeys(combinations(sources, 2), 0.0)
    for share, model in zip(shares, models, strict=True):
        for pair in model.dependent:
            weighed[pair] += share
    dependent = tuple(pair for pair, weight in weighed.items() if weight > 1 / 2)
    return Estimate(known + missing, known + missing / spread, known + missing * spread, known, dependent)


def _overlaps(found_by: Mapping[frozenset[str], int], sources: Sequence[str]) -> bool:
    shared = {who: number for who, number in found_by.items() if len(who) > 1}
    return sum(shared.values()) >= OVERLAP_MIN and all(any(one in who for who in shared) for one in sources)


class _Model(NamedTuple):
    """A fitted model: the logarithm of the number on no list with its standard error."""

    criterion: float
    log_missing: float
    error: float
    dependent: tuple[tuple[str, str], ...]


def _models(found_by: Mapping[frozenset[str], int], sources: Sequence[str]) -> Iterator[_Model]:
    # Only this page needs them, and they take a second and 60 MB.
    import numpy as np
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    cells = [cell for cell in product((0, 1), repeat=len(sources)) if any(cell)]
    counts = np.array(
        [found_by.get(frozenset(s for s, on in zip(sources, cell, strict=True) if on), 0) for cell in cells]
    )
    pairs = list(combinations(range(len(sources)), 2))
    for size in range(len(pairs) + 1):
        if len(cells) <= 1 + len(sources) + size:
            return
        for chosen in combinations(pairs, size):
            design = np.array([[1, *cell, *(cell[a] * cell[b] for a, b in chosen)] for cell in cells], dtype=float)
            fitted = _fit(GLM(counts, design, family=Poisson()))
            if fitted is not None:
                criterion = -2 * float(fitted.llf) + design.shape[1] * log(counts.sum())
                yield _Model(
                    criterion,
                    float(fitted.params[0]),
                    float(fitted.bse[0]),
                    tuple((sources[a], sources[b]) for a, b in chosen),
                )


def _fit(model: Any) -> Any:
    """The fitted model; None where it does not come to rest, as with a pair that no case was found by."""
    import warnings

    from statsmodels.tools.sm_exceptions import ModelWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", ModelWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            fitted = model.fit()
        except (ModelWarning, ValueError, ArithmeticError):
            return None
    rests = fitted.converged and isfinite(fitted.bse[0]) and fitted.bse[0] < 3 and abs(fitted.params).max() < 20
    return fitted if rests else None
