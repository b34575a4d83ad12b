"""Medians and quartiles of days; what is not done yet is not late; what ends before it begins is no delay."""

from collections import Counter

import numpy as np
import pytest

from amparo.quality.delays import LEAST_INTERVALS, quantile, summarise


def test_it_works() -> None:
    found = summarise(Counter([0, 1, 2, 3, 10]), Counter([1, 30]))

    assert (found.done, found.lower, found.median, found.upper) == (5, 1, 2, 3)
    assert (found.negative, found.waiting, found.late) == (0, 2, 1)


@pytest.mark.parametrize("size", [1, 2, 5, 18, 101])
def test_quantiles_are_those_of_numpy(size: int) -> None:
    values = [(7 * each * each) % 97 for each in range(size)]

    for share in (0, 0.25, 0.5, 0.75, 1):
        assert quantile(Counter(values), share) == pytest.approx(np.quantile(values, share))


def test_what_ends_before_it_begins_is_an_error_and_counts_in_no_quartile() -> None:
    found = summarise(Counter([-400, -1, *[5] * LEAST_INTERVALS]))

    assert (found.done, found.negative, found.median) == (5, 2, 5)


def test_a_handful_has_no_quartiles_and_none_is_late() -> None:
    found = summarise(Counter([3] * (LEAST_INTERVALS - 1)), Counter([900]))

    assert (found.done, found.median, found.waiting, found.late) == (4, None, 1, 0)


def test_nothing_is_nothing() -> None:
    found = summarise({})

    assert (found.done, found.median, found.negative, found.waiting) == (0, None, 0, 0)
    assert quantile({}, 0.5) is None
