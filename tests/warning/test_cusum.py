"""CUSUM gives the bounds and alarms of the reference implementation."""

from typing import Any

import numpy as np
import pytest

from amparo.warning.cusum import CusumSettings, detect_cusum
from tests.warning.reference import assert_agrees, column, expect, group_rows, read_rows


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("standard", {"transformation": "standard"}),
        ("rossi", {"transformation": "rossi"}),
        ("anscombe", {"transformation": "anscombe"}),
        ("rossi_glm", {"transformation": "rossi", "mean": "glm"}),
    ],
)
def test_it_works(name: str, settings: dict[str, Any]) -> None:
    counts = column(read_rows("agona_series.csv"), "observed")
    expected = group_rows(read_rows("agona_expected.csv"), "method")[(f"cusum_k1.04_h2.26_{name}",)]

    found = detect_cusum(counts, 220, CusumSettings(**settings))

    assert_agrees(found, expect([expected]), exact=name == "standard")


def test_a_count_at_the_bound_is_an_alarm_and_one_below_is_none() -> None:
    past = np.full((2, 50), 4.0)
    bound = detect_cusum(np.hstack((past, np.zeros((2, 1)))), 51, CusumSettings()).upperbound[0, 0]
    judged = np.array([[np.ceil(bound)], [np.ceil(bound) - 1]])

    found = detect_cusum(np.hstack((past, judged)), 51, CusumSettings())

    assert found.alarm[:, 0].tolist() == [True, False]


def test_a_slow_rise_is_found_that_no_single_count_shows() -> None:
    counts = np.array([[4.0] * 50 + [7.0] * 12])

    found = detect_cusum(counts, 51, CusumSettings(transformation="standard"))

    assert not found.alarm[0, :4].any()
    assert found.alarm[0, 4:].all()


def test_of_a_series_that_had_nothing_nothing_is_expected() -> None:
    found = detect_cusum(np.zeros((1, 60)), 51, CusumSettings())

    assert np.isnan(found.upperbound).all()
    assert not found.alarm.any()
