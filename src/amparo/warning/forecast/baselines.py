"""Naive forecasts, which any other must beat before it is shown. Pure.

Each gives probabilities (origins, countries, horizons, bins); what it knows at an origin is the counts up to and with
that month.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from amparo.warning.detection import Floats, Integers
from amparo.warning.forecast.outcomes import BINS, negative_binomial, place_counts

_YEAR = 12
_SMALLEST_MEAN, _SMALLEST_SIZE, _LARGEST_SIZE = 0.01, 0.02, 1e4

Baseline = Callable[[Floats, Integers, int], Floats]


def same_as_last_year(counts: Floats, origins: Integers, horizons: int) -> Floats:
    """What came in the same month of the year before, for certain."""
    ahead = np.arange(1, horizons + 1)
    at = origins[:, None] + ahead - _YEAR * (1 + (ahead - 1) // _YEAR)
    return np.moveaxis(place_counts(counts[:, np.maximum(at, 0)]), 0, 1)


def rate_of_the_past(counts: Floats, origins: Integers, horizons: int) -> Floats:
    """A Poisson count with the mean of all months so far."""
    total = np.nancumsum(counts, axis=1)
    months = np.maximum(np.isfinite(counts).cumsum(axis=1), 1)
    mean = np.maximum((total / months)[:, origins].T, _SMALLEST_MEAN)
    return _for_all_horizons(negative_binomial(mean, np.full(mean.shape, 1e6)), horizons)


def any_month_of_the_past(counts: Floats, origins: Integers, horizons: int) -> Floats:
    """Every month so far is as good as the next."""
    return _for_all_horizons(_frequencies(counts, origins, counts.shape[1]), horizons)


def any_month_of_the_last_year(counts: Floats, origins: Integers, horizons: int) -> Floats:
    """Every one of the last twelve months is as good as the next."""
    return _for_all_horizons(_frequencies(counts, origins, _YEAR), horizons)


def spread_of_the_last_year(counts: Floats, origins: Integers, horizons: int) -> Floats:
    """A negative binomial count with the mean and variance of the last twelve months."""
    known = np.isfinite(counts)
    values = np.where(known, counts, 0)
    months = np.maximum(_of_last(known.astype(float), origins, _YEAR), 2)
    total, squares = _of_last(values, origins, _YEAR), _of_last(values**2, origins, _YEAR)
    mean = np.maximum(total / months, _SMALLEST_MEAN)
    variance = (squares - total**2 / months) / (months - 1)
    with np.errstate(divide="ignore"):
        size = np.where(variance > mean, mean**2 / np.maximum(variance - mean, 1e-9), _LARGEST_SIZE)
    return _for_all_horizons(negative_binomial(mean, np.clip(size, _SMALLEST_SIZE, _LARGEST_SIZE)), horizons)


def _frequencies(counts: Floats, origins: Integers, months: int) -> Floats:
    """How often each bin came in the last `months`: (origins, countries, bins)."""
    placed = place_counts(counts).cumsum(axis=1)
    placed = np.concatenate((np.zeros((len(counts), 1, len(BINS.low))), placed), axis=1)
    number = placed[:, origins + 1] - placed[:, np.maximum(origins + 1 - months, 0)]
    return np.moveaxis(number, 0, 1)


def _of_last(values: Floats, origins: Integers, months: int) -> Floats:
    added = np.hstack((np.zeros((len(values), 1)), values.cumsum(axis=1)))
    sums: Floats = (added[:, origins + 1] - added[:, np.maximum(origins + 1 - months, 0)]).T
    return sums


def _for_all_horizons(probability: Floats, horizons: int) -> Floats:
    return np.repeat(probability[:, :, None, :], horizons, axis=2)


BASELINES: Mapping[str, Baseline] = MappingProxyType(
    {
        "same-as-last-year": same_as_last_year,
        "past-rate": rate_of_the_past,
        "any-past-month": any_month_of_the_past,
        "last-12-months": any_month_of_the_last_year,
        "last-12-months-negative-binomial": spread_of_the_last_year,
    }
)
