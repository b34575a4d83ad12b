"""The Bayesian detectors: the reference implementation's bounds, and what pooling is for."""

import numpy as np
import pytest
from scipy import stats

from amparo.warning.bayes import BayesSettings, PooledBayesSettings, detect_bayes, detect_pooled_bayes
from tests.warning.reference import assert_agrees, column, expect, group_rows, read_rows


@pytest.mark.usefixtures("shared_data")
def test_it_works() -> None:
    counts = column(read_rows("agona_series.csv"), "observed")
    expected = group_rows(read_rows("agona_expected.csv"), "method")[("bayes_b4w3_a0.05",)]

    found = detect_bayes(counts, 220, BayesSettings(frequency=52))

    assert_agrees(found, expect([expected]), exact=True)


def test_the_prediction_is_that_of_jeffreys_prior() -> None:
    counts = np.array([[0.0, 1, 0, 2, 1, 3]])

    found = detect_bayes(counts, 6, BayesSettings(frequency=1, years=0, half_width=5))

    predicted = stats.nbinom(4 + 0.5, 5 / 6)
    assert found.upperbound.item() == predicted.ppf(0.95)
    np.testing.assert_allclose(found.tail, predicted.sf(2), rtol=1e-9)


def test_series_that_are_alike_are_taken_for_one() -> None:
    counts = np.tile([1.0, 0, 0, 1, 0, 0, 0, 0, 1, 0], (30, 2))

    found = detect_pooled_bayes(counts, 20, PooledBayesSettings(history=10))

    np.testing.assert_allclose(found.expected, 0.3, rtol=1e-2)


def test_rates_and_their_spread_are_found_again() -> None:
    random = np.random.default_rng(5)
    shape, mean = 0.8, 0.3
    rates = random.gamma(shape, mean / shape, (4000, 1))
    counts = random.poisson(rates, (4000, 61)).astype(float)

    found = detect_pooled_bayes(counts, 61, PooledBayesSettings(history=60))

    best = (shape + counts[:, :60].sum(axis=1)) / (shape / mean + 60)
    np.testing.assert_allclose(found.expected[:, 0], best, rtol=0.1)
    # Alarms without cause are no more than asked for; counts being whole, they are fewer.
    assert found.alarm.mean() < 0.05


def test_a_place_of_which_nothing_is_known_is_like_the_others() -> None:
    counts = np.vstack((np.zeros((1, 25)), np.tile([0.0, 0, 0, 0, 1], (49, 5)), np.full((1, 25), 6.0)))

    found = detect_pooled_bayes(counts, 25, PooledBayesSettings(history=24, alpha=0.01))

    assert 0 < found.expected[0, 0] < found.expected[1, 0] < found.expected[-1, 0]
    assert found.upperbound[0, 0] >= 1


def test_where_nothing_ever_was_any_count_is_an_alarm() -> None:
    counts = np.zeros((5, 25))
    counts[0, 24] = 1

    found = detect_pooled_bayes(counts, 25, PooledBayesSettings(history=24))

    assert found.alarm[:, 0].tolist() == [True, False, False, False, False]


def test_clusters_raise_fewer_alarms_where_they_are_allowed_for() -> None:
    random = np.random.default_rng(6)
    rates = random.gamma(1, 1, (300, 1))
    counts = random.negative_binomial(rates / 2, 1 / 3, (300, 100)).astype(float)

    plain = detect_pooled_bayes(counts, 61, PooledBayesSettings(history=60, alpha=0.01)).alarm.mean()
    allowed = detect_pooled_bayes(counts, 61, PooledBayesSettings(60, alpha=0.01, overdispersed=True)).alarm.mean()

    assert allowed < 0.015 < plain


def test_too_short_a_history_is_an_error() -> None:
    with pytest.raises(ValueError, match="60 counts are needed"):
        detect_pooled_bayes(np.ones((1, 30)), 20, PooledBayesSettings())


def test_where_nothing_was_counted_anywhere_a_count_is_no_certainty() -> None:
    found = detect_pooled_bayes(np.zeros((5, 61)), 61, PooledBayesSettings(history=60))

    assert (found.upperbound == 0).all()
    assert 0 < found.expected.item(0) < 0.02
    assert not found.alarm.any()


ROBUST = PooledBayesSettings(history=60, alpha=0.01, overdispersed=True, robust=True)


def test_a_massacre_does_not_make_the_next_look_usual() -> None:
    counts = np.random.default_rng(3).poisson(0.2, (80, 61)).astype(float)
    counts[0, 30], counts[:2, 60] = 32, 4

    plain = detect_pooled_bayes(counts, 61, PooledBayesSettings(history=60, alpha=0.01, overdispersed=True))
    robust = detect_pooled_bayes(counts, 61, ROBUST)

    assert (robust.tail[:2] < plain.tail[:2] / 5).all()
    assert robust.alarm[:2].all()
    assert robust.expected[0] < 0.4


@pytest.mark.parametrize("dispersion", [1.05, 2.0, 3.5])
def test_alarms_without_cause_stay_rare_where_series_differ_in_level_and_in_clusters(dispersion: float) -> None:
    random = np.random.default_rng(6)
    rate = random.gamma(0.5, 3, (3000, 1)) + 0.01
    clusters = 1 + (dispersion - 1) * random.random((3000, 1)) * 2
    counts = random.negative_binomial(rate / (clusters - 1), 1 / clusters, (3000, 61)).astype(float)

    found = detect_pooled_bayes(counts, 61, ROBUST)

    assert found.alarm.mean() < 0.016
    assert (found.tail < 0.001).mean() < 0.004
