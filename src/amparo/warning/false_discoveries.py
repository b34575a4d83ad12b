"""Among thousands of series some are unusual by chance: how many of the alarms are expected to be false. Pure.

Counts are discrete: a series with a mean of 0.01 has a month of one count with probability 0.01 and of two with
0.00005, and nothing between. The procedure of Benjamini and Hochberg takes tail probabilities for continuous and so
finds too little among sparse series. Here each series counts with the probability that it can fall below a level at
all; no lot is drawn, so the same counts always give the same answer.

Source: Döhler, Durand & Roquain, "New FDR bounds for discrete and heterogeneous tests", Electronic Journal of
Statistics 12 (2018) 1867–1900 (the step-down procedure, [HSD]); Benjamini & Hochberg, JRSS B 57 (1995) 289–300. The
proportion of false alarms is held where series are independent; strata overlap, which the simulations in
`tests/warning/test_false_discoveries.py` try.
"""

import numpy as np

from amparo.warning.count_quantiles import count_quantile, probability_at_least
from amparo.warning.detection import Floats

# Above, no count is worth an alarm whatever the others are; below, no level tells more than the lowest.
_LARGEST_TAIL, _SMALLEST_LEVEL = 0.05, 1e-12
_ROUNDING = 1 + 1e-12


def adjust_tails(tail: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """For each of the series tested together, the smallest proportion of false alarms at which it is one.

    `tail` (series,) is the probability of a count as high or higher than what came; `mean` and `dispersion` are those
    of the count's distribution where nothing has happened. 1 where a series isn't tested (not a number), or its tail
    is above 0.05.
    """
    adjusted = np.ones(tail.shape)
    tested = np.isfinite(tail) & np.isfinite(mean) & np.isfinite(dispersion) & (mean > 0)
    number = int(tested.sum())
    order = np.flatnonzero(tested & (tail <= _LARGEST_TAIL))
    order = order[np.argsort(tail[order], kind="stable")]
    if not len(order):
        return adjusted
    levels, at = np.unique(tail[order], return_inverse=True)
    expected = _expected_below(levels, mean[tested], dispersion[tested])[at]
    # The rank of equal tails is that of the last.
    rank = np.searchsorted(tail[order], tail[order], side="right")
    adjusted[order] = np.minimum(np.maximum.accumulate(expected / rank), 1)
    return np.where(tested & (number > 0), adjusted, 1.0)


def _expected_below(levels: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """How many of the series fall to each level or below by chance, with the correction of the step-down procedure.

    Levels are ascending.
    """
    tails = _tails_below(_LARGEST_TAIL, float(levels[0]), mean, dispersion)
    series = np.arange(len(mean))
    expected = np.empty(len(levels))
    for number, level in enumerate(levels):
        # The first of a series' tails that is not above the level.
        reached = tails[(tails > max(level, _SMALLEST_LEVEL) * _ROUNDING).sum(axis=0), series]
        expected[number] = (reached / (1 - reached)).sum()
    return expected


def _tails_below(highest: float, lowest: float, mean: Floats, dispersion: Floats) -> Floats:
    """The tails P(X ≥ x) of each series that are at most `highest`, in descending order, down to one at most `lowest`:
    (tails, series).
    """
    lowest = max(lowest, _SMALLEST_LEVEL)
    count = count_quantile(1 - highest, mean, dispersion) + 1
    tails = [probability_at_least(count, mean, dispersion)]
    while (tails[-1] > lowest).any():
        count = count + 1
        tails.append(probability_at_least(count, mean, dispersion))
    tails.append(np.zeros(len(mean)))
    return np.stack(tails)
