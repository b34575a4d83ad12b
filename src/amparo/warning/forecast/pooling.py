"""The mixture of forecasts that would have done best: weights by their past scores. Pure.

The CRPS of a mixture is a quadratic form in its weights (they sum to 1), so that the best weights are found exactly:
the smallest of the solutions on each subset of the forecasts.

Source: Thorey, Mallet & Baudin, "Online learning with the continuous ranked probability score for ensemble
forecasting", QJRMS 143 (2017) 521–529 (CRPS of a mixture); Gneiting & Ranjan, "Combining predictive distributions",
Electronic Journal of Statistics 7 (2013) 1747–1782 (linear pools).
"""

from itertools import combinations

import numpy as np

from amparo.warning.detection import Floats, Truths
from amparo.warning.forecast.outcomes import BINS

_FEWEST_ORIGINS = 24
_RELEARN_EVERY = 12


def pool_forecasts(candidates: Floats, counts: Floats, known: Truths) -> tuple[Floats, Floats]:
    """The mixture (origins, countries, horizons, bins) of `candidates` (candidates, …), and its last weights
    (horizons, candidates).

    `counts` (origins, countries, horizons) is what came, where `known`. Weights of an origin are those that did best
    over the origins whose outcomes were known by then; alike for all before there are two years of them.
    """
    number, origins, _, horizons, _ = candidates.shape
    mixed = np.empty(candidates.shape[1:], dtype=candidates.dtype)
    weights = np.full((horizons, number), 1 / number)
    for horizon in range(horizons):
        products = _products(candidates[:, :, :, horizon], counts[:, :, horizon], known[:, :, horizon]).cumsum(axis=0)
        starts = sorted({*range(0, origins, _RELEARN_EVERY), origins - 1})
        for start, end in zip(starts, [*starts[1:], origins], strict=True):
            # An origin's outcome at this horizon comes horizon + 1 months later.
            seen = start - horizon - 1
            if seen + 1 >= _FEWEST_ORIGINS:
                weights[horizon] = _best_weights(products[seen])
            mixed[start:end, :, horizon] = np.tensordot(weights[horizon], candidates[:, start:end, :, horizon], axes=1)
    return mixed, weights


def _products(candidates: Floats, counts: Floats, known: Truths) -> Floats:
    """Sums over countries and bins of the products of errors of each two forecasts: (origins, forecasts, forecasts)."""
    reached = BINS.high >= counts[..., None]
    wide = np.sqrt(BINS.size)
    products = np.empty((candidates.shape[1], len(candidates), len(candidates)))
    for origin in range(candidates.shape[1]):
        rows = known[origin]
        errors = (candidates[:, origin, rows].cumsum(axis=-1) - reached[origin, rows]) * wide
        errors = errors.reshape(len(candidates), -1)
        products[origin] = errors @ errors.T
    return products


def _best_weights(products: Floats) -> Floats:
    number = len(products)
    scale = max(float(np.abs(products).max()), 1e-300)
    best, least = np.full(number, 1 / number), np.inf
    for size in range(1, number + 1):
        for members in combinations(range(number), size):
            part = products[np.ix_(members, members)] / scale + 1e-12 * np.eye(size)
            share = np.linalg.solve(part, np.ones(size))
            share /= share.sum()
            if share.min() >= 0 and share @ part @ share < least:
                best, least = np.zeros(number), float(share @ part @ share)
                best[list(members)] = share
    return best
