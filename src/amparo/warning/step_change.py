"""Step change: has the level risen, at a time not known before, and stayed? A generalised likelihood ratio for
counts.

The mean before is fitted with a trend and a yearly wave; for each time since the last alarm it is asked how much
better the counts from then on are explained by a higher level than by the old one; the best of these is the
statistic.

Source: Höhle & Paul, "Count data regression charts for the monitoring of surveillance time series", Computational
Statistics and Data Analysis 52 (2008) 4357–4368 (the intercept chart, for negative binomial counts).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from amparo.warning.detection import Detection, Floats, require_history

_STEPS, _HALVINGS = 100, 60
_CONVERGED = 1e-12
# Of the logarithm of the negative binomial's size: from counts in dense clusters to those that only chance makes.
_SIZES = (-4.0, 10.0)
# Of the logarithm of how many times the old level the new one is.
_LARGEST_RISE = 15.0


@dataclass(frozen=True, slots=True)
class StepChangeSettings:
    """An alarm is a statistic of `threshold` or more; 5 is the reference's."""

    frequency: int
    threshold: float = 5.0

    @property
    def needed(self) -> int:
        """Counts needed before the first judged one: a trend and a wave need two years."""
        return 2 * self.frequency


@dataclass(frozen=True, slots=True)
class StepChangeDetection(Detection):
    """The method gives no bound for a count; `statistic` (series, times) is what the alarm is told by."""

    statistic: Floats


def detect_step_change(counts: Floats, first: int, settings: StepChangeSettings) -> StepChangeDetection:
    """Judge `counts` (series, times) from the 1-based time `first` on. Raises ValueError for too short a history.

    A series that had nothing before has no level to rise from: it raises no alarm.
    """
    require_history(first, settings.needed, counts.shape[1])
    design = _design(counts.shape[1], settings.frequency)
    shape = (len(counts), counts.shape[1] - first + 1)
    statistic, expected = np.full(shape, np.nan), np.full(shape, np.nan)
    for row, series in enumerate(counts):
        if series[: first - 1].any():
            mean, size = _fit_negative_binomial(series[: first - 1], design)
            expected[row] = mean[first - 1 :]
            statistic[row] = _likelihood_ratios(series[first - 1 :], expected[row], size, settings.threshold)
    with np.errstate(invalid="ignore"):
        alarm = statistic >= settings.threshold
    return StepChangeDetection(first, np.full(shape, np.nan), alarm, expected, statistic)


def _design(length: int, frequency: int) -> Floats:
    time = np.arange(1, length + 1) / frequency
    return np.column_stack((np.ones(length), time, np.sin(2 * np.pi * time), np.cos(2 * np.pi * time)))


def _fit_negative_binomial(past: Floats, design: Floats) -> tuple[Floats, float]:
    """The mean at all times of `design`, and the size, by maximum likelihood: each in turn until neither changes."""
    known, size = design[: len(past)], 5.0
    coefficients: Floats = np.zeros(design.shape[1])
    coefficients[0] = np.log(past.mean())
    for _ in range(_STEPS):
        for _ in range(_STEPS):
            mean = np.exp(known @ coefficients)
            weight = mean / (1 + mean / size)
            working = known @ coefficients + past / mean - 1
            last = coefficients
            information = known.T @ (weight[:, None] * known)
            coefficients = np.asarray(np.linalg.solve(information, known.T @ (weight * working)), dtype=np.float64)
            if np.abs(coefficients - last).max() < _CONVERGED:
                break
        before, size = size, _best_size(past, np.exp(known @ coefficients))
        if abs(size - before) < _CONVERGED * size:
            break
    return np.exp(design @ coefficients), size


def _best_size(past: Floats, mean: Floats) -> float:
    low, high = _SIZES
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        size = np.exp(middle)
        score = special.digamma(past + size) - special.digamma(size) + middle + 1
        score = score - np.log(size + mean) - (past + size) / (mean + size)
        low, high = (middle, high) if score.sum() > 0 else (low, middle)
    return float(np.exp((low + high) / 2))


def _likelihood_ratios(judged: Floats, mean: Floats, size: float, threshold: float) -> Floats:
    """The statistic at each judged time; after an alarm only what comes later is looked at."""
    statistic, begin = np.empty(len(judged)), 0
    for time in range(len(judged)):
        since = slice(begin, time + 1)
        statistic[time] = _best_ratio(judged[since], mean[since], size)
        if statistic[time] >= threshold:
            begin = time + 1
    return statistic


def _best_ratio(judged: Floats, mean: Floats, size: float) -> float:
    # One row for each time at which the level may have risen.
    from_then = np.triu(np.ones((len(judged), len(judged))))

    def slope(rise: Floats) -> Floats:
        raised = mean * np.exp(rise)[:, None]
        total: Floats = (from_then * (judged - (size + judged) * raised / (size + raised))).sum(axis=1)
        return total

    # The likelihood is concave in the logarithm of the rise, so its slope falls through 0 once.
    low, high = np.zeros(len(judged)), np.full(len(judged), _LARGEST_RISE)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        rising = slope(middle) > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    rise = (low + high) / 2
    raised = mean * np.exp(rise)[:, None]
    gain = judged * rise[:, None] - (size + judged) * np.log((size + raised) / (size + mean))
    return float(max((from_then * gain).sum(axis=1).max(), 0.0))
