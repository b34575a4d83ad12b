"""Farrington's detector gives the bounds and alarms of the reference implementation, and those worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from amparo.warning.farrington import (
    FarringtonDetection,
    FarringtonSettings,
    Forecast,
    PowerTransformation,
    ThresholdMethod,
    detect_farrington,
    find_tail,
    set_bound,
    weigh_past,
)
from amparo.warning.problems import WarningRefused
from amparo.warning.quasi_poisson import Baseline, fit_quasi_poisson
from amparo.warning.reference_times import find_centres, lay_out_references
from tests.warning.reference import assert_agrees, column, days, expect, group_rows, read_rows

NOUFAILY = FarringtonSettings(frequency=52, years=4, half_width=3, alpha=0.1)
ORIGINAL = FarringtonSettings(
    frequency=52,
    years=4,
    half_width=3,
    periods=1,
    excluded=3,
    weights_threshold=1,
    trend_threshold=0.05,
    method="delta",
    alpha=0.1,
)
METHODS: tuple[ThresholdMethod, ...] = ("delta", "nbPlugin", "muan")


@pytest.mark.usefixtures("shared_data")
def test_it_works() -> None:
    counts = column(read_rows("salmonella_agona_series.csv"), "observed")

    found = detect_farrington(counts, 250, NOUFAILY)

    assert_agrees(found, expect([read_rows("salmonella_farrington_noufaily.csv")], "upperbound"), exact=True)


@pytest.mark.usefixtures("shared_data")
def test_original_settings() -> None:
    counts = column(read_rows("salmonella_agona_series.csv"), "observed")

    found = detect_farrington(counts, 250, ORIGINAL)

    assert_agrees(found, expect([read_rows("salmonella_farrington_original.csv")], "upperbound"))


@pytest.mark.usefixtures("shared_data")
def test_months() -> None:
    series = group_rows(read_rows("monthly_series.csv"), "series")
    expected = group_rows(read_rows("monthly_farrington_noufaily.csv"), "series")
    counts = np.vstack([column(rows, "count") for rows in series.values()])

    found = detect_farrington(counts, 121, FarringtonSettings(frequency=12, years=8, half_width=1, excluded=3))

    assert_agrees(found, expect([expected[name] for name in series], "upperbound"), exact=True)


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_weeks_by_the_calendar(method: ThresholdMethod, alpha: float) -> None:
    rows = read_rows("agona_series.csv")
    expected = group_rows(read_rows("agona_expected.csv"), "method")[(f"farringtonFlexible_{method}_a{alpha}",)]

    settings = replace(NOUFAILY, alpha=alpha, method=method)
    found = detect_farrington(column(rows, "observed"), 220, settings, days(rows))

    assert_agrees(found, expect([expected]), exact=method != "delta")
    for name, values in _all_of(found).items():
        np.testing.assert_allclose(values, column(expected, name), rtol=1e-6, err_msg=name)


@pytest.mark.usefixtures("shared_data")
def test_original_settings_by_the_calendar() -> None:
    rows = read_rows("agona_series.csv")
    expected = group_rows(read_rows("agona_expected.csv"), "method")[("farringtonFlexible_originalsettings_a0.05",)]

    found = detect_farrington(column(rows, "observed"), 220, replace(ORIGINAL, alpha=0.05), days(rows))

    assert_agrees(found, expect([expected]))
    for name, values in _all_of(found).items():
        np.testing.assert_allclose(values, column(expected, name), rtol=1e-6, err_msg=name)


def _all_of(found: FarringtonDetection) -> dict[str, np.ndarray]:
    scored = np.where(np.abs(found.score) < 1e6, found.score, np.nan)
    return {
        "expected": found.expected,
        "phi": found.dispersion,
        "trend": found.trend.astype(float),
        "pvalue": found.tail,
    } | ({"score": scored} if found.upperbound.dtype.kind == "f" and not _whole(found) else {})


def _whole(found: FarringtonDetection) -> bool:
    known = found.upperbound[np.isfinite(found.upperbound)]
    return bool((known == np.round(known)).all())


@pytest.mark.usefixtures("shared_data")
def test_the_method_of_1996_as_published() -> None:
    rows = read_rows("agona_series.csv")
    expected = expect([group_rows(read_rows("agona_expected.csv"), "method")[("farrington1996_a0.01",)]])

    settings = replace(ORIGINAL, alpha=0.01, published_interval=True)
    found = detect_farrington(column(rows, "observed"), 220, settings, days(rows))

    # Where too few came to judge, the reference writes a bound of 0 that raises no alarm; here there is no bound.
    np.testing.assert_array_equal(found.alarm, expected.alarm)
    np.testing.assert_allclose(np.nan_to_num(found.upperbound), expected.upperbound, rtol=1e-6)


@pytest.mark.usefixtures("shared_data")
def test_a_second_country() -> None:
    expected = group_rows(read_rows("newport_expected.csv"), "method")[("farringtonFlexible_nbPlugin_a0.05",)]
    rows = read_rows("newport_germany_series.csv")[: int(expected[-1]["t"])]

    found = detect_farrington(column(rows, "observed"), 366, replace(NOUFAILY, alpha=0.05), days(rows))

    assert_agrees(found, expect([expected]), exact=True)


@pytest.mark.usefixtures("shared_data")
def test_inside_the_algorithm() -> None:
    rows = read_rows("agona_series.csv")
    counts, dates = column(rows, "observed"), days(rows)
    stages = group_rows(read_rows("agona_stage_glm_data.csv"), "k")

    for fit in read_rows("agona_stage_fit.csv"):
        position, stage = int(fit["k"]) - 1, stages[(fit["k"],)]
        references = lay_out_references(NOUFAILY.window, find_centres(NOUFAILY.window, position, dates))
        baseline = Baseline(references.period, references.offset / 52)
        past = counts[:, position + references.offset]
        weights = weigh_past(past, fit_quasi_poisson(past, baseline), baseline, 2.58)
        fits = fit_quasi_poisson(past, baseline, weights)
        eta, variance = fits.predict(references.current, 0.0)

        np.testing.assert_array_equal(past, column(stage, "response"))
        np.testing.assert_array_equal(references.period + 1, column(stage, "seasgroups")[0])
        np.testing.assert_allclose(weights, column(stage, "weight"), rtol=1e-9)
        np.testing.assert_allclose(fits.mean, column(stage, "fitted"), rtol=1e-9)
        np.testing.assert_allclose(eta, float(fit["pred_link"]), rtol=1e-9)
        np.testing.assert_allclose(np.sqrt(variance * fits.relative_spread), float(fit["se_link"]), rtol=1e-9)
        np.testing.assert_allclose(fits.dispersion, float(fit["phi"]), rtol=1e-9)
        # The trend is that of a week.
        np.testing.assert_allclose(fits.slope / 52, float(fit["coeffTime"]), rtol=1e-7)


@pytest.mark.parametrize(("power", "bound"), [("none", 8.6926872), ("1/2", 9.3744842), ("2/3", 9.1154825)])
def test_bounds_by_hand(power: PowerTransformation, bound: float) -> None:
    # Mean 5 with a standard error of 0.2, so of 0.04 on the scale of logarithms.
    forecast = _forecast(5, 0.2 / 5, 1)
    settings = replace(ORIGINAL, alpha=0.05, power=power)

    np.testing.assert_allclose(set_bound(forecast, settings), bound, rtol=1e-8)


def test_tail_by_hand() -> None:
    settings = replace(ORIGINAL, alpha=0.05, power="none")

    tail = find_tail(np.array([[8.0]]), _forecast(5, 0.2 / 5, 1), settings)

    np.testing.assert_allclose(tail, 0.0907246, atol=5e-8)


@pytest.mark.parametrize(
    ("method", "dispersion", "bound"), [("muan", 1.5, 24), ("muan", 1, 22), ("nbPlugin", 1.5, 10), ("nbPlugin", 1, 9)]
)
def test_quantiles_by_hand(method: ThresholdMethod, dispersion: float, bound: int) -> None:
    forecast = _forecast(5, float(np.log(2)), dispersion)

    assert set_bound(forecast, replace(NOUFAILY, alpha=0.05, method=method)).item() == bound


def _forecast(mean: float, error: float, dispersion: float) -> Forecast:
    return Forecast(*(np.array([[float(each)]]) for each in (mean, error, dispersion)), np.array([[False]]))


def test_series_do_not_touch_each_other() -> None:
    random = np.random.default_rng(11)
    counts = random.poisson(random.gamma(1, 2, (40, 1)), (40, 160)).astype(float)
    settings = FarringtonSettings(frequency=12, years=8, half_width=1, excluded=3, method="delta", low_count=(0, 4))

    together = detect_farrington(counts, 121, settings)
    alone = [detect_farrington(counts[[row]], 121, settings) for row in range(len(counts))]

    np.testing.assert_allclose(together.upperbound, np.vstack([each.upperbound for each in alone]), rtol=1e-9)


def test_what_comes_after_changes_nothing() -> None:
    random = np.random.default_rng(12)
    counts = random.poisson(3, (5, 160)).astype(float)
    settings = FarringtonSettings(frequency=12, years=8, half_width=1, excluded=3)

    now = detect_farrington(counts[:, :140], 121, settings)
    later = detect_farrington(counts, 121, settings)

    np.testing.assert_array_equal(now.upperbound, later.upperbound[:, :20])


def test_nothing_ever_gives_no_bound_and_no_alarm() -> None:
    found = detect_farrington(np.zeros((2, 130)), 121, FarringtonSettings(frequency=12, years=8, half_width=1))

    assert np.isnan(found.upperbound).all()
    assert not found.alarm.any()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"half_width": 6}, "windows-overlap"),
        ({"periods": 12}, "too-many-periods"),
        ({"years": 1, "excluded": 11}, "too-few-references"),
    ],
)
def test_settings_that_leave_no_baseline_are_refused(change: dict[str, int], code: str) -> None:
    settings = replace(FarringtonSettings(frequency=12, years=8, half_width=1, excluded=3), **change)

    with pytest.raises(WarningRefused) as refused:
        detect_farrington(np.ones((1, 200)), 150, settings)

    assert refused.value.code == code
