"""What of the forecasts may be shown, country by country, each with its record; and why the others are not. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from amparo.warning.detection import Floats
from amparo.warning.forecast.outcomes import BINS, find_quantile
from amparo.warning.forecast.panels import Panel
from amparo.warning.forecast.record import ForecastRecord, Withheld, is_shown
from amparo.warning.forecast.rolling import CountryForecast, run_forecast
from amparo.warning.months import Month, read_month

HORIZONS = 6
_YEAR = 12
_LEVELS = (0.5, 0.25, 0.75, 0.05, 0.95)
# Why nothing is shown of a country, besides `Withheld`: nothing came for so long that there is nothing to forecast; the
# forecasts of all countries together are not good enough.
QUIET, ALL_POOR = "quiet", "all-poor"
_QUIET_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Ahead:
    """A month that lies `ahead` months after the last: `low` and `high` hold 50 and 90 % of what may come.

    `any` is the chance of at least one incident, `more` that of more than a month of the last year had.
    """

    ahead: int
    median: int
    low_50: int
    high_50: int
    low_90: int
    high_90: int
    any: float
    more: float


@dataclass(frozen=True, slots=True)
class Tried:
    """How such forecasts have done, beside the `best` naive one: the smaller a score, the better.

    `held` is the share of counts in the ranges that are shown, which hold at least 50 and 90 % where forecasts are
    right; `within` the same of ranges that would hold just 50 and 90 %: the calibration.
    """

    forecasts: int
    crps: float
    naive_crps: float
    best: str
    log: float
    naive_log: float
    held_50: float
    held_90: float
    within_50: float
    within_90: float
    shown: bool

    @property
    def skill(self) -> float:
        """How many times ours the error (CRPS) of the best naive one is."""
        return self.naive_crps / self.crps if self.crps else 1.0


@dataclass(frozen=True, slots=True)
class CountryOutlook:
    """`recent` are the counts of the last twelve months, `rate` their mean; None and not a number: not reported.

    `months` leaves out those of which nothing may be shown.
    """

    country: str
    rate: float
    recent: tuple[int | None, ...]
    tried: Tried
    months: tuple[Ahead, ...]


@dataclass(frozen=True, slots=True)
class Unshown:
    """A country of which nothing is shown, and why: one of `Withheld`, QUIET, ALL_POOR."""

    country: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """Forecasts from the end of the month `end`, tried from `first` on; of `withheld` countries none is shown.

    `tried` is of all countries, by months ahead. `state` tells of which records; `is_current` whether these still are
    those of the store.
    """

    first: Month
    end: Month
    countries: tuple[CountryOutlook, ...]
    withheld: tuple[Unshown, ...]
    tried: tuple[Tried, ...]
    state: str = ""
    is_current: bool = True


def look_ahead(panel: Panel, state: str = "") -> Outlook:
    """The outlook of `panel`, whose months are all over. Raises WarningRefused for too few months."""
    run = run_forecast(panel, HORIZONS)
    counts = dict(zip(panel.countries, panel.counts, strict=True))
    made = {each.country: each for each in run.countries}
    countries = tuple(
        _describe(each, counts[each.country][-_YEAR:], each.record)
        for each in run.countries
        if each.record is not None and any(each.shown)
    )
    shown = {each.country for each in countries}
    return Outlook(
        first=panel.month(run.first_origin),
        end=panel.month(run.origin),
        countries=countries,
        withheld=tuple(Unshown(name, _why(made.get(name), its)) for name, its in counts.items() if name not in shown),
        tried=tuple(_try(each, is_shown(each)) for each in run.records),
        state=state,
    )


def _why(each: CountryForecast | None, counts: Floats) -> str:
    if each is None:
        return Withheld.TOO_FEW
    if each.withheld is Withheld.NOT_BETTER and not np.nan_to_num(counts[-_QUIET_MONTHS:]).any():
        return QUIET
    return each.withheld or ALL_POOR


def _describe(each: CountryForecast, recent: Floats, record: ForecastRecord) -> CountryOutlook:
    rate = float(np.nanmean(recent)) if np.isfinite(recent).any() else float("nan")
    months = (
        _ahead(number, each.probability[number - 1].astype(np.float64), rate)
        for number, shown in enumerate(each.shown, 1)
        if shown
    )
    known = tuple(int(count) if np.isfinite(count) else None for count in recent)
    return CountryOutlook(each.country, rate, known, _try(record, True), tuple(months))


def _ahead(ahead: int, probability: Floats, rate: float) -> Ahead:
    median, low_50, high_50, low_90, high_90 = (int(find_quantile(probability, level)) for level in _LEVELS)
    return Ahead(
        ahead=ahead,
        median=median,
        low_50=low_50,
        high_50=high_50,
        low_90=low_90,
        high_90=high_90,
        any=_more_than(probability, 0),
        more=_more_than(probability, rate),
    )


def _more_than(probability: Floats, rate: float) -> float:
    """The chance of a count above `rate`; within a range counts are equally probable."""
    above = np.clip((BINS.high - np.maximum(np.floor(rate), BINS.low - 1)) / BINS.size, 0, 1)
    return float(np.clip((probability * above).sum() / probability.sum(), 0, 1))


def _try(record: ForecastRecord, shown: bool) -> Tried:
    best = record.best_baseline
    return Tried(
        forecasts=record.forecasts,
        crps=record.ours.crps,
        naive_crps=record.baselines[best].crps,
        best=best,
        log=record.ours.log,
        naive_log=record.best_log,
        held_50=record.held[0.5],
        held_90=record.held[0.9],
        within_50=record.coverage[0.5],
        within_90=record.coverage[0.9],
        shown=shown,
    )


def keep_outlook(outlook: Outlook) -> dict[str, Any]:
    """As plain values, for a file."""
    kept = asdict(outlook) | {"first": str(outlook.first), "end": str(outlook.end)}
    del kept["is_current"]
    return kept


def read_outlook(kept: Mapping[str, Any], state: str) -> Outlook:
    """What `keep_outlook` made. Raises ValueError, KeyError or TypeError for anything else."""
    first, end = read_month(kept["first"]), read_month(kept["end"])
    if first is None or end is None:
        raise ValueError
    return Outlook(
        first=first,
        end=end,
        countries=tuple(map(_read_country, kept["countries"])),
        withheld=tuple(Unshown(str(each["country"]), str(each["reason"])) for each in kept["withheld"]),
        tried=tuple(Tried(**each) for each in kept["tried"]),
        state=kept["state"],
        is_current=kept["state"] == state,
    )


def _read_country(kept: Mapping[str, Any]) -> CountryOutlook:
    months = tuple(Ahead(**each) for each in kept["months"])
    return CountryOutlook(kept["country"], float(kept["rate"]), tuple(kept["recent"]), Tried(**kept["tried"]), months)
