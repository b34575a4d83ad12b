"""Quantiles and tails of counts are those of scipy's distributions."""

import numpy as np
import pytest
from scipy import stats

from amparo.warning.count_quantiles import count_quantile, probability_at_least, probability_at_most

MEANS = np.array([1e-9, 0.01, 0.3, 1, 4.2, 37, 1200, 5e6])


@pytest.mark.parametrize("dispersion", [1, 1.0001, 1.5, 5, 40])
@pytest.mark.parametrize("probability", [0.5, 0.9, 0.95, 0.995, 0.99999])
def test_it_works(dispersion: float, probability: float) -> None:
    expected = _distribution(dispersion).ppf(probability)

    np.testing.assert_array_equal(count_quantile(probability, MEANS, np.full(8, dispersion)), expected)


@pytest.mark.parametrize("dispersion", [1, 1.5, 40])
def test_tails(dispersion: float) -> None:
    spread = np.full(8, float(dispersion))
    for count in (0, 1, 3, 50, 2000):
        counts = np.full(8, float(count))

        expected_above, expected_below = _distribution(dispersion).sf(count - 1), _distribution(dispersion).cdf(count)

        np.testing.assert_allclose(probability_at_least(counts, MEANS, spread), expected_above, rtol=1e-9, atol=1e-300)
        np.testing.assert_allclose(probability_at_most(counts, MEANS, spread), expected_below, rtol=1e-9, atol=1e-300)


def _distribution(dispersion: float) -> stats.rv_discrete:
    if dispersion == 1:
        return stats.poisson(MEANS)
    return stats.nbinom(MEANS / (dispersion - 1), 1 / dispersion)


def test_what_cannot_be_counted_has_no_quantile() -> None:
    found = count_quantile(0.95, np.array([np.nan, np.inf, 1e300, 0.0]), np.ones(4))

    np.testing.assert_array_equal(found, [np.nan, np.nan, np.nan, 0])
