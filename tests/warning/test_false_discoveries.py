"""Among thousands of sparse series, how many alarms are false: simulated with known truth."""

import numpy as np
import pytest
from scipy import stats

from amparo.warning.count_quantiles import probability_at_least
from amparo.warning.detection import Floats, Truths
from amparo.warning.false_discoveries import adjust_tails

SERIES, ROUNDS, LEVEL = 1500, 60, 0.1


def make_means(random: np.random.Generator) -> Floats:
    return random.gamma(0.6, 0.25, SERIES) + 1e-3


def false_proportion(found: Truths, attacked: Truths) -> float:
    return float((found & ~attacked).sum() / max(found.sum(), 1))


def test_it_works() -> None:
    mean = np.array([0.01] * 200 + [0.2])
    counts = np.array([0.0] * 199 + [3, 1])

    adjusted = adjust_tails(probability_at_least(counts, mean, np.ones(201)), mean, np.ones(201))

    assert adjusted[199] < 0.01
    assert adjusted[200] == 1
    assert adjusted[0] == 1


@pytest.mark.parametrize("dispersion", [1.01, 1.6])
def test_few_alarms_are_false_and_more_attacks_are_found_than_by_the_continuous_procedure(dispersion: float) -> None:
    random = np.random.default_rng(8)
    false, ours, continuous = [], 0, 0
    for _ in range(ROUNDS):
        mean, spread = make_means(random), np.full(SERIES, dispersion)
        attacked = np.arange(SERIES) < 60
        usual = random.negative_binomial(mean / (dispersion - 1), 1 / dispersion)
        counts = usual + attacked * random.poisson(4, SERIES)
        tail = probability_at_least(counts.astype(float), mean, spread)

        found = adjust_tails(tail, mean, spread) <= LEVEL

        false.append(false_proportion(found, attacked))
        ours += int((found & attacked).sum())
        continuous += int((stats.false_discovery_control(tail)[attacked] <= LEVEL).sum())
    assert np.mean(false) <= LEVEL + 2 * np.std(false) / np.sqrt(ROUNDS)
    assert ours > continuous * 1.03, (ours, continuous)


def test_strata_that_overlap_raise_no_more_false_alarms() -> None:
    """Each country is watched as a whole and by eight kinds: its total is the sum of its kinds."""
    random, false = np.random.default_rng(9), []
    for _ in range(60):
        by_kind = random.gamma(0.4, 0.4, (150, 8)) + 1e-3
        attacked = np.zeros((150, 8), dtype=bool)
        attacked[:8, 0] = True
        counts = random.poisson(by_kind) + attacked * 5
        means = np.concatenate((by_kind.ravel(), by_kind.sum(axis=1)))
        came = np.concatenate((counts.ravel(), counts.sum(axis=1))).astype(float)
        truth = np.concatenate((attacked.ravel(), attacked.any(axis=1)))

        found = adjust_tails(probability_at_least(came, means, np.ones(len(means))), means, np.ones(len(means)))

        false.append(false_proportion(found <= LEVEL, truth))
    assert np.mean(false) <= LEVEL


def test_where_nothing_happened_there_is_seldom_any_alarm() -> None:
    random, any_alarm = np.random.default_rng(10), 0
    for _ in range(200):
        mean = make_means(random)[:400]
        tail = probability_at_least(random.poisson(mean).astype(float), mean, np.ones(400))
        any_alarm += bool((adjust_tails(tail, mean, np.ones(400)) <= LEVEL).any())
    # Three standard errors above.
    assert any_alarm / 200 <= LEVEL + 3 * np.sqrt(LEVEL * (1 - LEVEL) / 200)


def test_adjusted_tails_are_those_of_the_paper() -> None:
    """Two Poisson series, by hand: a tail that the other series cannot have counts for less than twice itself."""
    mean = np.array([0.01, 0.3])
    first, second = stats.poisson(0.01), stats.poisson(0.3)
    tail = np.array([first.sf(1), second.sf(3)])

    adjusted = adjust_tails(tail, mean, np.ones(2))

    # At the tail of the first the second can fall to P(X ≥ 5), at that of the second the first to itself.
    at_first = first.sf(1) / first.cdf(1) + second.sf(4) / second.cdf(4)
    at_second = first.sf(1) / first.cdf(1) + second.sf(3) / second.cdf(3)
    np.testing.assert_allclose(adjusted, [at_first, max(at_first, at_second / 2)], rtol=1e-9)


def test_series_that_are_not_tested_count_for_nothing() -> None:
    mean, dispersion = np.array([0.1, 0.1, np.nan, 0.0]), np.ones(4)
    tail = np.array([1e-6, 1.0, np.nan, np.nan])

    adjusted = adjust_tails(tail, mean, dispersion)

    alone = adjust_tails(tail[:2], mean[:2], dispersion[:2])
    np.testing.assert_array_equal(adjusted[:2], alone)
    np.testing.assert_array_equal(adjusted[2:], 1)


def test_order_does_not_matter_and_less_usual_is_never_less_sure() -> None:
    random = np.random.default_rng(2)
    mean, order = make_means(random), random.permutation(SERIES)
    tail = probability_at_least(random.poisson(mean * 3).astype(float), mean, np.ones(SERIES))

    adjusted = adjust_tails(tail, mean, np.ones(SERIES))

    again = adjust_tails(tail[order], mean[order], np.ones(SERIES))
    np.testing.assert_allclose(again, adjusted[order], rtol=1e-9)
    assert (np.diff(adjusted[np.argsort(tail)]) >= 0).all()
