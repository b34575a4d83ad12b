"""Quantiles and tails of Poisson and negative binomial counts, for whole arrays. Pure.

The negative binomial is given by its mean and dispersion (variance = dispersion · mean); dispersion 1 is the Poisson.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
# A quantile is reached where the distribution function is within rounding of the probability asked for.
_ROUNDING = 64 * float(np.finfo(np.float64).eps)
# Beyond, neighbouring whole numbers are one and the same float.
_LARGEST_MEAN = 1e15


def probability_at_most(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """P(X ≤ count). Arrays of one shape."""
    with np.errstate(all="ignore"):
        size = mean / (dispersion - 1)
        negative_binomial = special.betainc(size, count + 1, 1 / dispersion)
        poisson = special.gammaincc(count + 1, mean)
        below = np.where(dispersion > 1, negative_binomial, poisson)
        return np.where(count < 0, 0.0, np.where(mean == 0, 1.0, below))


def probability_at_least(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """P(X ≥ count), exact where it is tiny. Arrays of one shape."""
    with np.errstate(all="ignore"):
        size = mean / (dispersion - 1)
        negative_binomial = special.betainc(count, size, 1 - 1 / dispersion)
        poisson = special.gammainc(count, mean)
        above = np.where(dispersion > 1, negative_binomial, poisson)
        return np.where(count <= 0, 1.0, above)


def count_quantile(probability: float, mean: Floats, dispersion: Floats) -> Floats:
    """The smallest count x with P(X ≤ x) ≥ probability; not a number where the mean is none, or too large to count."""
    goal = probability * (1 - _ROUNDING)
    mean, dispersion = np.broadcast_arrays(np.asarray(mean, float), np.asarray(dispersion, float))
    known = (mean < _LARGEST_MEAN) & np.isfinite(dispersion)
    found = np.full(mean.shape, np.nan)
    mean, dispersion = mean[known], dispersion[known]
    low = np.full(mean.shape, -1.0)
    high = np.ceil(mean + 4 * np.sqrt(mean * dispersion) + 1)
    while (short := probability_at_most(high, mean, dispersion) < goal).any():
        low[short], high[short] = high[short], 2 * high[short]
    # Between low, which is too small, and high, which is not.
    while (apart := high - low > 1).any():
        middle = np.floor((low[apart] + high[apart]) / 2)
        enough = probability_at_most(middle, mean[apart], dispersion[apart]) >= goal
        high[apart] = np.where(enough, middle, high[apart])
        low[apart] = np.where(enough, low[apart], middle)
    found[known] = high
    return found
