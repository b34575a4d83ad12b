"""Forecasts know nothing of what came later, are right where the model is, and are shown only with a good record."""

from dataclasses import replace

import numpy as np
import pytest

from amparo.warning.detection import Floats, Integers
from amparo.warning.forecast.baselines import BASELINES
from amparo.warning.forecast.candidates import Hurdle, decayed_past
from amparo.warning.forecast.neighbours import weigh_neighbours
from amparo.warning.forecast.outcomes import place_counts
from amparo.warning.forecast.panels import Panel
from amparo.warning.forecast.pooling import pool_forecasts
from amparo.warning.forecast.record import ForecastRecord, Scores, is_shown, why_withheld
from amparo.warning.forecast.rolling import ForecastRun, run_forecast
from amparo.warning.months import Month
from amparo.warning.problems import WarningRefused

MONTHS, HORIZONS = 168, 2
COUNTRIES = ("COL", "ECU", "PER", "BRA", "VEN", "PAN", "MDG", "MUS")


def make_panel(seed: int = 1, months: int = MONTHS) -> Panel:
    """Invented: levels that wander, with many months of nothing."""
    random = np.random.default_rng(seed)
    level = np.exp(random.normal(0, 1, (len(COUNTRIES), 1)) + random.normal(0, 0.35, (8, months)).cumsum(axis=1) / 2)
    counts = random.negative_binomial(1, 1 / (1 + level)) * (random.random(level.shape) < 0.6)
    return Panel(COUNTRIES, Month(2000, 1), counts.astype(float), np.zeros((*counts.shape, 0)))


@pytest.fixture(scope="module")
def run() -> ForecastRun:
    return run_forecast(make_panel(), HORIZONS)


def test_it_works(run: ForecastRun) -> None:
    assert [each.country for each in run.countries] == list(COUNTRIES)
    assert all(each.probability.shape[0] == HORIZONS for each in run.countries)
    assert len(run.records) == HORIZONS
    for each in run.countries:
        np.testing.assert_allclose(each.probability.sum(axis=-1), 1, rtol=1e-5)


def test_forecasts_are_as_sure_as_they_should_be(run: ForecastRun) -> None:
    assert run.overall.coverage[0.5] == pytest.approx(0.5, abs=0.06)
    assert run.overall.coverage[0.9] == pytest.approx(0.9, abs=0.05)
    assert sum(run.overall.spread) == pytest.approx(1)
    assert max(run.overall.spread) < 0.16


def test_the_record_stands_beside_all_naive_forecasts(run: ForecastRun) -> None:
    assert set(run.overall.baselines) == set(BASELINES)
    assert run.overall.skill == pytest.approx(
        min(each.crps for each in run.overall.baselines.values()) / run.overall.ours.crps
    )


def forecast_each_way(counts: Floats, origins: Integers) -> dict[str, Floats]:
    hurdle = Hurdle.of(counts, weigh_neighbours(COUNTRIES), np.zeros((*counts.shape, 0)), 0)
    return {name: baseline(counts, origins, HORIZONS) for name, baseline in BASELINES.items()} | {
        "decayed": decayed_past(counts, origins, HORIZONS, 3),
        "hurdle": hurdle.forecast(counts, origins, HORIZONS),
    }


def test_what_came_later_changes_no_forecast() -> None:
    counts = make_panel(months=120).counts
    changed = counts.copy()
    changed[:, 100:] = 900
    origins = np.arange(60, 120)

    before, after = forecast_each_way(counts, origins), forecast_each_way(changed, origins)

    for name in before:
        np.testing.assert_allclose(before[name][:40], after[name][:40], atol=1e-12, err_msg=name)
        assert not np.allclose(before[name][-1], after[name][-1]), name


def test_a_country_that_is_missing_at_the_end_gets_no_forecast() -> None:
    panel = make_panel(months=140)
    panel.counts[2, -5:] = np.nan

    found = run_forecast(panel, 1)

    assert "PER" not in {each.country for each in found.countries}


def test_weights_know_no_outcome_before_it_came() -> None:
    came = np.random.default_rng(1).integers(0, 5, (60, 3, 1)).astype(float)
    candidates = np.stack((place_counts(came), place_counts(came + 7)))
    known, later = np.ones(came.shape, dtype=bool), came.copy()
    later[40:] += 7

    mixed, _ = pool_forecasts(candidates, came, known)
    changed, _ = pool_forecasts(candidates, later, known)

    np.testing.assert_array_equal(mixed[:41], changed[:41])


def test_conditions_that_tell_what_comes_make_the_forecast_better() -> None:
    panel = make_panel(2, 140)
    # Next month's count, known a month before.
    omen = np.log1p(np.hstack((panel.counts[:, 1:], np.zeros((8, 1)))))

    without = run_forecast(panel, 1)
    with_omen = run_forecast(replace(panel, conditions=omen[:, :, None]), 1)

    assert with_omen.overall.ours.crps < 0.8 * without.overall.ours.crps


def test_a_panel_too_short_to_try_on_is_refused() -> None:
    with pytest.raises(WarningRefused, match="panel-too-short"):
        run_forecast(make_panel(months=90), HORIZONS)
    with pytest.raises(WarningRefused, match="first-too-early"):
        run_forecast(make_panel(months=140), HORIZONS, first_origin=20)


def test_the_mixture_leans_on_what_did_better_and_only_once_it_is_known() -> None:
    origins, countries = 60, 3
    came = np.random.default_rng(1).integers(0, 5, (origins, countries, 1)).astype(float)
    right, wrong = place_counts(came), place_counts(came + 7)

    mixed, weights = pool_forecasts(np.stack((right, wrong)), came, np.ones(came.shape, dtype=bool))

    np.testing.assert_allclose(weights, [[1, 0]], atol=1e-9)
    np.testing.assert_allclose(mixed[0], (right[0] + wrong[0]) / 2)
    np.testing.assert_allclose(mixed[-1], right[-1], atol=1e-9)


GOOD = ForecastRecord(
    forecasts=4000,
    origins=100,
    ours=Scores(1.0, 0.5),
    baselines={"last-12-months": Scores(1.1, 0.9), "past-rate": Scores(2.0, 0.8)},
    coverage={0.5: 0.52, 0.9: 0.89},
    spread=(0.1,) * 10,
    years_better=0.8,
    held={0.5: 0.7, 0.9: 0.95},
)


def test_a_good_record_is_shown() -> None:
    assert is_shown(GOOD)
    assert GOOD.best_baseline == "last-12-months"
    assert GOOD.skill == pytest.approx(1.1)


@pytest.mark.parametrize(
    "worse",
    [
        {"ours": Scores(1.15, 0.5)},
        {"ours": Scores(1.0, 0.85)},
        {"origins": 20},
        {"coverage": {0.5: 0.52, 0.9: 0.7}},
        {"years_better": 0.4},
    ],
    ids=["a naive forecast is nearer", "a naive one is surer", "tried too seldom", "too sure", "in few years only"],
)
def test_a_record_that_is_not_good_enough_is_not_shown(worse: dict[str, object]) -> None:
    assert not is_shown(replace(GOOD, **worse))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"coverage": {0.5: 0.64, 0.9: 0.81}}, None),
        ({"years_better": 0.1}, None),
        ({"coverage": {0.5: 0.66, 0.9: 0.9}}, "not-calibrated"),
        ({"coverage": {0.5: 0.5, 0.9: 0.79}}, "not-calibrated"),
        ({"coverage": {0.5: 0.5, 0.9: 1.01}}, "not-calibrated"),
        ({"ours": Scores(1.1, 0.5)}, "not-better"),
        ({"ours": Scores(1.0, 0.8)}, "not-better"),
        ({"origins": 35}, "too-few"),
    ],
)
def test_of_a_country_better_scores_and_ranges_that_hold_are_asked_for(
    changed: dict[str, object], reason: str | None
) -> None:
    assert why_withheld(replace(GOOD, **changed)) == reason  # type: ignore[arg-type]


def test_a_country_without_any_record_is_not_shown() -> None:
    assert why_withheld(None) == "too-few"


def test_a_country_whose_ranges_do_not_hold_is_left_out_though_its_scores_are_better() -> None:
    panel = make_panel(2, 140)
    omen = np.log1p(np.hstack((panel.counts[:, 1:], np.zeros((8, 1)))))
    run = run_forecast(replace(panel, conditions=omen[:, :, None]), 1)

    for each in run.countries:
        assert each.record is not None
        assert (each.withheld is None) == (why_withheld(each.record) is None)
        assert each.withheld is None or not any(each.shown)
        assert each.record.held[0.5] >= each.record.coverage[0.5] - 0.05
        assert each.record.held[0.9] >= each.record.coverage[0.9] - 0.02


def test_conditions_that_tell_nothing_spoil_little() -> None:
    panel = make_panel(4, 140)
    noise = np.random.default_rng(4).lognormal(0, 3, (*panel.counts.shape, 6))

    without, with_noise = run_forecast(panel, 1), run_forecast(replace(panel, conditions=noise), 1)

    assert with_noise.overall.ours.crps < 1.02 * without.overall.ours.crps
