"""How good forecasts have been, beside the naive ones, and whether they may be shown. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from amparo.warning.detection import Floats, Truths

# Fewer forecasts tell nothing of their quality.
FEWEST_ORIGINS = 36
_COVERED = {0.5: (0.25, 0.75), 0.9: (0.05, 0.95)}
_COVERAGE_TOLERANCE = 0.1
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """`crps` (of counts) and `log` are means over forecasts: the smaller the better."""

    crps: float
    log: float


@dataclass(frozen=True, slots=True)
class ForecastRecord:
    """Of forecasts so many months ahead (or of all), of one country (or of all).

    `coverage` says how many of 100 counts lay in the central 50 and 90 %; `spread` is how the probability integral
    transform spreads over tenths: a tenth in each where the forecasts are right. `years_better` is the share of years
    in which the CRPS beats the best baseline's.
    """

    forecasts: int
    origins: int
    ours: Scores
    baselines: Mapping[str, Scores]
    coverage: Mapping[float, float]
    spread: tuple[float, ...]
    years_better: float

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
    """Whether forecasts with this record may be shown: tried often enough, better than every baseline by both scores,
    in more than half of the years, and not much surer or less sure than they should be.
    """
    return (
        record.origins >= FEWEST_ORIGINS
        and all(record.ours.crps < each.crps and record.ours.log < each.log for each in record.baselines.values())
        and record.years_better > 0.5
        and all(abs(share - level) <= _COVERAGE_TOLERANCE for level, share in record.coverage.items())
    )


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of single forecasts: arrays are (origins, countries, horizons); `transformed` is the randomised
    probability integral transform; `years` (origins,) the year of each origin; what is not `known` counts for nothing.
    """

    crps: Mapping[str, Floats]
    log: Mapping[str, Floats]
    transformed: Floats
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
            for level, (low, high) in _COVERED.items()
        },
        spread=tuple(float(share) for share in np.histogram(transformed, _TENTHS, (0, 1))[0] / len(transformed)),
        years_better=_years_better(scored.crps[OURS] - scored.crps[best], chosen, scored.years),
    )


def _years_better(difference: Floats, chosen: Truths, years: Floats) -> float:
    """Years in which nothing tells the two apart count for neither."""
    sums = [difference[years == year][chosen[years == year]].sum() for year in np.unique(years)]
    told = [each for each in sums if each != 0]
    return float(np.mean([each < 0 for each in told])) if told else 0.0
