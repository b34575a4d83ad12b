"""Bayesian detectors for sparse series: what the next count may be, given the counts of the same season.

`detect_bayes` takes each series by itself, with Jeffreys' prior for a Poisson rate: the next count is negative
binomial. `detect_pooled_bayes` lets series lend each other what they have: rates of all come from one gamma
distribution, which is fitted to them, so that a place with two counts in ten years is neither taken for safe nor for
a place of which nothing is known.

Sources: Höhle, "surveillance: An R package for the monitoring of infectious diseases", Computational Statistics 22
(2007) 571–582, section 3 (the predictive distribution under Jeffreys' prior); Heisterkamp, Dekkers & Heijne,
"Automated detection of infectious disease outbreaks: hierarchical time series models", Statistics in Medicine 25
(2006) 4179–4196; Clayton & Kaldor, "Empirical Bayes estimates of age-standardized relative risks", Biometrics 43
(1987) 671–681 (gamma–Poisson).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from amparo.warning.count_quantiles import count_quantile, probability_at_least
from amparo.warning.detection import Detection, Floats, Integers, require_history
from amparo.warning.reference_times import SameSeason

# Jeffreys' prior of a Poisson rate is gamma with this shape, and rate 0.
_JEFFREYS_SHAPE = 0.5
_SMALLEST_SHAPE, _LARGEST_SHAPE = 1e-3, 1e4
_HALVINGS = 40
# From so many counts on a series' own dispersion weighs more than that of all.
_COUNTS_FOR_DISPERSION, _FEWEST_FOR_DISPERSION = 30, 5
# A past count above this quantile of what is usual is taken for one at it.
_UNUSUAL = 0.995


@dataclass(frozen=True, slots=True)
class BayesSettings(SameSeason):
    """Which counts are compared with, and the level."""

    alpha: float = 0.05


@dataclass(frozen=True, slots=True)
class BayesDetection(Detection):
    """Besides: how probable a count as high or higher is where nothing has happened, and the dispersion of the next
    count (variance = dispersion · mean).
    """

    tail: Floats
    dispersion: Floats


def detect_bayes(counts: Floats, first: int, settings: BayesSettings) -> BayesDetection:
    """Judge `counts` (series, times) from the 1-based time `first` on. Raises ValueError for too short a history."""
    offsets = settings.offsets
    require_history(first, settings.needed, counts.shape[1])
    positions = np.arange(first - 1, counts.shape[1])
    total = counts[:, positions[:, None] + offsets].sum(axis=2)
    # Posterior gamma(shape, rate): the next count has mean shape / rate and variance mean · (1 + 1 / rate).
    mean = (_JEFFREYS_SHAPE + total) / len(offsets)
    spread = np.full(mean.shape, 1 + 1 / len(offsets))
    judged = counts[:, first - 1 :]
    bound = count_quantile(1 - settings.alpha, mean, spread)
    return BayesDetection(
        first=first,
        upperbound=bound,
        alarm=judged > bound,
        expected=mean,
        tail=probability_at_least(judged, mean, spread),
        dispersion=spread,
    )


@dataclass(frozen=True, slots=True)
class PooledBayesSettings:
    """`history` counts before the judged one, but for the last `excluded`.

    With `overdispersed`, counts of one series may come in clusters: fewer alarms without cause, and fewer with one.
    How much they do is one number for all series.

    With `robust` each series has its own dispersion, as far as its counts tell it, and past outbreaks are taken for no
    more than an unusual month: else one massacre would make the next ones look usual, here and everywhere.
    """

    history: int = 60
    excluded: int = 0
    alpha: float = 0.05
    overdispersed: bool = False
    robust: bool = False


def detect_pooled_bayes(counts: Floats, first: int, settings: PooledBayesSettings) -> BayesDetection:
    """Judge `counts` (series, times) from the 1-based time `first` on; the series are what is pooled.

    A rate has the gamma distribution of all rates as its prior. Counts that come in clusters (dispersion above 1, one
    for all series) tell as much of their rate as that many fewer counts. Raises ValueError for too short a history.
    """
    span = settings.history
    require_history(first, span + settings.excluded, counts.shape[1])
    begins = np.arange(first - 1, counts.shape[1]) - span - settings.excluded
    if settings.robust:
        total, dispersion = _robust_totals(counts, begins, span, settings.overdispersed)
    else:
        total = _sums(counts, begins, span)
        common = _common_dispersion(counts, begins, span) if settings.overdispersed else np.ones(len(begins))
        dispersion = np.broadcast_to(common, total.shape)
    mean, spread = _predict(total, dispersion, span)
    judged = counts[:, first - 1 :]
    bound = count_quantile(1 - settings.alpha, mean, spread)
    return BayesDetection(
        first=first,
        upperbound=bound,
        alarm=judged > bound,
        expected=mean,
        tail=probability_at_least(judged, mean, spread),
        dispersion=spread,
    )


def _predict(total: Floats, dispersion: Floats, span: int) -> tuple[Floats, Floats]:
    """Mean and dispersion of the next count, given totals over `span` counts. Arrays are (series, positions)."""
    # The prior is fitted to what the totals tell where clusters are as in most series.
    common = np.median(dispersion, axis=0)
    told = total / common
    shape, mean_told = _fit_gamma_shape(told), told.mean(axis=0)
    with np.errstate(all="ignore"):
        rate = shape * span / common / mean_told
    # Where no series has counted anything there is nothing to learn a prior from, and Jeffreys' is left.
    shape, rate = np.where(mean_told > 0, shape, _JEFFREYS_SHAPE), np.where(mean_told > 0, rate, 0.0)
    time = span / dispersion
    return (shape + total / dispersion) / (rate + time), dispersion + 1 / (rate + time)


def _common_dispersion(counts: Floats, begins: Integers, span: int) -> Floats:
    """How much more counts vary about their series' means than chance makes them, at least 1; one for all series.

    Of one sparse series by itself no dispersion can be told.
    """
    total, squares = _sums(counts, begins, span), _sums(counts**2, begins, span)
    with np.errstate(all="ignore"):
        within = (squares - total**2 / span).sum(axis=0)
        dispersion: Floats = np.fmax(within / (total.sum(axis=0) * (1 - 1 / span)), 1)
    return dispersion


def _robust_totals(counts: Floats, begins: Integers, span: int, overdispersed: bool) -> tuple[Floats, Floats]:
    """Totals and dispersions (series, positions) in which no past count is more than a very unusual one."""
    total, dispersion = np.empty((len(counts), len(begins))), np.empty((len(counts), len(begins)))
    for position, begin in enumerate(begins):
        past = counts[:, begin : begin + span]
        usual = np.full(len(past), _middle_dispersion(past) if overdispersed else 1.0)
        mean = np.maximum(past.mean(axis=1), past.mean())
        past = np.minimum(past, np.maximum(count_quantile(_UNUSUAL, mean, usual), 1)[:, None])
        total[:, position] = past.sum(axis=1)
        dispersion[:, position] = _own_dispersions(past) if overdispersed else 1.0
    return total, dispersion


def _middle_dispersion(past: Floats) -> float:
    """That of the series in the middle, each weighing as much as it counted: no single outbreak moves it."""
    total = past.sum(axis=1)
    enough = total >= _FEWEST_FOR_DISPERSION
    if not enough.any():
        return 1.0
    own = past[enough].var(axis=1, ddof=1) / past[enough].mean(axis=1)
    order = np.argsort(own)
    weight = total[enough][order].cumsum()
    return max(float(own[order][np.searchsorted(weight, weight[-1] / 2)]), 1.0)


def _own_dispersions(past: Floats) -> Floats:
    """The dispersion of each series, drawn towards that of all the fewer its counts are; at least 1."""
    total, variance = past.sum(axis=1), past.var(axis=1, ddof=1)
    counted = float(total.sum())
    common = max(float(variance.sum()) * past.shape[1] / counted, 1.0) if counted else 1.0
    own = np.divide(variance * past.shape[1], total, out=np.full(len(past), common), where=total > 0)
    share = total / (total + _COUNTS_FOR_DISPERSION)
    dispersion: Floats = np.maximum(share * own + (1 - share) * common, 1)
    return dispersion


def _sums(values: Floats, begins: Integers, span: int) -> Floats:
    """Sums of `span` values from each position of `begins`: (series, positions)."""
    added = np.hstack((np.zeros((len(values), 1)), values.cumsum(axis=1)))
    sums: Floats = added[:, begins + span] - added[:, begins]
    return sums


def _fit_gamma_shape(told: Floats) -> Floats:
    """Shape of the gamma distribution of rates by maximum likelihood, for each column of counts (series, times).

    The likelihood of negative binomial counts has its maximum over the mean at their mean, whatever the shape; its
    derivative in the shape falls through 0 once, and is halved into here. Counts no more different than chance makes
    them give the largest shape: all series are taken for one.
    """
    mean = told.mean(axis=0)
    low, high = np.full(mean.shape, np.log(_SMALLEST_SHAPE)), np.full(mean.shape, np.log(_LARGEST_SHAPE))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        shape = np.exp(middle)
        with np.errstate(all="ignore"):
            slope = (special.digamma(told + shape) - special.digamma(shape)).mean(axis=0) - np.log1p(mean / shape)
        low, high = np.where(slope > 0, middle, low), np.where(slope > 0, high, middle)
    found: Floats = np.exp((low + high) / 2)
    return found
