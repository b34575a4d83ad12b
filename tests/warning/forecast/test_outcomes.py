"""Scores of forecasts agree with others' programs and with sums by hand."""

import numpy as np
import pytest
import scoringrules
from scipy import stats

from amparo.warning.forecast.outcomes import (
    BINS,
    find_quantile,
    lies_within,
    negative_binomial,
    place_counts,
    reach_counts,
    score_crps,
    score_log,
    transform_randomly,
)


def test_it_works() -> None:
    members = np.array([[0.0, 0, 1, 3, 7], [2, 2, 2, 2, 2]])
    counts = np.array([4.0, 0])

    found = score_crps(place_counts(members).mean(axis=1), counts)

    expected = scoringrules.crps_ensemble(counts, members, estimator="nrg", backend="numpy")
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_wide_count_is_scored_as_the_other_program_does() -> None:
    mean, size = np.array([3.0, 40.0]), np.array([0.5, 0.8])
    counts = np.array([11.0, 0.0])

    found = score_crps(negative_binomial(mean, size), counts)

    expected = scoringrules.crps_negbinom(counts, size, mu=mean, backend="numpy")
    np.testing.assert_allclose(found, expected, rtol=2e-3)


@pytest.mark.parametrize("count", [0, 20, 24, 25, 500, 3217])
def test_the_closed_form_is_the_sum_over_all_counts(count: int) -> None:
    probability = place_counts(np.array([0.0, 22, 400, 5000])).mean(axis=0)

    spread = np.repeat(probability / BINS.size, BINS.size.astype(int))
    by_hand = ((spread.cumsum() - (np.arange(len(spread)) >= count)) ** 2).sum()

    assert score_crps(probability, np.array(float(count))) == pytest.approx(by_hand, rel=1e-6)


def test_the_log_score_is_that_of_the_count() -> None:
    probability = negative_binomial(np.array([4.0]), np.array([2.0]))

    found = score_log(probability, np.array([6.0]))

    assert found.item() == pytest.approx(-stats.nbinom(2, 2 / 6).logpmf(6), rel=1e-6)


def test_what_was_thought_impossible_costs_much_and_not_everything() -> None:
    assert 15 < score_log(place_counts(np.array([2.0])), np.array([5.0])).item() < 25


def test_counts_of_the_distribution_itself_are_spread_evenly() -> None:
    random = np.random.default_rng(3)
    counts = random.negative_binomial(0.4, 0.02, 20_000).astype(float)
    probability = negative_binomial(np.full(1, 0.4 * 0.98 / 0.02), np.full(1, 0.4))
    probability = np.broadcast_to(probability, (len(counts), probability.shape[-1]))

    transformed = transform_randomly(*reach_counts(probability, counts), random)

    assert stats.kstest(transformed, "uniform").pvalue > 0.01


@pytest.mark.parametrize("level", [0.05, 0.5, 0.9, 0.99])
def test_quantiles_are_those_of_the_distribution(level: float) -> None:
    found = find_quantile(negative_binomial(np.array([3.0]), np.array([1.5])), level).item()

    assert found == stats.nbinom(1.5, 1.5 / 4.5).ppf(level)


def test_a_count_that_is_not_known_has_no_place() -> None:
    assert place_counts(np.array([np.nan, 1.0])).sum(axis=-1).tolist() == [0, 1]


def test_bins_leave_nothing_out() -> None:
    assert (BINS.low[1:] == BINS.high[:-1] + 1).all()
    assert BINS.find(np.array([0.0, 20, 21, 10.0**9])).tolist()[-1] == len(BINS.low) - 1


@pytest.mark.parametrize(("low", "high"), [(0.25, 0.75), (0.05, 0.95)])
def test_counts_lie_within_the_range_that_is_shown(low: float, high: float) -> None:
    random = np.random.default_rng(8)
    mean, size = random.gamma(0.5, 12, 3000) + 0.01, random.gamma(1, 1, 3000) + 0.05
    probability = negative_binomial(mean, size)
    counts = random.negative_binomial(size, size / (size + mean)).astype(float)

    within = lies_within(*reach_counts(probability, counts), low, high)

    ends = find_quantile(probability, low), find_quantile(probability, high)
    np.testing.assert_array_equal(within, (counts >= ends[0]) & (counts <= ends[1]))
    assert within.mean() > high - low
