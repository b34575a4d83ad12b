"""Probabilities of counts, and how good they were: CRPS, log score, probability integral transform. Pure.

A distribution is an array of probabilities of `Bins`: every count to 20 by itself, above that ranges that widen by an
eighth each. So distributions of any shape, from a point to one with half its mass at 0 and a tail into the thousands,
are arrays of one shape, and a mixture of them is a weighted sum. Within a range counts are taken as equally probable.

Sources: Gneiting & Raftery, "Strictly proper scoring rules, prediction, and estimation", JASA 102 (2007) 359–378;
Czado, Gneiting & Held, "Predictive model assessment for count data", Biometrics 65 (2009) 1254–1261.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from amparo.warning.detection import Floats, Integers, Truths

_EACH_BY_ITSELF, _WIDENING = 20, 1.125
_LARGEST_COUNT = 10**6
# Nothing is impossible: a distribution that says so would be judged without end.
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Bins:
    """`low` and `high` are the smallest and the largest count of each."""

    low: Integers
    high: Integers

    @property
    def size(self) -> Floats:
        return (self.high - self.low + 1).astype(np.float64)

    def find(self, counts: Floats) -> Integers:
        """The number of the bin of each count; counts beyond the last are put into it."""
        return np.searchsorted(self.low, counts, side="right").astype(np.int64) - 1


def _lay_out() -> Bins:
    low = list(range(_EACH_BY_ITSELF + 1))
    while low[-1] < _LARGEST_COUNT:
        low.append(int(np.ceil(low[-1] * _WIDENING)))
    return Bins(np.array(low[:-1]), np.array(low[1:]) - 1)


BINS = _lay_out()


def place_counts(counts: Floats) -> Floats:
    """All probability at each count, (…, bins); none where the count is not a number."""
    placed = np.zeros((*counts.shape, len(BINS.low)))
    known = np.isfinite(counts)
    np.put_along_axis(placed, BINS.find(np.where(known, counts, 0))[..., None], known[..., None], axis=-1)
    return placed


def negative_binomial(mean: Floats, size: Floats) -> Floats:
    """Probabilities (…, bins) of negative binomial counts of `mean` above 0 and `size` (variance mean + mean²/size)."""
    share = (size / (size + mean))[..., None]
    below = special.betainc(np.broadcast_to(size[..., None], share.shape), BINS.high + 1.0, share)
    below[..., -1] = 1
    return np.diff(below, axis=-1, prepend=0)


def score_crps(probability: Floats, counts: Floats) -> Floats:
    """The continuous ranked probability score of distributions (…, bins) at `counts` (…): the smaller the better.

    The sum over all whole numbers x of (P(X ≤ x) − [count ≤ x])², in closed form within each bin.
    """
    size, probability = BINS.size, probability.astype(np.float64)
    below = np.cumsum(probability, axis=-1) - probability
    bin_of_count = BINS.find(counts)[..., None]
    passed = np.arange(len(size)) > bin_of_count
    gap = below - passed
    squares = size * gap**2 + gap * probability * (size + 1)
    squares += probability**2 * (size + 1) * (2 * size + 1) / (6 * size)
    # Within the count's own bin the step comes at the count.
    start = np.take_along_axis(below, bin_of_count, -1)[..., 0]
    inside = np.take_along_axis(probability, bin_of_count, -1)[..., 0]
    bin_of_count = bin_of_count[..., 0]
    width, step = size[bin_of_count], counts - BINS.low[bin_of_count] + 1
    from_step = width - step + 1
    reached = from_step * start + inside / width * (step + width) * from_step / 2
    score: Floats = squares.sum(axis=-1) + from_step - 2 * reached
    return score


def score_log(probability: Floats, counts: Floats) -> Floats:
    """Minus the logarithm of the probability that was given to what came: the smaller the better."""
    bin_of_count = BINS.find(counts)
    inside = np.take_along_axis(probability, bin_of_count[..., None], -1)[..., 0]
    score: Floats = -np.log(inside / BINS.size[bin_of_count] + _LEAST)
    return score


def reach_counts(probability: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """The probabilities of fewer than `counts`, and of at most so many."""
    bin_of_count = BINS.find(counts)
    below = np.take_along_axis(np.cumsum(probability, axis=-1) - probability, bin_of_count[..., None], -1)[..., 0]
    inside = np.take_along_axis(probability, bin_of_count[..., None], -1)[..., 0] / BINS.size[bin_of_count]
    step = counts - BINS.low[bin_of_count]
    return below + step * inside, below + (step + 1) * inside


def transform_randomly(fewer: Floats, at_most: Floats, random: np.random.Generator) -> Floats:
    """The randomised probability integral transform of what `reach_counts` gives: spread evenly over 0 to 1 where the
    distributions are right.
    """
    return np.clip(fewer + random.random(fewer.shape) * (at_most - fewer), 0, 1)


def lies_within(fewer: Floats, at_most: Floats, low: float, high: float) -> Truths:
    """Whether counts lie between the quantiles (`find_quantile`) at `low` and `high`, both of them included."""
    return (at_most >= low - _LEAST) & (fewer < high - _LEAST)


def find_quantile(probability: Floats, level: float) -> Floats:
    """The smallest count that is reached with at least probability `level`, for distributions (…, bins)."""
    at_most = np.cumsum(probability, axis=-1)
    bin_of_level = np.minimum((at_most < level - 1e-12).sum(axis=-1), len(BINS.low) - 1)
    inside = np.take_along_axis(probability, bin_of_level[..., None], -1)[..., 0]
    below = np.take_along_axis(at_most, bin_of_level[..., None], -1)[..., 0] - inside
    share = np.clip((level - below) / np.maximum(inside, _LEAST), 0, 1)
    size = BINS.size[bin_of_level]
    quantile: Floats = BINS.low[bin_of_level] + np.maximum(np.ceil(share * size) - 1, 0)
    return quantile
