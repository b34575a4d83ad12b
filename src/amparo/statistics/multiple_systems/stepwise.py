"""Models for many lists that share few victims, built pair by pair. Pure."""

from itertools import combinations

import numpy as np
from scipy.stats import poisson

from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.loglinear import FittedModel, Model, fit_model
from amparo.statistics.multiple_systems.refusals import EstimateRefused

P_VALUE = 0.02


def choose_stepwise(histories: Histories, p_value: float = P_VALUE) -> FittedModel:
    """The model that begins with independent lists and takes in, one by one, the pair of lists whose overlap is the
    least likely under the model so far, while that is below `p_value` (one-sided, of a Poisson count).

    Chan, Silverman and Vincent, JASA 116 (2021) 1297–1306. A pair whose interaction would leave the model without an
    estimate is passed over. Raises EstimateRefused where not even independent lists have one.
    """
    lists = len(histories.lists)
    pairs = [1 << first | 1 << second for first, second in combinations(range(lists), 2)]
    fitted = fit_model(histories, frozenset())
    while True:
        surprises = sorted((_surprise(fitted, pair), pair) for pair in pairs if pair not in fitted.model)
        for p, pair in surprises:
            if p >= p_value:
                return fitted
            try:
                fitted = fit_model(histories, Model({*fitted.model, pair}), allow_never_shared=True)
            except EstimateRefused:
                continue
            break
        else:
            return fitted


def _surprise(fitted: FittedModel, pair: int) -> float:
    """How likely an overlap at least as far from the expected one is, to the same side."""
    cells = np.arange(1, len(fitted.histories.counts))
    for mask in fitted.never_shared:
        cells = cells[(cells & mask) != mask]
    mean = np.exp(fitted.design @ fitted.fit.coefficients + fitted.offset)
    expected = float(mean[(cells & pair) == pair].sum())
    shared = fitted.histories.on(pair)
    return float(min(poisson.cdf(shared, expected), poisson.sf(shared - 1, expected)))
