"""Forecasts from every month of the past as they would have been made then, their record, and that from the last. Pure.

"Rolling origin": each forecast knows the counts up to its origin and nothing later; so do the weights of the mixture.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from amparo.warning.detection import Floats, Integers, Truths
from amparo.warning.forecast.baselines import BASELINES
from amparo.warning.forecast.candidates import Hurdle, decayed_past
from amparo.warning.forecast.neighbours import weigh_neighbours
from amparo.warning.forecast.outcomes import (
    BINS,
    lies_within,
    place_counts,
    reach_counts,
    score_crps,
    score_log,
    transform_randomly,
)
from amparo.warning.forecast.panels import Panel, carry_forward
from amparo.warning.forecast.pooling import pool_forecasts
from amparo.warning.forecast.record import (
    COVERED,
    FEWEST_ORIGINS,
    OURS,
    ForecastRecord,
    Scored,
    Withheld,
    is_shown,
    make_record,
    why_withheld,
)
from amparo.warning.problems import WarningRefused

# Months before the first forecast is made, and of one country before it is forecast.
FEWEST_MONTHS, _FEWEST_OF_COUNTRY = 60, 24
# Every forecast, ours and the naive ones, leaves this much for what any country has ever seen.
_FOR_THE_UNSEEN = 0.01
_SEED = 20070801
_SCORED_AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class CountryForecast:
    """`probability` is (horizons, bins) for 1 … months after the last; `shown` says for which it may be shown, and
    `withheld` why none of the country may.
    """

    country: str
    probability: Floats
    record: ForecastRecord | None
    shown: tuple[bool, ...]
    withheld: Withheld | None


@dataclass(frozen=True, slots=True)
class ForecastRun:
    """`records` are of all countries, by horizon; `overall` of all horizons. `weights` is (horizons, candidates)."""

    origin: int
    first_origin: int
    countries: tuple[CountryForecast, ...]
    records: tuple[ForecastRecord, ...]
    overall: ForecastRecord
    weights: Floats


# The last one takes part where there are conditions.
CANDIDATES = ("recent-months", "last-years", "last-12-months-negative-binomial", "hurdle", "hurdle-with-conditions")


def run_forecast(panel: Panel, horizons: int, first_origin: int | None = None) -> ForecastRun:
    """Forecasts of `panel` for 1 … `horizons` months, from the month at `first_origin` on (or a third of the panel).

    Raises WarningRefused where there are too few months to try forecasts on.
    """
    first = _choose_first(panel, horizons, first_origin)
    months = panel.counts.shape[1]
    origins = np.arange(first, months)
    came, known = _outcomes(panel.counts, origins, horizons)
    anything = _anything(panel.counts, origins)
    candidates = _candidates(panel, origins, horizons, anything)
    mixed, weights = pool_forecasts(candidates, came, known)
    scored = _score(panel, origins, mixed, came, known, anything)
    records = [make_record(scored, horizon=horizon) for horizon in range(horizons)]
    overall = make_record(scored)
    if overall is None or any(record is None for record in records):
        raise WarningRefused("panel-too-short", months=months, needed=months + horizons)
    by_horizon = tuple(record for record in records if record is not None)
    enough = np.isfinite(panel.counts).sum(axis=1) >= _FEWEST_OF_COUNTRY
    countries = tuple(
        _forecast_country(name, mixed[-1, number], make_record(scored, country=number), by_horizon)
        for number, name in enumerate(panel.countries)
        if enough[number] and np.isfinite(panel.counts[number, -1])
    )
    return ForecastRun(months - 1, first, countries, by_horizon, overall, weights)


def _choose_first(panel: Panel, horizons: int, first_origin: int | None) -> int:
    months: int = panel.counts.shape[1]
    latest = months - FEWEST_ORIGINS - horizons
    if latest < FEWEST_MONTHS:
        raise WarningRefused("panel-too-short", months=months, needed=FEWEST_MONTHS + FEWEST_ORIGINS + horizons)
    if first_origin is None:
        return min(max(FEWEST_MONTHS, months // 3), latest)
    if not FEWEST_MONTHS <= first_origin <= latest:
        raise WarningRefused(
            "first-too-early", earliest=str(panel.month(FEWEST_MONTHS)), latest=str(panel.month(latest))
        )
    return first_origin


def _forecast_country(
    name: str, probability: Floats, record: ForecastRecord | None, by_horizon: tuple[ForecastRecord, ...]
) -> CountryForecast:
    withheld = why_withheld(record)
    shown = tuple(withheld is None and is_shown(each) for each in by_horizon)
    return CountryForecast(name, probability, record, shown, withheld)


def _outcomes(counts: Floats, origins: Integers, horizons: int) -> tuple[Floats, Truths]:
    """What came (origins, countries, horizons), 0 where not known; and where it is, of countries with a history."""
    ahead = origins[:, None] + np.arange(1, horizons + 1)
    came = np.moveaxis(counts[:, np.minimum(ahead, counts.shape[1] - 1)], 0, 1)
    history = np.isfinite(counts).cumsum(axis=1)[:, origins].T >= _FEWEST_OF_COUNTRY
    known = (ahead < counts.shape[1])[:, None, :] & np.isfinite(came) & history[:, :, None]
    return np.where(known, came, 0.0), known


def _candidates(panel: Panel, origins: Integers, horizons: int, anything: Floats) -> Floats:
    """(candidates, origins, countries, horizons, bins), in half the memory: seven digits are enough."""
    counts = panel.counts
    neighbours, conditions = weigh_neighbours(panel.countries), carry_forward(panel.conditions)

    def hurdle(conditions: Floats) -> Floats:
        return Hurdle.of(counts, neighbours, conditions, panel.begin.month - 1).forecast(counts, origins, horizons)

    makers: list[Callable[[], Floats]] = [
        lambda: decayed_past(counts, origins, horizons, 2),
        lambda: decayed_past(counts, origins, horizons, 12),
        # The best naive one takes part: where nothing beats it, the mixture is it.
        lambda: BASELINES["last-12-months-negative-binomial"](counts, origins, horizons),
        lambda: hurdle(conditions[:, :, :0]),
    ]
    if conditions.shape[2]:
        # Beside the one without: conditions that tell nothing, or too much, must not spoil what does well.
        makers.append(lambda: hurdle(conditions))
    shape = (len(makers), len(origins), len(counts), horizons, len(BINS.low))
    candidates = np.empty(shape, dtype=np.float32)
    for number, make in enumerate(makers):
        candidates[number] = _left_for_unseen(make(), anything)
    return candidates  # type: ignore[return-value]


def _anything(counts: Floats, origins: Integers) -> Floats:
    """How often each count came so far in any country: (origins, bins)."""
    seen = place_counts(counts).sum(axis=0).cumsum(axis=0)[origins]
    share: Floats = seen / seen.sum(axis=-1, keepdims=True)
    return share


def _left_for_unseen(probability: Floats, anything: Floats) -> Floats:
    anything = anything[:, None, None, :]
    total = probability.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = np.where(total > 0, probability / total, anything)
    left: Floats = (1 - _FOR_THE_UNSEEN) * whole + _FOR_THE_UNSEEN * anything
    return left


def _score(panel: Panel, origins: Integers, mixed: Floats, came: Floats, known: Truths, anything: Floats) -> Scored:
    crps, log = {}, {}
    crps[OURS], log[OURS] = _scores(mixed, came)
    for name, baseline in BASELINES.items():
        naive = baseline(panel.counts, origins, came.shape[2])
        crps[name], log[name] = _scores(_left_for_unseen(naive, anything), came)
    transformed, random = np.empty(came.shape), np.random.default_rng(_SEED)
    held = {level: np.empty(came.shape, dtype=np.bool_) for level in COVERED}
    for part in _parts(len(origins)):
        fewer, at_most = reach_counts(mixed[part], came[part])
        transformed[part] = transform_randomly(fewer, at_most, random)
        for level, (low, high) in COVERED.items():
            held[level][part] = lies_within(fewer, at_most, low, high)
    years = np.array([panel.month(int(origin)).year for origin in origins])
    return Scored(crps, log, transformed, held, known, years)


def _scores(probability: Floats, came: Floats) -> tuple[Floats, Floats]:
    crps, log = np.empty(came.shape), np.empty(came.shape)
    for part in _parts(len(came)):
        crps[part], log[part] = score_crps(probability[part], came[part]), score_log(probability[part], came[part])
    return crps, log


def _parts(number: int) -> list[slice]:
    return [slice(start, start + _SCORED_AT_ONCE) for start in range(0, number, _SCORED_AT_ONCE)]
