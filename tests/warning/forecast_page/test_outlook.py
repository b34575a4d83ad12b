"""Of the forecasts only those with a good record are told; months that are not over count for nothing."""

import json

import numpy as np
import pyarrow as pa
import pytest

from amparo.warning.forecast.outcomes import BINS, place_counts
from amparo.warning.forecast.panels import Panel
from amparo.warning.forecast.rolling import run_forecast
from amparo.warning.forecast_page.forecasting import make_panel
from amparo.warning.forecast_page.outlook import HORIZONS, Outlook, _more_than, keep_outlook, look_ahead, read_outlook
from amparo.warning.months import Month
from amparo.warning.problems import WarningRefused

COUNTRIES = ("COL", "ECU", "PER", "BRA")


def make_waves(months: int = 130, seed: int = 1) -> Panel:
    """Invented: levels that wander, with months of nothing."""
    random = np.random.default_rng(seed)
    level = np.exp(random.normal(0, 1, (8, 1)) + random.normal(0, 0.35, (8, months)).cumsum(axis=1) / 2)
    counts = random.negative_binomial(1, 1 / (1 + level)) * (random.random(level.shape) < 0.6)
    counts = np.minimum(counts[: len(COUNTRIES)], 6).astype(float)
    return Panel(COUNTRIES, Month(2010, 1), counts, np.zeros((*counts.shape, 0)))


@pytest.fixture(scope="module")
def panel() -> Panel:
    return make_waves()


@pytest.fixture(scope="module")
def outlook(panel: Panel) -> Outlook:
    return look_ahead(panel, "a state")


def test_it_works(panel: Panel, outlook: Outlook) -> None:
    run = run_forecast(panel, HORIZONS)
    shown = {each.country: each for each in run.countries if any(each.shown)}
    assert 0 < len(shown) < len(COUNTRIES)
    assert [each.country for each in outlook.countries] == list(shown)
    assert sorted([*shown, *(each.country for each in outlook.withheld)]) == sorted(COUNTRIES)
    assert str(outlook.end) == "2020-10"
    for each in outlook.countries:
        its = shown[each.country]
        assert [month.ahead for month in each.months] == [n for n, told in enumerate(its.shown, 1) if told]
        assert each.tried.skill > 1
        assert its.record is not None
        assert each.tried.forecasts == its.record.forecasts
        assert each.rate == panel.counts[COUNTRIES.index(each.country), -12:].mean()
        for month in each.months:
            assert month.low_90 <= month.low_50 <= month.median <= month.high_50 <= month.high_90
            assert month.any == pytest.approx(1 - its.probability[month.ahead - 1][0], abs=1e-5)
            assert 0 <= month.more <= month.any <= 1


def test_noise_that_no_forecast_foresees_is_not_told() -> None:
    random = np.random.default_rng(5)
    counts = random.poisson(0.7, (4, 110)).astype(float)
    told = look_ahead(Panel(COUNTRIES, Month(2010, 1), counts, np.zeros((4, 110, 0))))
    assert told.countries == ()
    assert [each.country for each in told.withheld] == list(COUNTRIES)
    assert len(told.tried) == HORIZONS


def test_too_few_months_are_refused() -> None:
    with pytest.raises(WarningRefused) as refused:
        look_ahead(make_waves(months=101))
    assert (refused.value.code, refused.value.details) == ("panel-too-short", {"months": 101, "needed": 102})


def test_what_is_kept_is_read_again(outlook: Outlook) -> None:
    kept = json.loads(json.dumps(keep_outlook(outlook)))
    assert read_outlook(kept, "a state") == outlook
    assert not read_outlook(kept, "another").is_current


@pytest.mark.parametrize(("rate", "chance"), [(0, 0.75), (0.9, 0.75), (1, 0.5), (2.5, 0.5), (3, 0.25), (99, 0.0)])
def test_the_chance_of_more_than_a_rate(rate: float, chance: float) -> None:
    probability = place_counts(np.array([0.0, 1.0, 3.0, 5.0])).mean(axis=0)
    assert _more_than(probability, rate) == pytest.approx(chance)


def test_the_chance_of_more_within_a_range_of_counts() -> None:
    (wide,) = np.flatnonzero((BINS.low <= 40) & (BINS.high >= 40))
    probability = np.zeros(len(BINS.low))
    probability[wide] = 1
    assert _more_than(probability, BINS.low[wide]) == pytest.approx(1 - 1 / BINS.size[wide])


def make_plane(*months: str | None, country: str = "COL") -> pa.Table:
    numbers = [month and int(month[:4]) * 12 + int(month[5:]) - 1 for month in months]
    return pa.table(
        {
            "country": [country] * len(months),
            "incident_id": list(range(len(months))),
            "year": [month and int(month[:4]) for month in months],
            "month_number": pa.array(numbers, pa.int64()),
            "recorded": pa.array(numbers, pa.int64()),
        }
    )


def test_a_month_that_is_not_over_does_not_count() -> None:
    panel = make_panel(make_plane("2020-01", "2020-03", "2020-04", None), Month(2020, 3), goes_on=False)
    assert (str(panel.begin), panel.counts.tolist()) == ("2020-01", [[1, 0, 1]])


def test_what_goes_on_has_quiet_months_and_what_ended_has_not() -> None:
    plane = make_plane("2020-01", "2020-03")
    assert make_panel(plane, Month(2020, 5), goes_on=True).counts.tolist() == [[1, 0, 1, 0, 0]]
    assert make_panel(plane, Month(2020, 5), goes_on=False).counts.tolist() == [[1, 0, 1]]
    assert make_panel(plane, Month(2021, 4), goes_on=True).counts.tolist() == [[1, 0, 1]]


def test_of_a_long_series_the_end_counts() -> None:
    panel = make_panel(make_plane("1948-01", "2019-12"), Month(2020, 5), goes_on=False)
    assert (str(panel.begin), panel.counts.shape, panel.counts.sum()) == ("1990-01", (1, 360), 1)


def test_of_many_countries_the_end_counts() -> None:
    planes = [make_plane("1991-01", "2020-05", country=f"{number}") for number in range(200)]
    for number, plane in enumerate(planes):
        planes[number] = plane.set_column(1, "incident_id", pa.array([2 * number, 2 * number + 1]))
    panel = make_panel(pa.concat_tables(planes), Month(2020, 5), goes_on=False)
    assert (panel.counts.shape, str(panel.begin), panel.counts.sum()) == ((200, 180), "2005-06", 200)


@pytest.mark.parametrize("plane", [make_plane(None), make_plane("2020-06"), make_plane("2019-01", country="unknown")])
def test_records_without_a_country_or_a_month_that_is_over_are_refused(plane: pa.Table) -> None:
    with pytest.raises(WarningRefused, match="no-rows"):
        make_panel(plane, Month(2020, 5), goes_on=True)
