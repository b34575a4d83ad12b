"""Quasi-Poisson regressions on a level a group and a common trend, many at a time.

Every fit of a batch has the same baseline: the same groups and times, and its own counts. With one level a group and
one slope the normal equations need only sums a group, so that a batch of thousands costs a few matrix products a
step.

Source: McCullagh & Nelder, Generalized Linear Models (1989), sections 2.5 (iteratively reweighted least squares), 9.2
(quasi-likelihood). Steps begin and end as those of the usual software do (means at count + 0.1; until the deviance
changes by less than 1e-8 of itself), since a bound that is compared over many places should not hang on who stopped
one step earlier.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TOLERANCE = 1e-8
MOST_STEPS = 25
SMALLEST_MEAN = float(np.finfo(np.float64).eps)
# Multiplications in one product of matrices: so few that the linear algebra library starts no threads for it. On a
# machine with other work these wait for each other ten times longer than they calculate.
_MOST_MULTIPLICATIONS = 250_000


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the counts of a fit are explained by: a group each (0 … groups − 1), and a time each."""

    group: Integers
    time: Floats

    @property
    def groups(self) -> int:
        return int(self.group.max()) + 1

    @property
    def length(self) -> int:
        return len(self.group)


@dataclass(frozen=True, slots=True)
class QuasiPoissonFits:
    """Fits of a batch; the first axis is the batch's. Those that did not converge have `converged` false.

    `precision` of a group is the sum of its working weights, `centre` its weighted mean time; `trend_precision` the
    weighted sum of squares of time within groups (infinite without a trend): together the inverse of the information
    matrix.
    """

    level: Floats  # (batch, groups): log mean at time 0
    slope: Floats  # (batch,): of the log mean, a unit of time; 0 without a trend
    mean: Floats  # (batch, length)
    dispersion: Floats  # (batch,): Pearson's, not bounded
    relative_spread: Floats  # (batch,): mean square of (count − mean) / mean, by prior weight
    working_weight: Floats  # (batch, length)
    precision: Floats  # (batch, groups)
    centre: Floats  # (batch, groups)
    trend_precision: Floats  # (batch,)
    converged: NDArray[np.bool_]  # (batch,)

    def predict(self, group: int, time: float) -> tuple[Floats, Floats]:
        """The log mean for one (group, time), and its variance for dispersion 1. Each (batch,)."""
        eta = self.level[:, group] + self.slope * time
        variance = 1 / self.precision[:, group] + (time - self.centre[:, group]) ** 2 / self.trend_precision
        return eta, variance

    def leverage(self, baseline: Baseline) -> Floats:
        """How far each count draws its own fitted mean, 0 … 1: (batch, length)."""
        group = baseline.group
        away = (baseline.time - self.centre[:, group]) ** 2 / self.trend_precision[:, None]
        return self.working_weight * (1 / self.precision[:, group] + away)


def fit_quasi_poisson(
    counts: Floats, baseline: Baseline, weights: Floats | None = None, *, trend: bool = True
) -> QuasiPoissonFits:
    """Fit each row of `counts` (batch, length), with the given prior weights (same shape, default 1)."""
    batch, length = counts.shape
    groups = baseline.groups
    kept = QuasiPoissonFits(
        level=np.empty((batch, groups)),
        slope=np.zeros(batch),
        mean=np.empty((batch, length)),
        dispersion=np.empty(batch),
        relative_spread=np.empty(batch),
        working_weight=np.empty((batch, length)),
        precision=np.empty((batch, groups)),
        centre=np.zeros((batch, groups)),
        trend_precision=np.full(batch, np.inf),
        converged=np.zeros(batch, dtype=np.bool_),
    )
    sums = _Sums(baseline, trend=trend)
    with np.errstate(all="ignore"):
        for start in range(0, batch, sums.rows_at_once):
            rows = np.arange(start, min(start + sums.rows_at_once, batch))
            _fit_rows(kept, rows, counts[rows], sums, None if weights is None else weights[rows])
    return kept


class _Sums:
    """The matrices that turn rows of a baseline into sums a group, and coefficients into rows."""

    def __init__(self, baseline: Baseline, *, trend: bool) -> None:
        self.trend = trend
        self.groups = baseline.groups
        self.freedom = baseline.length - self.groups - trend
        belongs = np.zeros((baseline.length, self.groups))
        belongs[np.arange(baseline.length), baseline.group] = 1
        time = baseline.time[:, None]
        self.of_weights = np.hstack((belongs, belongs * time, time**2)) if trend else belongs
        self.of_values = np.hstack((belongs, time)) if trend else belongs
        self.rows = np.ascontiguousarray(self.of_values.T)
        self.rows_at_once = max(1, _MOST_MULTIPLICATIONS // self.of_weights.size)


def _fit_rows(kept: QuasiPoissonFits, rows: Integers, counts: Floats, sums: _Sums, weights: Floats | None) -> None:
    groups = sums.groups
    log_counts = np.log(counts, out=np.zeros_like(counts), where=counts > 0)
    # What the deviance takes from the counts alone.
    full = _total(counts * log_counts - counts, weights)
    mean = counts + 0.1
    eta = np.log(mean)
    deviance = _deviance(full, counts, mean, eta, weights)
    for _ in range(MOST_STEPS):
        working = mean if weights is None else mean * weights
        # Weight times working response: weight · (eta + (count − mean) / mean).
        response = mean * eta + counts - mean
        if weights is not None:
            response *= weights
        of_weights, of_values = working @ sums.of_weights, response @ sums.of_values
        precision = of_weights[:, :groups]
        level = of_values[:, :groups] / precision
        if sums.trend:
            moment = of_weights[:, groups : 2 * groups]
            centre = moment / precision
            trend_precision = of_weights[:, -1] - np.einsum("ij,ij->i", moment, centre)
            slope = (of_values[:, -1] - np.einsum("ij,ij->i", moment, level)) / trend_precision
            level = level - slope[:, None] * centre
            eta = np.hstack((level, slope[:, None])) @ sums.rows
        else:
            eta = level @ sums.rows
        mean = np.maximum(np.exp(eta), SMALLEST_MEAN)
        last, deviance = deviance, _deviance(full, counts, mean, eta, weights)
        done = np.abs(deviance - last) / (np.abs(deviance) + 0.1) < TOLERANCE
        if not done.any():
            continue
        finished = rows[done]
        squared = (counts[done] / mean[done] - 1) ** 2
        # The working weights are those the last step was made with, as in R's summary of a fit.
        kept.level[finished] = level[done]
        kept.mean[finished] = mean[done]
        kept.dispersion[finished] = np.einsum("ij,ij->i", squared, working[done]) / sums.freedom
        kept.relative_spread[finished] = _total(squared, None if weights is None else weights[done]) / sums.freedom
        kept.working_weight[finished] = working[done]
        kept.precision[finished] = precision[done]
        kept.converged[finished] = True
        if sums.trend:
            kept.slope[finished] = slope[done]
            kept.centre[finished] = centre[done]
            kept.trend_precision[finished] = trend_precision[done]
        left = ~done
        if not left.any():
            return
        rows, counts, mean, eta, deviance, full = (
            rows[left],
            counts[left],
            mean[left],
            eta[left],
            deviance[left],
            full[left],
        )
        weights = None if weights is None else weights[left]


def _total(values: Floats, weights: Floats | None) -> Floats:
    total: Floats = values.sum(axis=1) if weights is None else np.einsum("ij,ij->i", values, weights)
    return total


def _deviance(full: Floats, counts: Floats, mean: Floats, eta: Floats, weights: Floats | None) -> Floats:
    return 2 * (full - _total(counts * eta - mean, weights))
