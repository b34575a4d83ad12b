"""The limit of the Robert Koch Institute gives the bounds and alarms of the reference implementation."""

import numpy as np
import pytest

from amparo.warning.rki import RkiSettings, detect_rki
from tests.warning.reference import assert_agrees, column, expect, group_rows, read_rows


@pytest.mark.usefixtures("shared_data")
def test_it_works() -> None:
    counts = column(read_rows("agona_series.csv"), "observed")

    found = detect_rki(counts, 220, RkiSettings(frequency=52))

    assert_agrees(found, expect([group_rows(read_rows("agona_expected.csv"), "method")[("rki_b2w4",)]]))


def test_above_twenty_the_bound_is_two_deviations_above_the_mean() -> None:
    counts = np.array([[30.0, 40.0, 50.0, 60.0]])

    found = detect_rki(counts, 4, RkiSettings(frequency=100, years=0, half_width=3, this_year=True))

    assert found.upperbound.tolist() == [[60.0]]
    assert not found.alarm.any()


def test_too_short_a_history_is_an_error() -> None:
    with pytest.raises(ValueError, match="108 counts are needed"):
        detect_rki(np.ones((1, 120)), 100, RkiSettings(frequency=52))
