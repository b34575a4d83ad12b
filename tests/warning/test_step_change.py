"""Step change gives the statistic and alarms of the reference implementation."""

import numpy as np
import pytest

from amparo.warning.step_change import StepChangeSettings, detect_step_change
from tests.warning.reference import column, expect, group_rows, read_rows


@pytest.mark.usefixtures("shared_data")
def test_it_works() -> None:
    counts = column(read_rows("agona_series.csv"), "observed")
    expected = expect([group_rows(read_rows("agona_expected.csv"), "method")[("glrnb_cARL5_S1",)]])

    found = detect_step_change(counts, 220, StepChangeSettings(frequency=52))

    np.testing.assert_array_equal(found.alarm, expected.alarm)
    # The reference writes the statistic where others have the bound.
    np.testing.assert_allclose(found.statistic, expected.upperbound, rtol=1e-6, atol=1e-8)


def test_a_rise_that_stays_is_found_and_a_steady_series_raises_no_alarm() -> None:
    random = np.random.default_rng(8)
    steady = random.poisson(2, (20, 120)).astype(float)
    risen = steady + np.where(np.arange(120) >= 108, random.poisson(3, (20, 120)), 0)

    settings = StepChangeSettings(frequency=12)

    assert detect_step_change(steady[:, :108], 97, settings).alarm.any(axis=1).mean() < 0.2
    assert detect_step_change(risen, 97, settings).alarm[:, 11:].any(axis=1).mean() > 0.9


def test_a_series_that_had_nothing_raises_no_alarm() -> None:
    counts = np.zeros((1, 40))
    counts[0, 35] = 2

    found = detect_step_change(counts, 30, StepChangeSettings(frequency=12))

    assert not found.alarm.any()
    assert np.isnan(found.statistic).all()


def test_too_short_a_history_is_an_error() -> None:
    with pytest.raises(ValueError, match="24 counts are needed"):
        detect_step_change(np.ones((1, 30)), 24, StepChangeSettings(frequency=12))
