"""What of the forecasts may be shown, country by country, each with its record. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from amparo.warning.detection import Floats
from amparo.warning.forecast.outcomes import BINS, find_quantile
from amparo.warning.forecast.panels import Panel
from amparo.warning.forecast.record import ForecastRecord, is_shown
from amparo.warning.forecast.rolling import CountryForecast, run_forecast
from amparo.warning.months import Month, read_month

HORIZONS = 6
_YEAR = 12
_LEVELS = (0.5, 0.25, 0.75, 0.05, 0.95)


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
    """How such forecasts have done: `skill` is how many times theirs the error of the `best` naive one is.

    `within_50` and `within_90` are the shares of counts that lay in the ranges.
    """

    forecasts: int
    skill: float
    best: str
    within_50: float
    within_90: float
    shown: bool


@dataclass(frozen=True, slots=True)
class CountryOutlook:
    """`rate` is the mean of the last twelve months. `months` leaves out those of which nothing may be shown."""

    country: str
    rate: float
    tried: Tried
    months: tuple[Ahead, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Forecasts from the end of the month `end`, tried from `first` on; `withheld` countries have none that is shown.

    `tried` is of all countries, by months ahead. `state` tells of which records; `is_current` whether these still are
    those of the store.
    """

    first: Month
    end: Month
    countries: tuple[CountryOutlook, ...]
    withheld: int
    tried: tuple[Tried, ...]
    state: str = ""
    is_current: bool = True


def look_ahead(panel: Panel, state: str = "") -> Outlook:
    """The outlook of `panel`, whose months are all over. Raises WarningRefused for too few months."""
    run = run_forecast(panel, HORIZONS)
    place = {name: number for number, name in enumerate(panel.countries)}
    countries = tuple(
        _describe(each, float(np.nanmean(panel.counts[place[each.country], -_YEAR:])), each.record)
        for each in run.countries
        if each.record is not None and any(each.shown)
    )
    return Outlook(
        first=panel.month(run.first_origin),
        end=panel.month(run.origin),
        countries=countries,
        withheld=len(panel.countries) - len(countries),
        tried=tuple(_try(each, is_shown(each)) for each in run.records),
        state=state,
    )


def _describe(each: CountryForecast, rate: float, record: ForecastRecord) -> CountryOutlook:
    months = (
        _ahead(number, each.probability[number - 1].astype(np.float64), rate)
        for number, shown in enumerate(each.shown, 1)
        if shown
    )
    return CountryOutlook(each.country, rate, _try(record, True), tuple(months))


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
    within = record.coverage
    return Tried(record.forecasts, record.skill, record.best_baseline, within[0.5], within[0.9], shown)


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
        withheld=int(kept["withheld"]),
        tried=tuple(Tried(**each) for each in kept["tried"]),
        state=kept["state"],
        is_current=kept["state"] == state,
    )


def _read_country(kept: Mapping[str, Any]) -> CountryOutlook:
    months = tuple(Ahead(**each) for each in kept["months"])
    return CountryOutlook(kept["country"], float(kept["rate"]), Tried(**kept["tried"]), months)
