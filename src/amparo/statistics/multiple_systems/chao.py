"""Chao's lower bound: at least so many victims there were, whoever is easier to find than whom. Pure."""

from itertools import combinations
from math import exp

import numpy as np

from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.intervals import LEVEL, Estimate, log_normal
from amparo.statistics.multiple_systems.poisson import Fit, Floats, NotConverged, fit_poisson, has_maximum
from amparo.statistics.multiple_systems.refusals import EstimateRefused


def chao_lower_bound(histories: Histories, *, equal_lists: bool = False, level: float = LEVEL) -> Estimate:
    """The lower bound where victims differ in how likely they are listed; lists differ too, unless `equal_lists`.

    Chao, Biometrics 43 (1987) 783–791, as a log-linear model: those on one list and on two are fitted as if all were
    alike; from three lists on the logarithm may bend upward at each number of lists, and never downward, since the
    moments of any mixture of victims are log-convex (Rivest and Baillargeon, Biometrics 63 (2007) 999–1006).
    Raises EstimateRefused ("no-overlap-at-all", "no-maximum").
    """
    if histories.sizes[1] == 0:
        raise EstimateRefused("no-overlap-at-all")
    cells = np.arange(1, len(histories.counts))
    on = np.bitwise_count(cells).astype(np.int64)
    number = len(histories.lists)
    lists = [on] if equal_lists else [(cells >> bit) & 1 for bit in range(number)]
    base = np.stack([np.ones(len(cells)), *lists], axis=1).astype(np.float64)
    bends = [np.maximum(on - k, 0).astype(np.float64) for k in range(2, number)]
    counts = histories.counts[cells].astype(np.float64)
    best = _fit_constrained(base, bends, counts)
    unseen = exp(float(best.coefficients[0]))
    variance = unseen + unseen**2 * float(best.covariance[0, 0])
    return log_normal(histories.observed, unseen, variance, level)


def _fit_constrained(base: Floats, bends: list[Floats], counts: Floats) -> Fit:
    """The most likely fit among those that bend nowhere downward."""
    found: list[Fit] = []
    # A bend at its limit, zero, is one left out: at most 2 ** (lists - 2) fits.
    for size in range(len(bends) + 1):
        for kept in combinations(bends, size):
            design = np.column_stack([base, *kept])
            if not has_maximum(design, counts):
                continue
            try:
                fit = fit_poisson(design, counts)
            except NotConverged:
                continue
            if (fit.coefficients[base.shape[1] :] >= 0).all():
                found.append(fit)
    if not found:
        raise EstimateRefused("no-maximum", model="Chao")
    return min(found, key=lambda fit: fit.deviance)
