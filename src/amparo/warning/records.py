"""What each detector is worth on series like these, at one rate of false alarms. Pure.

At its nominal level one detector cries in vain once in a hundred months and another ten times: compared so, the one
that cries most finds most. Here each detector's level is set on simulated series without outbreaks, so that all cry in
vain equally often; other simulated series then tell how often each still does, and how many outbreaks it finds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from amparo.warning.bayes import BayesSettings, PooledBayesSettings, detect_bayes, detect_pooled_bayes
from amparo.warning.cusum import CusumSettings, detect_cusum
from amparo.warning.detection import Floats, Truths
from amparo.warning.ears import EarsSettings, detect_ears
from amparo.warning.evaluation import Record, measure_record
from amparo.warning.farrington import FarringtonSettings, detect_farrington
from amparo.warning.problems import WarningRefused

# Alarms (series, times from `first` on) of counts, at a level.
Alarms = Callable[[Floats, int, float], Truths]

HISTORY, JUDGED = 60, 60
FIRST = 2 * HISTORY + 1
NOMINAL, MATCHED = 0.01, 0.01
_HALVINGS = 14
_LEVELS = (1e-8, 0.49)
_FARRINGTON = FarringtonSettings(frequency=12, years=5, half_width=1, excluded=3, low_count=(0, 4))
# CUSUM has no level: h is that of the reference, 2.26, at this one.
_CUSUM_H, _CUSUM_LEVEL = 2.26, 4.567


def _pooled(history: int, *, overdispersed: bool = False, robust: bool = False) -> Alarms:
    def detect(counts: Floats, first: int, level: float) -> Truths:
        settings = PooledBayesSettings(history, 0, level, overdispersed, robust)
        return detect_pooled_bayes(counts, first, settings).alarm

    return detect


def _ears(method: str, deviation: float) -> Alarms:
    chosen = EarsSettings("C2" if method == "C2" else "C1", 7, deviation)
    return lambda counts, first, level: detect_ears(counts, first, replace(chosen, alpha=level)).alarm


def _bayes(months: int) -> Alarms:
    return lambda counts, first, level: detect_bayes(counts, first, BayesSettings(12, 0, months, True, level)).alarm


def _farrington(low_count: tuple[int, int]) -> Alarms:
    return lambda counts, first, level: (
        detect_farrington(counts, first, replace(_FARRINGTON, alpha=level, low_count=low_count)).alarm
    )


def _cusum(counts: Floats, first: int, level: float) -> Truths:
    return detect_cusum(counts, first, CusumSettings(h=float(-np.log(level)) * _CUSUM_H / _CUSUM_LEVEL)).alarm


WATCHING = "bayes-pooled, 60 months, robust"
TRIED: Mapping[str, Alarms] = MappingProxyType(
    {
        "farrington": _farrington((0, 4)),
        "farrington, with limit54": _farrington((5, 4)),
        "ears-c1": _ears("C1", 0),
        "ears-c1, minSigma 0.5": _ears("C1", 0.5),
        "ears-c2, minSigma 0.5": _ears("C2", 0.5),
        "cusum": _cusum,
        "bayes, 12 months": _bayes(12),
        "bayes, 60 months": _bayes(60),
        "bayes-pooled, 12 months": _pooled(12),
        "bayes-pooled, 60 months": _pooled(60),
        "bayes-pooled, 60 months, overdispersion": _pooled(60, overdispersed=True),
        WATCHING: _pooled(60, overdispersed=True, robust=True),
    }
)


@dataclass(frozen=True, slots=True)
class Simulated:
    """Series (series, times) without an outbreak and with one, and where its counts fell in the judged times."""

    without: Floats
    with_outbreak: Floats
    outbreak: Truths


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """Rates are gamma with `shape` and `mean`, at most `largest`; counts vary `dispersion` times as much as chance
    makes them, with a season of ± `season`; an outbreak has about `outbreak` counts within `lasts` months.
    """

    series: int = 600
    shape: float = 0.6
    mean: float = 0.15
    largest: float = 0.5
    dispersion: float = 1.2
    season: float = 0.2
    outbreak: float = 4.0
    lasts: int = 3


def simulate(settings: SimulationSettings, seed: int) -> Simulated:
    """Invented series of `FIRST` − 1 months of history and `JUDGED` − 1 more that are judged."""
    random = np.random.default_rng(seed)
    months = FIRST + JUDGED - 1
    gamma = random.gamma(settings.shape, settings.mean / settings.shape, (settings.series, 1))
    rate = np.minimum(gamma, settings.largest)
    season = 1 + settings.season * np.cos(2 * np.pi * np.arange(months) / 12)
    size = rate * season / (settings.dispersion - 1) + 1e-12
    without = random.negative_binomial(size, 1 / settings.dispersion).astype(float)
    more = np.zeros_like(without)
    begin = random.integers(FIRST - 1, months - settings.lasts + 1, settings.series)
    for series, number in enumerate(np.maximum(random.poisson(settings.outbreak, settings.series), 1)):
        np.add.at(more[series], begin[series] + random.integers(0, settings.lasts, number), 1)
    return Simulated(without, without + more, more[:, FIRST - 1 :] > 0)


def settings_like(counts: Floats) -> SimulationSettings:
    """Settings that give series like `counts` (series, times): moments of their rates, and their dispersion.

    Raises WarningRefused where nothing was ever counted.
    """
    means = counts.mean(axis=1)
    if counts.shape[1] < 2 or not means.any():
        raise WarningRefused("nothing-counted")
    within = counts.var(axis=1, ddof=1).sum() / means.sum()
    # What rates differ by beyond what chance makes their means differ.
    between = max(float(means.var() - within * means.mean() / counts.shape[1]), 1e-9)
    return SimulationSettings(
        shape=float(np.clip(means.mean() ** 2 / between, 0.05, 50)),
        mean=float(means.mean()),
        largest=float(means.max()) * 1.5,
        dispersion=float(np.clip(within, 1.05, 10)),
    )


@dataclass(frozen=True, slots=True)
class DetectorRecord:
    """A detector's `nominal` record at alpha 0.01, and its record `matched` to one rate of false alarms, at `level`.

    Standard errors are those of the simulation. `months_late` is the mean of months from an outbreak's first count to
    the alarm, of those that are found.
    """

    detector: str
    nominal: Record
    level: float
    matched: Record
    false_error: float
    detected_error: float
    months_late: float


def measure_detectors(
    settings: SimulationSettings,
    detectors: Mapping[str, Alarms] = TRIED,
    rate: float = MATCHED,
    seeds: tuple[int, int] = (1, 2),
) -> list[DetectorRecord]:
    """The record of each detector: levels are set with the first seed, and measured with the second."""
    calibration, trial = (simulate(settings, seed) for seed in seeds)
    return [_measure(name, alarms, calibration, trial, rate) for name, alarms in detectors.items()]


def _measure(name: str, alarms: Alarms, calibration: Simulated, trial: Simulated, rate: float) -> DetectorRecord:
    level = match_level(alarms, calibration.without, rate)
    without, with_outbreak = (alarms(each, FIRST, level) for each in (trial.without, trial.with_outbreak))
    together = np.zeros(len(without))
    matched = measure_record(without, with_outbreak, trial.outbreak, together)
    nominal = measure_record(
        alarms(trial.without, FIRST, NOMINAL), alarms(trial.with_outbreak, FIRST, NOMINAL), trial.outbreak, together
    )
    number = len(without)
    return DetectorRecord(
        detector=name,
        nominal=nominal,
        level=level,
        matched=matched,
        false_error=float(without.mean(axis=1).std() / np.sqrt(number)),
        detected_error=float(np.sqrt(matched.detected * (1 - matched.detected) / number)),
        months_late=_months_late(with_outbreak, trial.outbreak),
    )


def match_level(alarms: Alarms, counts: Floats, rate: float) -> float:
    """The highest level at which at most `rate` of the judged months raise an alarm in vain."""
    low, high = np.log(_LEVELS[0]), np.log(_LEVELS[1])
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if alarms(counts, FIRST, float(np.exp(middle))).mean() > rate:
            high = middle
        else:
            low = middle
    return float(np.exp(low))


def _months_late(alarm: Truths, outbreak: Truths) -> float:
    found = (alarm & outbreak).any(axis=1)
    if not found.any():
        return float("nan")
    late = (alarm & outbreak)[found].argmax(axis=1) - outbreak[found].argmax(axis=1)
    return float(late.mean())
