"""How good forecasts have been, beside the naive ones, and whether they may be shown. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from amparo.warning.detection import Floats, Truths

# Fewer forecasts tell nothing of their quality.
FEWEST_ORIGINS = 36
COVERED = {0.5: (0.25, 0.75), 0.9: (0.05, 0.95)}
# How far the share of counts in a range may be from what the range says. Of one country there are few: of a hundred
# forecasts that are right the shares are out by more than this once in three hundred times (three standard errors).
_TOLERANCE = {0.5: 0.1, 0.9: 0.1}
_TOLERANCE_OF_COUNTRY = {0.5: 0.15, 0.9: 0.1}
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """`crps` (of counts) and `log` are means over forecasts: the smaller the better."""

    crps: float
    log: float


@dataclass(frozen=True, slots=True)
class ForecastRecord:
    """Of forecasts so many months ahead (or of all), of one country (or of all).

    `coverage` is the share of the probability integral transform in the central 50 and 90 %, which it should be, and
    `spread` how it spreads over tenths: a tenth in each where the forecasts are right. `held` is the share of counts in
    the ranges of whole numbers that are shown, ends included: these hold at least what they say, and more where counts
    are small. `years_better` is the share of years in which the CRPS beats the best baseline's.
    """

    forecasts: int
    origins: int
    ours: Scores
    baselines: Mapping[str, Scores]
    coverage: Mapping[float, float]
    spread: tuple[float, ...]
    years_better: float
    held: Mapping[float, float]

    @property
    def best_log(self) -> float:
        """The best log score of a naive forecast."""
        return min(each.log for each in self.baselines.values())

    @property
    def best_baseline(self) -> str:
        """By CRPS."""
        return min(self.baselines, key=lambda name: self.baselines[name].crps)

    @property
    def skill(self) -> float:
        """How many times the best baseline's CRPS is ours: above 1 is better."""
        best = self.baselines[self.best_baseline].crps
        if self.ours.crps == 0:
            return 1.0 if best == 0 else float("inf")
        return best / self.ours.crps


def is_shown(record: ForecastRecord) -> bool:
    """Whether forecasts with this record, of all countries, may be shown: tried often enough, better than every
    baseline by both scores, in more than half of the years, and not much surer or less sure than they should be.
    """
    return (
        record.origins >= FEWEST_ORIGINS
        and _beats_baselines(record)
        and record.years_better > 0.5
        and _is_calibrated(record, _TOLERANCE)
    )


class Withheld(StrEnum):
    """Why forecasts of a country are not shown."""

    TOO_FEW = "too-few"
    NOT_BETTER = "not-better"
    NOT_CALIBRATED = "not-calibrated"


def why_withheld(record: ForecastRecord | None) -> Withheld | None:
    """Why forecasts of one country with this record may not be shown; None where they may.

    Of one country there are too few years for all that `is_shown` asks.
    """
    if record is None or record.origins < FEWEST_ORIGINS:
        return Withheld.TOO_FEW
    if not _beats_baselines(record):
        return Withheld.NOT_BETTER
    return None if _is_calibrated(record, _TOLERANCE_OF_COUNTRY) else Withheld.NOT_CALIBRATED


def _beats_baselines(record: ForecastRecord) -> bool:
    return all(record.ours.crps < each.crps and record.ours.log < each.log for each in record.baselines.values())


def _is_calibrated(record: ForecastRecord, tolerance: Mapping[float, float]) -> bool:
    return all(abs(share - level) <= tolerance[level] for level, share in record.coverage.items())


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of single forecasts: arrays are (origins, countries, horizons); `transformed` is the randomised
    probability integral transform, `held` says what lay in the ranges that are shown; `years` (origins,) is the year of
    each origin; what is not `known` counts for nothing.
    """

    crps: Mapping[str, Floats]
    log: Mapping[str, Floats]
    transformed: Floats
    held: Mapping[float, Truths]
    known: Truths
    years: Floats


OURS = "ours"


def make_record(scored: Scored, *, country: int | None = None, horizon: int | None = None) -> ForecastRecord | None:
    """The record of `horizon` (0 for one month ahead) and `country`, or of all; None where nothing is known."""
    chosen = np.zeros(scored.known.shape, dtype=np.bool_)
    at = (slice(None), slice(None) if country is None else country, slice(None) if horizon is None else horizon)
    chosen[at] = scored.known[at]
    if not chosen.any():
        return None
    scores = {
        name: Scores(float(scored.crps[name][chosen].mean()), float(scored.log[name][chosen].mean()))
        for name in scored.crps
    }
    transformed = scored.transformed[chosen]
    baselines = {name: each for name, each in scores.items() if name != OURS}
    best = min(baselines, key=lambda name: baselines[name].crps)
    return ForecastRecord(
        forecasts=int(chosen.sum()),
        origins=int(chosen.any(axis=(1, 2)).sum()),
        ours=scores[OURS],
        baselines=baselines,
        coverage={
            level: float(((transformed >= low) & (transformed <= high)).mean())
            for level, (low, high) in COVERED.items()
        },
        spread=tuple(float(share) for share in np.histogram(transformed, _TENTHS, (0, 1))[0] / len(transformed)),
        years_better=_years_better(scored.crps[OURS] - scored.crps[best], chosen, scored.years),
        held={level: float(its[chosen].mean()) for level, its in scored.held.items()},
    )


def _years_better(difference: Floats, chosen: Truths, years: Floats) -> float:
    """Years in which nothing tells the two apart count for neither."""
    sums = [difference[years == year][chosen[years == year]].sum() for year in np.unique(years)]
    told = [each for each in sums if each != 0]
    return float(np.mean([each < 0 for each in told])) if told else 0.0
