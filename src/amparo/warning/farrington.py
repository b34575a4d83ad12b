"""Farrington's detector, as first described and as improved by Noufaily: is this count more than season and trend
explain?

Counts of the same season in the years before are fitted by a quasi-Poisson regression; counts that look like past
outbreaks weigh less; the bound is what a count passes with probability `alpha` where nothing has happened.

Sources: Farrington, Andrews, Beale & Catchpole, "A statistical algorithm for the early detection of outbreaks of
infectious disease", JRSS A 159 (1996) 547–563; Noufaily et al., "An improved algorithm for outbreak detection in
multiple surveillance systems", Statistics in Medicine 32 (2013) 1206–1222; Salmon, Schumacher & Höhle, "Monitoring
count time series in R", Journal of Statistical Software 70 (2016) 10, section 3.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from scipy import special

from amparo.warning.count_quantiles import count_quantile, probability_at_least
from amparo.warning.detection import Detection, Floats, Integers, Truths, require_history
from amparo.warning.quasi_poisson import SMALLEST_MEAN, Baseline, QuasiPoissonFits, fit_quasi_poisson
from amparo.warning.reference_times import References, ReferenceWindow, find_centres, lay_out_references

ThresholdMethod = Literal["delta", "nbPlugin", "muan"]
PowerTransformation = Literal["none", "1/2", "2/3"]

# A trend over less is a chance of two points.
_YEARS_FOR_TREND = 3
# Fits at once, so that memory stays bounded however many series there are.
_BATCH = 1024


@dataclass(frozen=True, slots=True)
class FarringtonSettings:
    """The defaults are those of Noufaily et al."""

    frequency: int
    years: int = 5
    half_width: int = 3
    periods: int = 10
    excluded: int = 26
    reweight: bool = True
    weights_threshold: float = 2.58
    trend: bool = True
    trend_threshold: float = 1.0
    alpha: float = 0.05
    method: ThresholdMethod = "nbPlugin"
    power: PowerTransformation = "2/3"
    # No alarm where fewer than this many came within this many periods.
    low_count: tuple[int, int] = (5, 4)
    # The interval of the paper of 1996: two-sided at alpha, the fitted mean's variance scaled by the dispersion. The
    # reference implementation of the flexible method scales it by the mean square of (count − mean) / mean instead, and
    # takes a one-sided interval; bounds agree with either only so.
    published_interval: bool = False

    @property
    def one_sided_alpha(self) -> float:
        return self.alpha / 2 if self.published_interval else self.alpha

    @property
    def window(self) -> ReferenceWindow:
        return ReferenceWindow(self.years, self.half_width, self.frequency, self.periods, self.excluded)


@dataclass(frozen=True, slots=True)
class FarringtonDetection(Detection):
    """Besides: dispersion (at least 1), whether the trend was kept, how surprising (see `tail`), the exceedance
    score.
    """

    dispersion: Floats
    trend: Truths
    tail: Floats
    score: Floats


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a fit expects of the judged time. Arrays are (batch,)."""

    mean: Floats
    # Of the log mean.
    error: Floats
    dispersion: Floats
    trend: Truths


def detect_farrington(
    counts: Floats, first: int, settings: FarringtonSettings, dates: Sequence[date] | None = None
) -> FarringtonDetection:
    """Judge `counts` (series, times) from the 1-based time `first` on. Raises ValueError for too short a history."""
    series, length = counts.shape
    require_history(first, settings.window.needed, length)
    shape = (series, length - first + 1)
    mean, error, dispersion = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    trend = np.zeros(shape, dtype=np.bool_)
    for references, positions in _positions_by_layout(settings.window, first - 1, length, dates):
        baseline = Baseline(references.period, references.offset / settings.frequency)
        rows, columns = (each.ravel() for each in np.meshgrid(np.arange(series), positions, indexing="ij"))
        for start in range(0, len(rows), _BATCH):
            part = slice(start, start + _BATCH)
            row, column = rows[part], columns[part]
            past = counts[row[:, None], column[:, None] + references.offset]
            forecast = forecast_counts(past, baseline, references.current, settings)
            at = (row, column - first + 1)
            mean[at], error[at], dispersion[at] = forecast.mean, forecast.error, forecast.dispersion
            trend[at] = forecast.trend
    judged = counts[:, first - 1 :]
    forecast = Forecast(mean, error, dispersion, trend)
    bound = set_bound(forecast, settings)
    tail = find_tail(judged, forecast, settings)
    too_few = _recent(counts, first, settings.low_count[1]) < settings.low_count[0]
    with np.errstate(all="ignore"):
        score = (judged - mean) / (bound - mean)
    shown = np.where(too_few, np.nan, bound)
    return FarringtonDetection(
        first=first,
        upperbound=shown,
        alarm=judged > shown,
        expected=np.where(too_few, np.nan, mean),
        dispersion=dispersion,
        trend=trend,
        tail=tail,
        score=score,
    )


def forecast_counts(past: Floats, baseline: Baseline, current: int, settings: FarringtonSettings) -> Forecast:
    """Fit each row of `past` (batch, references) and say what the judged time's period (`current`, at time 0) would
    bring.
    """
    fits = _fit_reweighted(past, baseline, settings, trend=settings.trend)
    mean, variance = _predict(fits, current, settings)
    dispersion = np.maximum(fits.dispersion, 1)
    kept = fits.converged & settings.trend
    if settings.trend:
        kept &= _keep_trend(fits, mean, past, baseline, settings)
        if not kept.all():
            left = ~kept
            without = _fit_reweighted(past[left], baseline, settings, trend=False)
            mean[left], variance[left] = _predict(without, current, settings)
            dispersion[left] = np.maximum(without.dispersion, 1)
            failed = np.flatnonzero(left)[~without.converged]
            mean[failed] = np.nan
    else:
        mean[~fits.converged] = np.nan
    return Forecast(mean, np.sqrt(variance), dispersion, kept)


def set_bound(forecast: Forecast, settings: FarringtonSettings) -> Floats:
    """The bound that a count passes with probability alpha where nothing has happened."""
    mean, above = forecast.mean, float(special.ndtri(1 - settings.one_sided_alpha))
    with np.errstate(all="ignore"):
        if settings.method == "delta":
            spread = np.sqrt(forecast.dispersion * mean + (mean * forecast.error) ** 2)
            power = _POWERS[settings.power]
            bound: Floats = mean * np.maximum(1 + power * above * spread / mean, 0) ** (1 / power)
            return bound
        return count_quantile(
            1 - settings.one_sided_alpha, _plugged_mean(forecast, above, settings), forecast.dispersion
        )


def find_tail(judged: Floats, forecast: Forecast, settings: FarringtonSettings) -> Floats:
    """How probable a count as high or higher is where nothing has happened."""
    mean = forecast.mean
    with np.errstate(all="ignore"):
        if settings.method == "delta":
            power = _POWERS[settings.power]
            spread = np.sqrt(forecast.dispersion * mean + (mean * forecast.error) ** 2)
            above: Floats = (judged**power - mean**power) / (power * mean ** (power - 1) * spread)
            tail: Floats = special.ndtr(-above)
            return tail
        plugged = _plugged_mean(forecast, float(special.ndtri(1 - settings.one_sided_alpha)), settings)
        return probability_at_least(judged, plugged, forecast.dispersion)


_POWERS: dict[str, float] = {"none": 1.0, "1/2": 1 / 2, "2/3": 2 / 3}


def _plugged_mean(forecast: Forecast, above: float, settings: FarringtonSettings) -> Floats:
    """The mean that counts are drawn from: as fitted, or, for muan, the upper bound of the fitted mean itself."""
    if settings.method == "nbPlugin":
        return forecast.mean
    raised: Floats = forecast.mean * np.exp(above * forecast.error)
    return raised


def _positions_by_layout(
    window: ReferenceWindow, begin: int, length: int, dates: Sequence[date] | None
) -> Iterator[tuple[References, Integers]]:
    """Positions judged, together where their references lie alike."""
    alike: dict[tuple[int, ...], list[int]] = {}
    for position in range(begin, length):
        alike.setdefault(find_centres(window, position, dates), []).append(position)
    for centres, positions in alike.items():
        yield lay_out_references(window, centres), np.array(positions)


def _fit_reweighted(past: Floats, baseline: Baseline, settings: FarringtonSettings, *, trend: bool) -> QuasiPoissonFits:
    fits = fit_quasi_poisson(past, baseline, trend=trend)
    if not settings.reweight:
        return fits
    weights = weigh_past(past, fits, baseline, settings.weights_threshold)
    return fit_quasi_poisson(past, baseline, weights, trend=trend)


def weigh_past(past: Floats, fits: QuasiPoissonFits, baseline: Baseline, threshold: float) -> Floats:
    """Less weight to what looks like past outbreaks: by standardised Anscombe residuals s, s⁻² where s passes the
    threshold.

    Farrington et al. (1996), section 3.6; weights add up to the number of counts.
    """
    with np.errstate(all="ignore"):
        mean, dispersion = fits.mean, np.maximum(fits.dispersion, 1)[:, None]
        root = np.sqrt(mean)
        residual = 1.5 * (np.cbrt(past * past) / np.cbrt(root) - root)
        standard = residual / np.sqrt(dispersion * (1 - fits.leverage(baseline)))
        weights = np.where(standard > threshold, 1 / (standard * standard), 1.0)
        scaled: Floats = weights * (weights.shape[1] / weights.sum(axis=1, keepdims=True))
    return scaled


def _predict(fits: QuasiPoissonFits, current: int, settings: FarringtonSettings) -> tuple[Floats, Floats]:
    with np.errstate(all="ignore"):
        eta, variance = fits.predict(current, 0.0)
        return np.maximum(np.exp(eta), SMALLEST_MEAN), variance * _scale(fits, settings)


def _scale(fits: QuasiPoissonFits, settings: FarringtonSettings) -> Floats:
    """What turns the variance of an estimate for dispersion 1 into that of these counts."""
    if settings.published_interval:
        return np.maximum(fits.dispersion, 1)
    return fits.relative_spread if settings.reweight else fits.dispersion


def _keep_trend(
    fits: QuasiPoissonFits, mean: Floats, past: Floats, baseline: Baseline, settings: FarringtonSettings
) -> Truths:
    """Whether the trend is significant, rests on enough years, and does not lead beyond all that was ever seen."""
    if settings.years < _YEARS_FOR_TREND:
        return np.zeros(len(mean), dtype=np.bool_)
    freedom = baseline.length - baseline.groups - 1
    with np.errstate(all="ignore"):
        ratio = fits.slope * np.sqrt(fits.trend_precision / _scale(fits, settings))
        significance = 2 * special.stdtr(freedom, -np.abs(ratio))
        significant = (significance < settings.trend_threshold) | (settings.trend_threshold >= 1)
        kept: Truths = fits.converged & significant & (mean <= past.max(axis=1))
    return kept


def _recent(counts: Floats, first: int, periods: int) -> Floats:
    """Sum of the last `periods` counts, the judged one included: (series, judged times)."""
    total = np.hstack((np.zeros((len(counts), 1)), counts.cumsum(axis=1)))
    ends = np.arange(first, counts.shape[1] + 1)
    recent: Floats = total[:, ends] - total[:, np.maximum(ends - periods, 0)]
    return recent
